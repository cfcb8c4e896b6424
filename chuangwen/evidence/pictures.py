"""Opens photos with bounds and makes from them what others may see. Knows no Django.

Called by the services of evidence. Always holds: only the decoder of the kind that the first bytes named is tried, the
size is read before any pixel, and a picture that leaves here carries nothing but pixels.
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import ceil, floor
from pathlib import Path
from typing import Any

import imagehash
from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps, ImageStat, UnidentifiedImageError
from pillow_heif import register_heif_opener

from chuangwen.evidence import rules
from chuangwen.evidence.rules import Cover, Point

register_heif_opener()

FORMATS = {
    rules.JPEG: "JPEG", rules.PNG: "PNG", rules.HEIC: "HEIF", rules.WEBP: "WEBP", rules.TIFF: "TIFF",
    rules.GIF: "GIF", rules.BMP: "BMP",
}  # fmt: skip
PUBLIC_SIDE, THUMBNAIL_SIDE = 2560, 480
PUBLIC_QUALITY, THUMBNAIL_QUALITY = 85, 80
COVER, GROUND = (28, 26, 23), (255, 255, 255)
# Around a covered rectangle, so that what the decoder smears over its edge is gone too.
MARGIN = 2
# A wall, a night, a lid before the lens: such pictures all have one hash, and it says nothing.
FLAT = 4.0
BROKEN, TOO_LARGE, TEXT = "broken", "too_large", "text"
BAD_BYTES = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, struct.error,
             AttributeError, ZeroDivisionError, RuntimeError, Warning)  # fmt: skip
ORIENTATION, TIME, ORIGINAL_TIME, OFFSET, GPS = 0x0112, 0x0132, 0x9003, 0x9011, 0x8825
EXIF_IFD = 0x8769


class BadPicture(Exception):
    """Cannot be shown; `code` is BROKEN, TOO_LARGE or TEXT."""

    def __init__(self, code: str, width: int = 0, height: int = 0) -> None:
        super().__init__(code)
        self.code, self.width, self.height = code, width, height


@dataclass(frozen=True)
class Header:
    """What a photo says of itself before a pixel is read; `taken` is naive where the camera names no zone."""

    width: int
    height: int
    has_more: bool
    taken: datetime | None
    point: Point | None
    point_is_nonsense: bool


@dataclass(frozen=True)
class Made:
    """What the pipeline makes: two JPEGs, the upright size of the original, and its hash if it has one."""

    public: bytes
    thumbnail: bytes
    width: int
    height: int
    phash: int | None


@contextmanager
def _opened(path: Path, kind: str) -> Iterator[Image.Image]:
    try:
        image = Image.open(path, formats=[FORMATS[kind]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise BadPicture(TOO_LARGE) from bomb
    except UnidentifiedImageError as unknown:
        raise BadPicture(BROKEN) from unknown
    except BAD_BYTES as bad:
        raise BadPicture(TEXT if "MAX_TEXT" in str(bad) else BROKEN) from bad
    with image:
        if min(image.size) < 1:
            raise BadPicture(BROKEN)
        if rules.too_large(*image.size):
            raise BadPicture(TOO_LARGE, *image.size)
        yield image


def look(path: Path, kind: str) -> Header:
    """Raises BadPicture for what cannot be opened or is too large."""
    with _opened(path, kind) as image:
        exif = _exif(image)
        point, nonsense = _point(exif)
        return Header(*image.size, _has_more(image), _taken(exif), point, nonsense)


def make(path: Path, kind: str, covered: Sequence[Cover] = ()) -> Made:
    """The public copy and thumbnail, upright, without what is covered. Raises BadPicture when pixels are missing."""
    with _opened(path, kind) as image:
        width, height = image.size
        if _exif(image).get(ORIENTATION) in {5, 6, 7, 8}:
            width, height = height, width
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        try:
            image.draft(None, (PUBLIC_SIDE, PUBLIC_SIDE))
            image.load()
            upright = _flat(_upright(image))
        except MemoryError as bad:
            raise BadPicture(TOO_LARGE, width, height) from bad
        except BAD_BYTES as bad:
            raise BadPicture(TEXT if "MAX_TEXT" in str(bad) else BROKEN) from bad
    hashed = phash(upright)
    _cover(upright, covered)
    public = _bare(_in_srgb(_within(upright, PUBLIC_SIDE), profile))
    thumbnail = _within(public, THUMBNAIL_SIDE)
    return Made(_jpeg(public, PUBLIC_QUALITY), _jpeg(thumbnail, THUMBNAIL_QUALITY), width, height, hashed)


def leftovers(data: bytes) -> list[str]:
    """What a public copy carries besides its pixels; empty for every one that was made here."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as image:
        found = [key for key in ("exif", "xmp", "icc_profile", "comment", "photoshop") if image.info.get(key)]
        return found or (["exif"] if len(image.getexif()) else [])


