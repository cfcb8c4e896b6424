"""A slice of `soak photos`, and the proof that it can fail."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from chuangwen.bench import soak_photos
from chuangwen.evidence import pictures


def test_pictures_with_random_faults_are_shown_or_refused_by_name() -> None:
    assert soak_photos.rounds(150, seed=7) == []


def test_the_sound_ones_are_all_shown() -> None:
    assert set(soak_photos.sound()) == set(soak_photos.FORMATS)


def test_the_soak_finds_an_error_that_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "BAD_BYTES", (KeyError,))
    assert any("instead of a refusal" in each for each in soak_photos.rounds(40, seed=7))


def test_the_soak_finds_a_copy_that_carries_the_cameras_data(monkeypatch: pytest.MonkeyPatch) -> None:
    make = pictures.make

    def careless(path: Any, *rest: Any) -> pictures.Made:
        made = make(path, *rest)
        label = Image.Exif()
        label[0x010F] = "Maker"
        buffer = BytesIO()
        with Image.open(BytesIO(made.public)) as image:
            image.save(buffer, "JPEG", exif=label)
        return pictures.Made(buffer.getvalue(), made.thumbnail, made.width, made.height, made.phash)

    monkeypatch.setattr(pictures, "make", careless)
    assert any("carries exif" in each for each in soak_photos.rounds(40, seed=7))
