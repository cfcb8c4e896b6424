"""Files that are not taken, each with its sentence and how to mend it; and odd ones that are."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from chuangwen.core.errors import Refused
from chuangwen.evidence import messages, rules, services
from chuangwen.evidence.models import Doubt, Evidence, Kind, Refusal, State
from tests.evidence.samples import encoded, handed_in, jpeg, picture
from tests.factories.city import City
from tests.factories.state import nothing_changes

pytestmark = pytest.mark.django_db


def png(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG by hand: its header may say what no picture is."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    written = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
               for kind, data in parts]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def archive(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


def large_text() -> bytes:
    return png(64, 48, (b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 3_000_000)))


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "a web page": (lambda: b"\xef\xbb\xbf \n<!DOCTYPE html><html><script>alert(1)</script>", rules.WEB_PAGE),
    "a drawing with script": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', rules.WEB_PAGE),
    "plain text": (lambda: b"not a photo at all", "unknown"),
    "a film": (lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 600, rules.VIDEO),
    "an archive": (lambda: archive("a.jpg", "b.jpg"), rules.ARCHIVE),
    "a broken archive": (lambda: b"PK\x03\x04" + b"\0" * 600, rules.ARCHIVE),
    "a program": (lambda: b"MZ" + b"\0" * 600, "unknown"),
    "only the start of a JPEG": (lambda: jpeg()[:20], "broken"),
    "a JPEG of zeros": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 600, "broken"),
    "a picture of no width": (lambda: png(0, 10), "broken"),
    "a bomb": (lambda: png(30_000, 29_000), "too_large"),
    "a bigger bomb": (lambda: png(60_000, 60_000), "too_large"),
    "a picture of one endless line": (lambda: png(31_000, 1), "too_large"),
    "a picture with a book in its label": (large_text, "text"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_with_how_to_mend_it_and_nothing_is_kept(city: City, name: str) -> None:
    make, code = BAD[name]
    with nothing_changes(), pytest.raises(Refused) as no:
        handed_in(city, make(), name="IMG_1.jpg")
    what, mend = messages.REFUSED[code]
    assert (str(no.value.message), str(no.value.mend), no.value.where) == (str(what), str(mend), "file")
    assert no.value.mend


def test_forty_megabytes_are_refused_before_they_are_all_read(city: City) -> None:
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        for _each in range(40):
            read += 1
            yield jpeg().ljust(rules.MEGABYTE, b"\0")

    with nothing_changes(), pytest.raises(Refused) as no:
        services.hand_in(city.viewer("clerk"), unit=city["school"], name="big.jpg", chunks=chunks())
    assert str(no.value.message) == "文件超过 20 MB"
    assert read == 21


def test_an_upload_that_is_cut_off_leaves_nothing(city: City) -> None:
    def chunks() -> Iterator[bytes]:
        yield jpeg()[:500]
        raise ConnectionResetError

    with nothing_changes(), pytest.raises(ConnectionResetError):
        services.hand_in(city.viewer("clerk"), unit=city["school"], name="cut.jpg", chunks=chunks())


def test_a_jpeg_without_its_end_has_a_receipt_and_says_that_it_is_not_whole(city: City) -> None:
    whole = jpeg(size=(400, 300))
    row = handed_in(city, whole[: len(whole) // 2])
    assert (row.state, row.refusal) == (State.REFUSED, Refusal.BROKEN)
    assert not row.copies.exists()


@pytest.mark.parametrize(
    ("format", "kind", "name"),
    [
        ("TIFF", rules.TIFF, "a.jpg"),
        ("PNG", rules.PNG, "a.jpeg"),
        ("WEBP", rules.WEBP, "a.png"),
        ("HEIF", rules.HEIC, "a.JPG"),
        ("JPEG", rules.JPEG, "a.pdf"),
    ],
)
def test_what_it_is_decides_and_a_name_that_says_otherwise_is_pointed_out(
    city: City,
    format: str,  # noqa: A002
    kind: str,
    name: str,
) -> None:
    row = handed_in(city, encoded(picture(), format), name=name)
    assert (row.file.media_type, row.doubts, row.state) == (kind, [Doubt.NAME_DIFFERS], State.READY)


def test_a_moving_picture_shows_its_first_frame(city: City) -> None:
    first, second = picture(1), picture(2)
    row = handed_in(city, encoded(first, "GIF", save_all=True, append_images=[second]), name="a.gif")
    assert (row.doubts, row.state) == ([Doubt.MANY_FRAMES], State.READY)


def test_a_scan_of_two_pages_shows_its_first_page(city: City) -> None:
    row = handed_in(city, encoded(picture(1), "TIFF", save_all=True, append_images=[picture(2)]), name="a.tif")
    assert (row.doubts, row.state) == ([Doubt.MANY_FRAMES], State.READY)


def test_a_label_of_ordinary_length_is_no_reason_to_refuse(city: City) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "文庙路口" * 100)
    assert handed_in(city, encoded(picture(), "PNG", pnginfo=info), name="a.png").state == State.READY


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_broken_camera_label_is_no_reason_to_refuse(city: City) -> None:
    row = handed_in(city, jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\x00garbage"))
    assert row.state == State.READY


DOCUMENTS = {
    "a.pdf": (b"%PDF-1.7\n", rules.PDF),
    "a.docx": (archive("[Content_Types].xml", "word/document.xml"), rules.DOCX),
    "a.xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), rules.XLSX),
    "a.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, rules.OLE),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_other_documents_are_kept_as_they_are_and_have_no_copies(city: City, name: str) -> None:
    data, kind = DOCUMENTS[name]
    row = handed_in(city, data, name=name)
    assert (row.kind, row.state, row.file.media_type, row.doubts) == (Kind.DOCUMENT, State.READY, kind, [])
    assert row.phash is None
    assert not row.copies.exists()


def test_where_a_photo_is_asked_for_a_document_is_not_taken(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused) as no:
        handed_in(city, DOCUMENTS["a.pdf"][0], name="a.pdf", only_photo=True)
    assert no.value.message == messages.REFUSED["not_photo"][0]
    assert Evidence.objects.count() == 0


def test_every_refusal_and_every_doubt_has_its_sentence_and_how_to_mend_it() -> None:
    assert set(messages.DOUBTS) == set(Doubt.values)
    assert set(Refusal.values) <= set(messages.REFUSED)
    assert all(what and mend for said in (messages.REFUSED, messages.DOUBTS) for what, mend in said.values())


def test_pillow_itself_would_have_taken_the_bomb() -> None:
    """Else the limit would prove nothing: the header is sound, and only its numbers are not."""
    with Image.open(BytesIO(png(9000, 8000))) as image:
        assert image.size == (9000, 8000)
