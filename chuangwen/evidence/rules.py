"""Pure facts of evidence: what a file's first bytes say, what is believed of a camera, how alike pictures are.

Called by services, queries and models. Nothing here knows Django or opens a picture.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from pyproj import Geod

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
# Eight times what a telephone of these years takes by default; more is a picture made to exhaust the server.
MAX_PIXELS = 60_000_000
MAX_SIDE = 30_000
HEAD_BYTES = 512

JPEG, PNG, GIF, WEBP, TIFF, BMP = "image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/bmp"
HEIC = "image/heic"
PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"
PPTX = f"{OFFICE}.presentationml.presentation"
OLE = "application/x-ole-storage"
ODF = "application/vnd.oasis.opendocument"

# media type → (the name that a person knows, the endings that go with it)
PHOTOS = {
    JPEG: ("JPEG", ("jpg", "jpeg", "jpe", "jfif")),
    PNG: ("PNG", ("png",)),
    HEIC: ("HEIC", ("heic", "heif", "hif")),
    WEBP: ("WebP", ("webp",)),
    TIFF: ("TIFF", ("tif", "tiff")),
    GIF: ("GIF", ("gif",)),
    BMP: ("BMP", ("bmp", "dib")),
}
DOCUMENTS = {
    PDF: ("PDF", ("pdf",)),
    DOCX: ("Word", ("docx", "docm", "dotx")),
    XLSX: ("Excel", ("xlsx", "xlsm", "xltx")),
    PPTX: ("PowerPoint", ("pptx", "pptm", "ppsx")),
    OLE: ("Word、Excel 97", ("doc", "xls", "ppt", "wps", "et", "dps")),
    ODF: ("OpenDocument", ("odt", "ods", "odp")),
}
ACCEPTED = tuple(f".{ending}" for _name, endings in (PHOTOS | DOCUMENTS).values() for ending in endings)
# What is recognised in order to say why it is not taken.
WEB_PAGE, VIDEO, ARCHIVE = "web_page", "video", "archive"

HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"BM", BMP),
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"\x00\x00\x01\xba", VIDEO),
)


def kind_of(head: bytes) -> str:
    """The media type that the first bytes are the sign of; WEB_PAGE, VIDEO or ARCHIVE; empty for what is none."""
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return WEBP if head[8:12] == b"WEBP" else VIDEO if head[8:12] == b"AVI " else ""
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in HEIF_BRANDS else VIDEO
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return WEB_PAGE if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<svg", b"<body")) else ""


def office_kind(names: Iterable[str], declared: bytes) -> str:
    """What a ZIP is by its parts: an office document, or ARCHIVE; `declared` is its part `mimetype`, if it has one."""
    parts = set(names)
    for folder, kind in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if "[Content_Types].xml" in parts and any(part.startswith(folder) for part in parts):
            return kind
    return ODF if declared.startswith(ODF.encode()) else ARCHIVE


def name_differs(name: str, kind: str) -> bool:
    """Whether the name has an ending, and one that belongs to another kind of file."""
    _stem, dot, ending = name.rpartition(".")
    return bool(dot) and ending.lower() not in (PHOTOS | DOCUMENTS)[kind][1]


def too_large(width: int, height: int) -> bool:
    return width * height > MAX_PIXELS or max(width, height) > MAX_SIDE


# ---- the camera's clock and place ----

CLOCK_SLACK = timedelta(minutes=10)
OLD_PHOTO = timedelta(days=30)
CLOCK_APART = timedelta(days=1)
FIRST_YEAR = 2000
CLOCK_AHEAD, CLOCK_RESET, CLOCK_OLD, CLOCK_DIFFERS = "clock_ahead", "clock_reset", "clock_old", "clock_differs"
POINT_NONSENSE, POINT_OUTSIDE = "point_nonsense", "point_outside"
NAME_DIFFERS, MANY_FRAMES = "name_differs", "many_frames"
# A camera that says these did not take the picture then.
IMPOSSIBLE = frozenset({CLOCK_AHEAD, CLOCK_RESET})
OF_THE_CLOCK = IMPOSSIBLE | {CLOCK_OLD, CLOCK_DIFFERS}

Point = tuple[float, float]
Box = tuple[float, float, float, float]


def doubt_of_clock(camera: datetime | None, received: datetime, stated: datetime | None) -> str:
    """What is odd about the camera's time; a question for a person, never a refusal."""
    if camera is None:
        return ""
    if camera > received + CLOCK_SLACK:
        return CLOCK_AHEAD
    if camera.year < FIRST_YEAR:
        return CLOCK_RESET
    if stated is not None:
        return CLOCK_DIFFERS if abs(camera - stated) > CLOCK_APART else ""
    return CLOCK_OLD if camera < received - OLD_PHOTO else ""


def on_the_globe(lon: float, lat: float) -> bool:
    """Whether this can be a place on land that somebody stood on: 0, 0 is what a receiver without a fix writes."""
    finite = isfinite(lon) and isfinite(lat)
    return finite and -180 <= lon <= 180 and -90 <= lat <= 90 and (abs(lon) > 0.001 or abs(lat) > 0.001)


def within(point: Point, box: Box) -> bool:
    """`box` is west, south, east, north."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def metres(one: Point, other: Point) -> int:
    """The distance over the ground of two points in WGS-84, in whole metres."""
    _there, _back, apart = Geod(ellps="WGS84").inv(*one, *other)
    return round(float(apart))


# ---- how alike two pictures are ----

# Chosen by measurement: docs/adr/0029-which-pictures-are-alike.md.
ALIKE_BITS = 6
BANDS, BAND_BITS = 4, 16
BAND_MAX = (1 << BAND_BITS) - 1


def bands(value: int) -> tuple[int, ...]:
    """A hash of 64 bits as its four bands of 16, the highest first."""
    return tuple(value >> BAND_BITS * place & BAND_MAX for place in reversed(range(BANDS)))


def whole(parts: Sequence[int]) -> int:
    value = 0
    for part in parts:
        value = value << BAND_BITS | part
    return value


def near(band: int) -> list[int]:
    """The band itself and the 16 that differ from it in one bit.

    Of two hashes that differ in at most 7 bits, some band of the one differs from the other's in at most one, because
    four bands with two bits each are eight.
    """
    return [band, *(band ^ (1 << bit) for bit in range(BAND_BITS))]


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two hashes differ."""
    return (one ^ other).bit_count()


# ---- what is covered ----

WHOLE = 10_000


@dataclass(frozen=True)
class Cover:
    """A rectangle of the upright picture in ten-thousandths of its width and height."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def sound(self) -> bool:
        return 0 <= self.left < self.right <= WHOLE and 0 <= self.top < self.bottom <= WHOLE


def covers(written: str) -> Iterator[Cover]:
    """The rectangles of a form's field: "left,top,right,bottom" in per cent, one a line or parted by a semicolon.

    Raises ValueError for what is none.
    """
    for line in written.replace(";", "\n").splitlines():
        if line.strip():
            numbers = [float(part) for part in line.replace("，", ",").split(",")]
            if len(numbers) != 4 or not all(isfinite(number) for number in numbers):
                raise ValueError(line)
            yield Cover(*(round(number * 100) for number in numbers))
