"""Photos of the demo city: street scenes drawn from shapes, plainly drawn, the same on every run.

Called by `demo.city`. One pair shows the same spot twice, as two units sent it; one camera's clock stands in 1980.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from uuid import NAMESPACE_URL, uuid5

from PIL import Image, ImageDraw

from chuangwen.evidence import queries, services
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

WIDTH, HEIGHT = 960, 720
Colour = tuple[int, int, int]
SKY, WALL, PAVEMENT, ROAD = (214, 221, 222), (203, 197, 184), (186, 180, 168), (122, 120, 116)
DARK, GLASS, TREE, TRUNK, TACTILE = (92, 86, 78), (160, 176, 180), (118, 138, 104), (104, 86, 68), (206, 170, 60)
BINS: tuple[Colour, ...] = ((38, 105, 74), (36, 90, 141), (143, 37, 28), (96, 92, 84))


@dataclass(frozen=True)
class Shot:
    """One photo: who hands it in for which unit, what it shows, how many days ago, and where the telephone was."""

    login: str
    unit: str
    scene: int
    days_ago: int
    hour: int
    where: str
    theme: str
    cause: str
    lon: float = 111.69
    lat: float = 29.03
    camera: str = ""
    scale: float = 1.0


SHOTS = (
    Shot("clerk", "demo-primary", 1, 12, 15, "文庙路口", "清扫路面垃圾", "秋季学期文明实践", 111.6912, 29.0318),
    Shot("clerk", "demo-primary", 2, 12, 16, "学府路口", "劝导行人过街", "秋季学期文明实践", 111.6874, 29.0341),
    Shot("clerk", "demo-primary", 3, 5, 15, "柳堤公园", "擦洗公共座椅", "秋季学期文明实践", 111.6961, 29.0277),
    Shot("brigade-clerk", "demo-brigade", 4, 3, 8, "学府路口", "早高峰疏导", "岗点执勤", 111.6875, 29.0340),
    Shot("brigade-clerk", "demo-brigade", 5, 2, 18, "桥口街", "共享单车归位", "停放秩序整治", 111.6933, 29.0296),
    Shot("office", "anlan-office", 5, 2, 18, "文庙路口", "共享单车归位", "督导抽查", 111.6911, 29.0317, scale=0.75),
    Shot("hospital-clerk", "demo-hospital", 6, 4, 10, "门诊楼前", "垃圾分类投放点", "院内环境整治", 111.6987, 29.0352),
    Shot(
        "hospital-clerk",
        "demo-hospital",
        7,
        4,
        11,
        "急诊通道",
        "通道保持畅通",
        "院内环境整治",
        111.6989,
        29.0350,
        camera="1980:01:01 00:12:07",
    ),
)


def build(viewers: Mapping[str, Viewer], units: Mapping[str, Unit], today: date) -> int:
    """Hand in all of them through the services, and make their copies at once. Returns how many."""
    for number, shot in enumerate(SHOTS):
        actor = viewers[shot.login]
        row = services.hand_in(
            actor,
            unit=units[shot.unit],
            name=f"IMG_{today:%Y%m%d}_{number + 1:03d}.jpg",
            chunks=[photo(shot, today)],
            uid=uuid5(NAMESPACE_URL, f"demo-photo:{number}"),
            place=queries.places(actor).filter(name=shot.where).first(),
        )
        services.make_copies(row.uid)
        said = {"theme": shot.theme, "cause": shot.cause, "said_where": shot.where}
        services.caption(actor, row, elements=said)
    return len(SHOTS)


def photo(shot: Shot, today: date) -> bytes:
    """A JPEG as a telephone writes it, with time and place in it."""
    taken = datetime.combine(today - timedelta(days=shot.days_ago), time(shot.hour, 7 * shot.scene % 60))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Anlan", "Demo Camera"
    exif.get_ifd(0x8769)[0x9003] = shot.camera or f"{taken:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(0x8825).update({1: "N", 2: _degrees(shot.lat), 3: "E", 4: _degrees(shot.lon)})
    image = scene(shot.scene)
    if shot.scale != 1:
        image = image.resize((round(WIDTH * shot.scale), round(HEIGHT * shot.scale)))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=88 if shot.scale == 1 else 70, exif=exif)
    return buffer.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 3)


def scene(number: int) -> Image.Image:
    """A street that the number decides: houses, trees, pavement, and what lies or stands on it."""
    rng = Random(number * 7919)  # noqa: S311
    image = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw = ImageDraw.Draw(image)
    horizon = rng.randint(300, 400)
    _houses(draw, rng, horizon)
    draw.rectangle((0, horizon, WIDTH, HEIGHT), fill=PAVEMENT)
    kerb = rng.randint(horizon + 120, HEIGHT - 120)
    draw.rectangle((0, kerb, WIDTH, HEIGHT), fill=ROAD)
    for left in range(rng.randint(0, 80), WIDTH, 160):
        draw.rectangle((left, kerb + 60, left + 80, kerb + 70), fill=WALL)
    vanish = rng.randint(200, WIDTH - 200)
    draw.polygon(
        [(vanish - 8, horizon), (vanish + 8, horizon), (vanish + 110, kerb), (vanish + 10, kerb)], fill=TACTILE
    )
    for _each in range(rng.randint(1, 3)):
        _tree(draw, rng, horizon)
    for _each in range(rng.randint(2, 6)):
        rng.choice((_bin, _bicycle, _person))(draw, rng, rng.randint(horizon + 40, kerb - 20))
    return image


def _houses(draw: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    left = -rng.randint(0, 100)
    while left < WIDTH:
        width, top = rng.randint(140, 320), rng.randint(20, horizon - 140)
        shade = rng.randint(-26, 26)
        draw.rectangle((left, top, left + width, horizon), fill=tuple(part + shade for part in WALL))
        for column in range(left + 20, left + width - 50, 70):
            for row in range(top + 30, horizon - 70, 80):
                draw.rectangle((column, row, column + 40, row + 50), fill=GLASS if rng.random() > 0.2 else DARK)
        left += width + rng.randint(0, 40)


def _tree(draw: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    x, size = rng.randint(60, WIDTH - 60), rng.randint(60, 130)
    draw.rectangle((x - 8, horizon - size, x + 8, horizon + 30), fill=TRUNK)
    draw.ellipse((x - size, horizon - 2 * size - 40, x + size, horizon - 40), fill=TREE)


def _bin(draw: ImageDraw.ImageDraw, rng: Random, ground: int) -> None:
    x = rng.randint(60, WIDTH - 120)
    draw.rectangle((x, ground - 90, x + 60, ground), fill=rng.choice(BINS))
    draw.rectangle((x - 4, ground - 100, x + 64, ground - 90), fill=DARK)


def _bicycle(draw: ImageDraw.ImageDraw, rng: Random, ground: int) -> None:
    x, colour = rng.randint(60, WIDTH - 160), rng.choice(BINS)
    for wheel in (x, x + 84):
        draw.ellipse((wheel, ground - 52, wheel + 52, ground), outline=DARK, width=6)
    draw.line([(x + 26, ground - 26), (x + 60, ground - 66), (x + 110, ground - 26)], fill=colour, width=8)


def _person(draw: ImageDraw.ImageDraw, rng: Random, ground: int) -> None:
    x = rng.randint(60, WIDTH - 100)
    draw.rectangle((x, ground - 110, x + 40, ground - 50), fill=BINS[2])
    draw.rectangle((x + 4, ground - 50, x + 36, ground), fill=DARK)
    draw.ellipse((x + 5, ground - 146, x + 35, ground - 112), fill=(224, 196, 170))
