"""Small pictures and places for the tests of evidence: drawn in memory, different for every number."""

from datetime import datetime
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from chuangwen.evidence import services
from chuangwen.evidence.models import Evidence
from chuangwen.people.models import Unit
from chuangwen.places.models import Place
from tests.factories.city import City

LON, LAT = 111.69, 29.03
RED = (250, 0, 0)


def picture(number: int = 1, size: tuple[int, int] = (96, 72)) -> Image.Image:
    """Blocks of colour that the number decides; a number has one perceptual hash, two numbers have two far apart."""
    rng = Random(number)  # noqa: S311
    image = Image.new("RGB", (8, 6))
    image.putdata([(rng.randrange(20, 200), rng.randrange(20, 220), rng.randrange(60, 256)) for _each in range(48)])
    return image.resize(size, Image.Resampling.NEAREST)


def with_red(box: tuple[int, int, int, int], number: int = 1, size: tuple[int, int] = (96, 72)) -> Image.Image:
    """A picture with a rectangle in a red that it has nowhere else."""
    image = picture(number, size)
    ImageDraw.Draw(image).rectangle(box, fill=RED)
    return image


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    buffer = BytesIO()
    image.save(buffer, format, **({"quality": 90} if format == "JPEG" else {}) | options)
    return buffer.getvalue()


def jpeg(number: int = 1, size: tuple[int, int] = (96, 72), **options: Any) -> bytes:
    return encoded(picture(number, size), **options)


def exif(
    *, taken: str = "", lon: float | None = None, lat: float | None = None, offset: str = "", orientation: int = 1
) -> Image.Exif:
    """As a telephone writes it; `taken` is "2026:11:20 15:03:22"."""
    made = Image.Exif()
    made[0x010F] = "Secret Maker"
    made[0x0112] = orientation
    inner = made.get_ifd(0x8769)
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    if lon is not None and lat is not None:
        made.get_ifd(0x8825).update({1: "N" if lat >= 0 else "S", 2: _parts(lat), 3: "E", 4: _parts(lon)})
    return made


def _parts(value: float) -> tuple[float, float, float]:
    value = abs(value)
    return float(int(value)), float(int(value % 1 * 60)), value * 60 % 1 * 60


def camera(moment: datetime) -> str:
    return f"{moment:%Y:%m:%d %H:%M:%S}"


def place(unit: Unit, name: str = "文庙路口", lon: float = LON, lat: float = LAT, **more: Any) -> Place:
    values: dict[str, Any] = {"lon": lon, "lat": lat, "min_lon": lon, "min_lat": lat, "max_lon": lon, "max_lat": lat}
    values |= {"cell_coarse": 1, "cell_middle": 1, "cell_fine": 1, "type_id": "crossing"}
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return Place.objects.create(unit=unit, name=name, geometry=geometry, **(values | more))


def handed_in(
    city: City,
    data: bytes | None = None,
    part: str = "clerk",
    unit: str = "school",
    name: str = "IMG_1.jpg",
    **more: Any,
) -> Evidence:
    """Through the service; in tests the job runs at once, so that its copies are there."""
    chunks = [jpeg() if data is None else data]
    return services.hand_in(city.viewer(part), unit=city[unit], name=name, chunks=chunks, **more)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def reds(image: Image.Image) -> int:
    """How many pixels are as red as RED: JPEG changes a colour a little."""
    data = image.convert("RGB").tobytes()
    return sum(1 for at in range(0, len(data), 3) if data[at] > 200 and data[at + 1] < 60 and data[at + 2] < 60)


def greys(image: Image.Image) -> bytes:
    return image.convert("L").tobytes()
