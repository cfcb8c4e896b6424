"""The same or nearly the same: found whoever handed it in, told with both places, shown only to who may see it."""

import random

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from chuangwen.core import clock
from chuangwen.core.models import StoredFile
from chuangwen.demo.photos import scene
from chuangwen.evidence import pictures, queries, rules, saying, services
from chuangwen.evidence.models import Evidence, Kind, Known, State
from tests.evidence.samples import LAT, LON, encoded, exif, handed_in, jpeg, opened, picture, place
from tests.factories.city import City

pytestmark = pytest.mark.django_db
HASHES = st.integers(min_value=0, max_value=2**64 - 1)
FLIPS = st.sets(st.integers(min_value=0, max_value=63), max_size=12)


class TestRule:
    @given(HASHES)
    def test_bands_are_the_hash_cut_in_four(self, value: int) -> None:
        parts = rules.bands(value)
        assert rules.whole(parts) == value
        assert len(parts) == 4
        assert all(0 <= part <= rules.BAND_MAX for part in parts)

    @given(HASHES, FLIPS)
    def test_within_seven_bits_some_band_is_near_whichever_bits_they_are(self, value: int, flips: set[int]) -> None:
        other = value
        for bit in flips:
            other ^= 1 << bit
        assert rules.distance(value, other) == len(flips)
        found = any(
            theirs in rules.near(own) for own, theirs in zip(rules.bands(value), rules.bands(other), strict=True)
        )
        if len(flips) <= 7:
            assert found
        if all(sum(bit // 16 == band for bit in flips) > 1 for band in range(4)):
            assert not found

    def test_the_limit_is_one_that_the_bands_can_find(self) -> None:
        assert rules.ALIKE_BITS <= 7


def rows_with(city: City, values: list[int]) -> list[Evidence]:
    """Photos with these hashes, straight into the table; every one a file of its own."""
    clerk = city.persons["clerk"]
    now = clock.now()
    stored = StoredFile.objects.bulk_create(
        StoredFile(sha256=f"{number:064x}", size=1, media_type=rules.JPEG, name="a.jpg", created_at=now)
        for number in range(len(values))
    )
    return Evidence.objects.bulk_create(
        Evidence(
            file=file, unit=city["school"], kind=Kind.PHOTO, state=State.READY, taken_at=now, taken_known=Known.UPLOAD,
            made_by=clerk, received_at=now, width=1, height=1,
            **dict(zip(queries.BANDS, rules.bands(value), strict=True)),
        )
        for file, value in zip(stored, values, strict=True)
    )  # fmt: skip


def test_the_bands_find_what_comparing_all_with_all_finds(city: City) -> None:
    """Against brute force over hashes that crowd around a few centres, at every distance from 0 to 12."""
    rng = random.Random(20261124)  # noqa: S311
    values = []
    for _centre in range(8):
        centre = rng.getrandbits(64)
        values += [centre ^ sum(1 << bit for bit in rng.sample(range(64), bits)) for bits in range(13)]
    rows = rows_with(city, values)
    pairs = 0
    for row, value in zip(rows, values, strict=True):
        expected = {
            other.pk: rules.distance(value, theirs)
            for other, theirs in zip(rows, values, strict=True)
            if other.pk != row.pk and rules.distance(value, theirs) <= rules.ALIKE_BITS
        }
        assert queries.alike_keys(row) == expected
        pairs += len(expected)
    assert pairs > 100


def test_it_asks_the_indexes_and_reads_no_other_row(city: City, django_assert_num_queries: object) -> None:
    rows = rows_with(city, [number << 40 | number for number in range(1, 400)])
    with django_assert_num_queries(2):  # type: ignore[operator]
        queries.alike_keys(rows[0])
    if connection.vendor == "sqlite":
        near = queries.near_bands(rows[0])
        plan = Evidence.objects.filter(near).order_by().values_list("pk").explain()
        assert "SCAN" not in plan
        assert plan.count("USING INDEX evidence_band_") == 4


class TestPictures:
    """What ALIKE_BITS was chosen by; the figures over 300 scenes stand in the decision."""

    @pytest.mark.parametrize("number", range(1, 6))
    def test_a_picture_saved_again_smaller_or_lighter_is_alike(self, number: int) -> None:
        whole = scene(number).resize((480, 360))
        own = pictures.phash(whole)
        assert own is not None
        again = [
            opened(encoded(whole, quality=40)),
            opened(encoded(whole.resize((240, 180)), quality=60)),
            ImageEnhance.Brightness(whole).enhance(1.15),
        ]
        for other in again:
            theirs = pictures.phash(other)
            assert theirs is not None
            assert rules.distance(own, theirs) <= rules.ALIKE_BITS

    def test_no_two_of_forty_scenes_are_alike(self) -> None:
        hashes = [pictures.phash(scene(number).resize((240, 180), Image.Resampling.NEAREST)) for number in range(40)]
        found = [value for value in hashes if value is not None]
        assert len(found) == 40
        apart = [rules.distance(one, other) for place, one in enumerate(found) for other in found[:place]]
        assert min(apart) > rules.ALIKE_BITS


def twice(city: City, *, part: str = "other_clerk", unit: str = "second") -> tuple[Evidence, Evidence]:
    """The school's photo at one crossing, and nearly the same handed in by another unit at a place 1.2 km away."""
    here, there = place(city["school"], "文庙路口"), place(city[unit], "学府路口", LON + 0.01, LAT + 0.006)
    first = handed_in(city, jpeg(5, exif=exif(lon=LON, lat=LAT)), place=here)
    smaller = encoded(picture(5).resize((72, 54)), quality=70)
    second = handed_in(city, smaller, part=part, unit=unit, place=there)
    return first, second


def test_it_is_pointed_out_with_both_places_and_how_far_they_are_apart(city: City) -> None:
    first, second = twice(city, part="clerk", unit="school")
    found = queries.alike(city.viewer("clerk"), second)
    (twin,) = found.twins
    assert (twin.evidence, found.elsewhere, twin.same_bytes) == (first, 0, False)
    sentence = saying.twin_sentence(second, twin)
    assert "文庙路口" in sentence
    assert "学府路口" in sentence
    assert "相距 1.2 公里" in sentence


def test_the_very_same_file_is_said_to_be_the_same(city: City) -> None:
    handed_in(city, jpeg(5))
    second = handed_in(city, jpeg(5), part="head")
    (twin,) = queries.alike(city.viewer("head"), second).twins
    assert (twin.same_bytes, twin.bits, twin.metres) == (True, 0, None)
    assert "相同" in saying.twin_sentence(second, twin)


def test_who_may_not_see_the_other_is_told_that_there_is_one_and_no_more(city: City) -> None:
    first, second = twice(city)
    found = queries.alike(city.viewer("other_clerk"), second)
    assert (found.twins, found.elsewhere) == ([], 1)
    assert "1 张" in saying.elsewhere_sentence(found.elsewhere)
    assert len(queries.alike(city.viewer("office"), second).twins) == 1
    assert queries.alike(city.viewer("clerk"), first).elsewhere == 1


def test_a_document_is_alike_by_its_bytes(city: City) -> None:
    first = handed_in(city, b"%PDF-1.7 a", name="a.pdf")
    second = handed_in(city, b"%PDF-1.7 a", name="b.pdf")
    other = handed_in(city, b"%PDF-1.7 b", name="c.pdf")
    viewer = city.viewer("clerk")
    assert [twin.evidence for twin in queries.alike(viewer, second).twins] == [first]
    assert not queries.alike(viewer, other)
    assert (first.repeats, second.repeats, other.repeats) == (False, True, False)


def test_what_was_withdrawn_is_not_pointed_out(city: City) -> None:
    first = handed_in(city, jpeg(5))
    second = handed_in(city, jpeg(5))
    services.withdraw(city.viewer("clerk"), first, reason="重复")
    assert not queries.alike(city.viewer("clerk"), second)


def test_the_later_one_is_marked_and_the_earlier_one_is_not(city: City) -> None:
    first, second = twice(city)
    first.refresh_from_db()
    assert (first.repeats, second.repeats) == (False, True)


def test_pictures_of_nothing_are_not_alike(city: City) -> None:
    handed_in(city, encoded(Image.new("RGB", (96, 72), (7, 7, 9))))
    second = handed_in(city, encoded(Image.new("RGB", (90, 72), (9, 7, 7))))
    assert not queries.alike(city.viewer("clerk"), second)