def marked(data: bytes, lines: Sequence[str], font: tuple[str, int]) -> bytes:
    """A public copy with lines of text in its lower left corner; `font` is a file and the number of its face."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as image:
        picture = _bare(image.convert("RGB"))
    size = max(14, min(picture.width // 32, 64))
    face = ImageFont.truetype(font[0], size, index=font[1])
    draw = ImageDraw.Draw(picture, "RGBA")
    text = "\n".join(_fitting(draw, line, face, picture.width - size) for line in lines)
    box = draw.multiline_textbbox((0, 0), text, font=face, spacing=size // 3)
    top = picture.height - ceil(box[3] - box[1]) - size
    draw.rectangle((0, top, ceil(box[2] - box[0]) + size, picture.height), fill=(*COVER, 190))
    draw.multiline_text((size // 2 - box[0], top + size // 2 - box[1]), text, font=face, fill=GROUND, spacing=size // 3)
    return _jpeg(picture, PUBLIC_QUALITY)


def _fitting(draw: ImageDraw.ImageDraw, line: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    if draw.textlength(line, font=face) <= width:
        return line
    while line and draw.textlength(f"{line}…", font=face) > width:
        line = line[:-1]
    return f"{line}…"


def _exif(image: Image.Image) -> Any:
    """The camera's data; nothing where they cannot be read, for a broken label is no reason to refuse a picture."""
    try:
        return image.getexif()
    except BAD_BYTES:
        return Image.Exif()


def _has_more(image: Image.Image) -> bool:
    """Whether there is a second page or frame; to count them all can take minutes, and nobody asks."""
    # MPO is how telephones keep a preview or a second lens beside the picture: one photo for a person.
    if image.format == "MPO":
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except BAD_BYTES:
        return False


def _taken(exif: Any) -> datetime | None:
    try:
        inner = exif.get_ifd(EXIF_IFD)
        written = str(inner.get(ORIGINAL_TIME) or exif.get(TIME) or "").strip("\0 ")[:19]
        taken = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except BAD_BYTES:
        return None
    try:
        return datetime.strptime(f"{written} {inner[OFFSET]}", "%Y:%m:%d %H:%M:%S %z")
    except BAD_BYTES:
        return taken


def _point(exif: Any) -> tuple[Point | None, bool]:
    """(longitude and latitude, whether what is written there is nonsense)"""
    try:
        gps = exif.get_ifd(GPS)
        if not gps.get(2) or not gps.get(4):
            return None, False
        lat, lon = (_degrees(gps[value], str(gps.get(sign, ""))) for value, sign in ((2, 1), (4, 3)))
    except BAD_BYTES:
        return None, True
    return ((lon, lat), False) if rules.on_the_globe(lon, lat) else (None, True)


def _degrees(parts: Any, sign: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if sign.strip("\0 ").upper() in {"S", "W"} else value


def _upright(image: Image.Image) -> Image.Image:
    if _exif(image).get(ORIENTATION, 1) == 1:
        return image  # the library would copy it, and a large one is hundreds of megabytes
    try:
        return ImageOps.exif_transpose(image)
    except BAD_BYTES:
        return image


def _flat(image: Image.Image) -> Image.Image:
    """In eight bits of red, green and blue; what is see-through stands on white."""
    if image.mode.startswith("I"):
        # 16 bits of grey; a plain conversion would cut off all but the darkest.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", layered.size, GROUND)
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB") if image.mode != "RGB" else image


def _cover(image: Image.Image, covered: Sequence[Cover]) -> None:
    draw = ImageDraw.Draw(image)
    across, down = image.width / rules.WHOLE, image.height / rules.WHOLE
    for each in covered:
        corner = (floor(each.left * across) - MARGIN, floor(each.top * down) - MARGIN)
        draw.rectangle((*corner, ceil(each.right * across) + MARGIN, ceil(each.bottom * down) + MARGIN), fill=COVER)


def _within(image: Image.Image, side: int) -> Image.Image:
    scale = min(1, side / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    # In two steps, so that a large picture is not copied whole before it is made small.
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """As screens without a profile show it; a profile that cannot be used is passed over."""
    if not profile:
        return image
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *BAD_BYTES):
        return image
    return turned or image


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: Pillow writes some of what `info` holds into the next file, comments among it."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def phash(image: Image.Image) -> int | None:
    """64 bits that stay nearly the same under scaling and re-encoding; of the whole picture, before it is covered."""
    small = _within(image, THUMBNAIL_SIDE).convert("L")
    if ImageStat.Stat(small).stddev[0] < FLAT:
        return None
    return int(str(imagehash.phash(small)), 16)
