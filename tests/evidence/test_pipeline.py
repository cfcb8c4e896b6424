"""From the receipt to what others see: upright, eight bits, without what the camera wrote, hashed."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageOps

from chuangwen.core import files, jobs
from chuangwen.evidence import pictures, rules, services
from chuangwen.evidence.models import CopyRole, Evidence, Refusal, State
from tests.evidence.samples import LAT, LON, RED, encoded, exif, greys, handed_in, jpeg, opened, picture, reds, with_red
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db


def copy(row: Evidence, role: str = CopyRole.PUBLIC) -> bytes:
    return files.read(row.copies.get(role=role, edition=row.edition).file)


def test_a_photo_gets_a_public_copy_and_a_thumbnail_of_their_sizes(city: City) -> None:
    row = handed_in(city, encoded(picture(1, (3000, 1500)), quality=60))
    assert (row.state, row.width, row.height) == (State.READY, 3000, 1500)
    assert opened(copy(row)).size == (2560, 1280)
    assert opened(copy(row, CopyRole.THUMBNAIL)).size == (480, 240)


def test_a_small_photo_is_not_made_larger(city: City) -> None:
    row = handed_in(city)
    assert opened(copy(row)).size == opened(copy(row, CopyRole.THUMBNAIL)).size == (96, 72)


def test_copies_carry_nothing_but_pixels(city: City) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    labelled = exif(taken="2026:11:20 15:03:22", lon=LON, lat=LAT)
    data = jpeg(exif=labelled, comment=b"Secret Comment", icc_profile=profile, xmp=b"<x:xmpmeta>Secret XMP</x:xmpmeta>")
    assert pictures.leftovers(data) == ["exif", "xmp", "icc_profile", "comment"]
    row = handed_in(city, data)
    for role in CopyRole:
        made = copy(row, role)
        assert pictures.leftovers(made) == []
        assert b"Secret" not in made
        assert b"Exif" not in made
    assert files.read(row.file) == data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(city: City, orientation: int) -> None:
    upright = with_red((0, 0, 40, 20))
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    lying = upright if back is None else upright.transpose(Image.Transpose(back))
    assert reds(
        ImageOps.exif_transpose(opened(encoded(lying, exif=exif(orientation=orientation)))).crop((0, 0, 40, 20))
    )
    row = handed_in(city, encoded(lying, exif=exif(orientation=orientation)))
    seen = opened(copy(row))
    assert (row.width, row.height, *seen.size) == (96, 72, 96, 72)
    assert reds(seen.crop((0, 0, 36, 16))) == 36 * 16
    assert reds(seen.crop((48, 28, 96, 72))) == 0


def test_a_heic_is_really_decoded(city: City) -> None:
    data = encoded(with_red((0, 0, 47, 35)), "HEIF", quality=90)
    assert rules.kind_of(data[:512]) == rules.HEIC
    row = handed_in(city, data, name="IMG_0001.HEIC")
    seen = opened(copy(row))
    assert (row.state, seen.format, seen.size) == (State.READY, "JPEG", (96, 72))
    assert reds(seen.crop((4, 4, 40, 30))) == 36 * 26


MODES = {
    "four colours of print": lambda: encoded(with_red((0, 0, 47, 35)).convert("CMYK"), "JPEG"),
    "a palette": lambda: encoded(with_red((0, 0, 47, 35)).convert("P"), "PNG"),
    "see-through": lambda: encoded(with_red((0, 0, 47, 35)).convert("RGBA"), "PNG"),
    "a see-through palette": lambda: encoded(with_red((0, 0, 47, 35)).convert("P"), "PNG", transparency=255),
    "four colours in a scan": lambda: encoded(with_red((0, 0, 47, 35)).convert("CMYK"), "TIFF"),
}


@pytest.mark.parametrize("mode", MODES)
def test_however_colours_are_kept_the_copy_shows_them(city: City, mode: str) -> None:
    row = handed_in(city, MODES[mode](), name="a.png")
    assert row.state == State.READY
    assert reds(opened(copy(row)).crop((4, 4, 40, 30))) > 36 * 26 * 0.95


def test_what_is_see_through_stands_on_white(city: City) -> None:
    clear = Image.new("RGBA", (96, 72), (0, 0, 0, 0))
    clear.paste(picture().convert("RGBA").crop((0, 0, 48, 72)), (0, 0))
    seen = opened(copy(handed_in(city, encoded(clear, "PNG"), name="a.png")))
    assert min(greys(seen.crop((60, 4, 92, 68)))) > 240


def test_sixteen_bits_of_grey_keep_their_light_and_their_dark(city: City) -> None:
    grey = Image.frombytes("I;16", (96, 72), (b"\x00\xc0" * 48 + b"\x00\x40" * 48) * 72)
    seen = greys(opened(copy(handed_in(city, encoded(grey, "PNG"), name="a.png"))))
    light, dark = seen[96 * 30 + 20], seen[96 * 30 + 80]
    assert abs(light - 0xC0) < 5
    assert abs(dark - 0x40) < 5


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_black_and_white_is_a_photo_too(city: City, mode: str) -> None:
    row = handed_in(city, encoded(picture().convert(mode), "PNG"), name="a.png")
    assert row.state == State.READY


def test_a_telephones_two_pictures_in_one_are_one_photo(city: City) -> None:
    row = handed_in(city, encoded(picture(1), "MPO", save_all=True, append_images=[picture(2)], quality=90))
    assert (row.state, row.doubts) == (State.READY, [])


def test_a_picture_of_nothing_has_no_hash(city: City) -> None:
    assert handed_in(city, encoded(Image.new("RGB", (96, 72), (7, 7, 9)))).phash is None
    assert handed_in(city, jpeg()).phash is not None


def test_a_second_worker_changes_nothing(city: City) -> None:
    row = handed_in(city)
    with nothing_changes():
        services.make_copies(row.uid)


def test_what_was_covered_while_the_pixels_were_worked_on_is_never_shown(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that began before the covering is too late: what it made is thrown away."""
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    row = handed_in(city, encoded(with_red((0, 0, 47, 35))))
    monkeypatch.undo()
    make, calls = pictures.make, []

    def slow(*args: Any) -> pictures.Made:
        made = make(*args)
        calls.append(len(args[2]))
        if len(calls) == 1:
            row.redactions.create(
                edition=1, left=0, top=0, right=5000, bottom=5000, reason="面部",
                made_by=city.persons["clerk"], made_at=row.received_at,
            )  # fmt: skip
            Evidence.objects.filter(pk=row.pk).update(edition=1)
        return made

    monkeypatch.setattr(pictures, "make", slow)
    done = services.make_copies(row.uid)
    assert calls == [0, 1]
    assert (done.edition, done.state) == (1, State.READY)
    assert list(row.copies.values_list("edition", flat=True)) == [1, 1]
    assert reds(opened(copy(done))) == 0


def test_the_red_of_these_tests_is_seen_as_red() -> None:
    assert reds(Image.open(BytesIO(encoded(Image.new("RGB", (10, 10), RED))))) == 100
    assert all(reds(picture(number)) == 0 for number in range(1, 40))


def test_a_photo_whose_job_died_for_good_does_not_stay_in_the_making(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    lost, waiting = handed_in(city), handed_in(city, jpeg(2))
    monkeypatch.setattr(jobs, "arguments_under_way", lambda: {str(waiting.uid)})
    with one_event("evidence.refused") as written:
        assert services.give_up_lost() == 1
    assert written.event.data == {"why": "lost"}
    lost.refresh_from_db()
    waiting.refresh_from_db()
    assert (lost.state, lost.refusal, waiting.state) == (State.REFUSED, Refusal.LOST, State.RECEIVED)
