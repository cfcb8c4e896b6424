"""soak photos: pictures with random faults are shown or refused by name, and what is shown carries nothing but pixels.

Works on files alone: no row is written.
"""

import tempfile
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from time import monotonic

from PIL import Image

from chuangwen.bench.runner import Soaked
from chuangwen.demo.photos import scene
from chuangwen.evidence import pictures, rules
from chuangwen.evidence.rules import Cover

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF", "MPO")
SIZE = (160, 120)
COVERED = [Cover(1000, 1000, 4000, 4000)]
# Where a format keeps its own data; faults there say more than faults in the pixels.
HEAD = 300
MOST_SECONDS = 10.0

Spoil = Callable[[Random, bytearray, int], None]


def _replace(rng: Random, data: bytearray, at: int) -> None:
    data[at] = rng.choice((0, 255, rng.randrange(256), data[at] ^ (1 << rng.randrange(8))))


def _remove(rng: Random, data: bytearray, at: int) -> None:
    del data[at : at + rng.randrange(1, 40)]


def _insert(rng: Random, data: bytearray, at: int) -> None:
    data[at:at] = rng.randbytes(rng.randrange(1, 20))


def _cut(_rng: Random, data: bytearray, at: int) -> None:
    del data[max(1, at) :]


FAULTS: tuple[Spoil, ...] = (_replace, _replace, _replace, _remove, _insert, _cut)


def sound() -> dict[str, bytes]:
    """One small picture in every format that is taken, with the camera's data where the format has room for them."""
    image = scene(3).resize(SIZE)
    label = Image.Exif()
    label.get_ifd(0x8769)[0x9003] = "2026:11:20 15:03:22"
    label.get_ifd(0x8825).update({1: "N", 2: (29.0, 1.0, 48.0), 3: "E", 4: (111.0, 41.0, 24.0)})
    found = {}
    for name in FORMATS:
        buffer = BytesIO()
        image.save(buffer, name, **({} if name in {"GIF", "BMP"} else {"exif": label}))
        found[name] = buffer.getvalue()
    return found


def spoiled(rng: Random, data: bytes) -> bytes:
    """With one fault or several, half of them near the beginning."""
    made = bytearray(data)
    for _each in range(rng.choice((1, 1, 2, 4, 16))):
        end = len(made) if rng.random() < 0.5 else min(len(made), HEAD)
        rng.choice(FAULTS)(rng, made, rng.randrange(end))
        made = made or bytearray(b"\xff")
    return bytes(made)


def rounds(count: int, seed: int) -> list[str]:
    """What did not hold in `count` spoiled pictures."""
    rng, seeds, wrong = Random(seed), sound(), []  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="chuangwen-soak-") as folder, warnings.catch_warnings():
        # A library that complains and goes on is what a server sees.
        warnings.simplefilter("ignore")
        path = Path(folder) / "picture"
        for number in range(count):
            name = rng.choice(FORMATS)
            data = spoiled(rng, seeds[name])
            path.write_bytes(data)
            wrong += [f"{name} {number}: {what}" for what in _judge(path, rules.kind_of(data[: rules.HEAD_BYTES]))]
    return wrong


def _judge(path: Path, kind: str) -> list[str]:
    if kind not in rules.PHOTOS:
        return []
    began = monotonic()
    try:
        pictures.look(path, kind)
        made = pictures.make(path, kind, COVERED)
    except pictures.BadPicture:
        wrong = []
    except Exception as other:  # noqa: BLE001, RUF100
        wrong = [f"{type(other).__name__} instead of a refusal"]
    else:
        wrong = [f"carries {what}" for data in (made.public, made.thumbnail) for what in pictures.leftovers(data)]
    return [*wrong, *(["took too long"] if monotonic() - began > MOST_SECONDS else [])]


def soak(count: int, seed: int) -> Soaked:
    failures = rounds(count, seed)
    return Soaked(
        "photos", count, failures, f"{count} pictures, seed {seed}: {len(failures)} neither shown nor refused"
    )
