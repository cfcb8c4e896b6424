"""Handing in: the receipt, what is kept, whose it is, what is believed of time and place."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from chuangwen.core import clock, files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from chuangwen.evidence import services
from chuangwen.evidence.models import Doubt, Evidence, EvidenceCopy, Kind, Known, State
from chuangwen.people.models import Unit
from chuangwen.places.models import Place
from tests.evidence.samples import LAT, LON, camera, exif, handed_in, jpeg, place
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db


def hours_ago(hours: float) -> datetime:
    return (timezone.localtime() - timedelta(hours=hours)).replace(microsecond=0)


@pytest.mark.parametrize("part", ["recorder", "clerk", "head", "office"])
def test_the_bytes_are_kept_as_they_were_given(city: City, part: str) -> None:
    data = jpeg(7)
    row = handed_in(city, data, part=part, unit="c98", name="路口.jpg")
    assert files.read(row.file) == data
    assert (row.file.name, row.file.media_type, row.kind) == ("路口.jpg", "image/jpeg", Kind.PHOTO)
    assert (row.made_by, row.unit) == (city.persons[part], city["c98"])


def test_the_receipt_comes_before_any_pixel_is_touched(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    with one_event("evidence.received") as written:
        row = handed_in(city)
    assert row.state == State.RECEIVED
    assert not EvidenceCopy.objects.exists()
    assert written.event.data == {"kind": "photo", "bytes": row.file.size, "sha256": row.file.sha256, "doubts": []}
    assert (written.event.subject_uid, written.event.unit_uid) == (row.uid, city["school"].uid)


def test_the_same_uid_from_the_same_person_gives_the_row_that_is_there(city: City) -> None:
    uid = uuid4()
    first = handed_in(city, uid=uid)
    with nothing_changes():
        again = services.hand_in(
            city.viewer("clerk"), unit=city["school"], name="other.jpg", chunks=iter([jpeg(2)]), uid=uid
        )
    assert again.pk == first.pk


def test_the_same_uid_from_another_person_is_a_conflict(city: City) -> None:
    uid = uuid4()
    handed_in(city, uid=uid)
    with nothing_changes(), pytest.raises(Conflict) as no:
        handed_in(city, part="head", uid=uid)
    assert no.value.where == "uid"


def test_two_requests_with_one_uid_that_arrive_together_give_one_row(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one looked before the first one's row was there."""
    uid = uuid4()
    first = handed_in(city, uid=uid)
    looked = Evidence.everything.filter

    def blind(*args: Any, **kwargs: Any) -> Any:
        return looked(pk=None) if "uid" in kwargs else looked(*args, **kwargs)

    monkeypatch.setattr(Evidence.everything, "filter", blind)
    with nothing_changes():
        assert handed_in(city, uid=uid).pk == first.pk


@pytest.mark.parametrize(("part", "unit"), [("stranger", "school"), ("other_clerk", "school"), ("recorder", "school"),
                                            ("reader", "school"), ("clerk", "second")])  # fmt: skip
def test_who_may_not_hand_in_for_the_unit_learns_nothing(city: City, part: str, unit: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        handed_in(city, part=part, unit=unit)


def test_a_unit_that_is_closed_takes_nothing(city: City) -> None:
    Unit.objects.filter(pk=city["c98"].pk).update(closed_on=clock.today())
    city["c98"].refresh_from_db()
    with nothing_changes(), pytest.raises(Refused) as no:
        handed_in(city, unit="c98")
    assert no.value.where == "unit"


def test_the_place_is_kept_and_named_by_uid_in_the_event(city: City) -> None:
    where = place(city["school"])
    row = handed_in(city, place=where)
    assert row.place == where
    event = Event.objects.get(subject_uid=row.uid, verb="evidence.received")
    assert event.data["place"] == str(where.uid)


@pytest.mark.parametrize("gone", ["withdrawn_at", "closed_on"])
def test_a_place_that_is_gone_is_refused(city: City, gone: str) -> None:
    where = place(city["school"])
    setattr(where, gone, clock.now() if gone == "withdrawn_at" else clock.today())
    where.save()
    with nothing_changes(), pytest.raises(Refused) as no:
        handed_in(city, place=Place.everything.get(pk=where.pk))
    assert no.value.where == "place"
    assert no.value.mend


class TestTime:
    def test_a_camera_that_can_be_right_is_believed(self, city: City) -> None:
        taken = hours_ago(3)
        row = handed_in(city, jpeg(exif=exif(taken=camera(taken))))
        assert (row.taken_at, row.taken_known, row.doubts) == (taken, Known.CAMERA, [])

    def test_a_zone_that_the_camera_names_counts(self, city: City) -> None:
        taken = hours_ago(3).astimezone(timezone.get_fixed_timezone(0))
        row = handed_in(city, jpeg(exif=exif(taken=camera(taken), offset="+00:00")))
        assert row.taken_at == taken

    def test_without_any_word_it_is_the_time_of_the_upload(self, city: City) -> None:
        row = handed_in(city)
        assert (row.taken_at, row.taken_known) == (row.received_at, Known.UPLOAD)

    def test_a_persons_word_stands_before_the_cameras(self, city: City) -> None:
        row = handed_in(city, jpeg(exif=exif(taken=camera(hours_ago(3)))), taken_at=hours_ago(5))
        assert (row.taken_at, row.taken_known, row.doubts) == (hours_ago(5), Known.PERSON, [])
        assert row.camera_time == hours_ago(3)

    @pytest.mark.parametrize(
        ("written", "doubt"),
        [("2099:01:01 10:00:00", Doubt.CLOCK_AHEAD), ("1980:01:01 00:00:12", Doubt.CLOCK_RESET)],
    )
    def test_an_impossible_clock_is_a_question_and_not_believed(self, city: City, written: str, doubt: str) -> None:
        row = handed_in(city, jpeg(exif=exif(taken=written)))
        assert (row.doubts, row.taken_known) == ([doubt], Known.UPLOAD)
        assert row.camera_time is not None

    def test_a_clock_far_behind_is_believed_and_asked_about(self, city: City) -> None:
        taken = hours_ago(24 * 40)
        row = handed_in(city, jpeg(exif=exif(taken=camera(taken))))
        assert (row.doubts, row.taken_at, row.taken_known) == ([Doubt.CLOCK_OLD], taken, Known.CAMERA)

    def test_a_clock_that_says_another_day_than_the_person_is_asked_about(self, city: City) -> None:
        row = handed_in(city, jpeg(exif=exif(taken=camera(hours_ago(60)))), taken_at=hours_ago(2))
        assert row.doubts == [Doubt.CLOCK_DIFFERS]

    @pytest.mark.parametrize(
        "written", ["0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday", "2026:13:45 99:99:99"]
    )
    def test_a_time_that_is_none_counts_as_none(self, city: City, written: str) -> None:
        row = handed_in(city, jpeg(exif=exif(taken=written)))
        assert (row.camera_time, row.taken_known, row.doubts) == (None, Known.UPLOAD, [])

    @pytest.mark.parametrize("stated", [timedelta(days=1), timedelta(days=-365 * 40)])
    def test_a_person_may_not_say_an_impossible_time(self, city: City, stated: timedelta) -> None:
        with nothing_changes(), pytest.raises(Refused) as no:
            handed_in(city, taken_at=clock.now() + stated)
        assert no.value.where == "taken_at"


class TestPoint:
    def test_the_cameras_point_is_kept_in_wgs_84(self, city: City) -> None:
        row = handed_in(city, jpeg(exif=exif(lon=LON, lat=LAT)))
        assert row.lon == pytest.approx(LON, abs=1e-6)
        assert row.lat == pytest.approx(LAT, abs=1e-6)
        assert (row.point_known, row.doubts) == (Known.CAMERA, [])

    def test_a_persons_point_stands_before_the_cameras(self, city: City) -> None:
        row = handed_in(city, jpeg(exif=exif(lon=LON, lat=LAT)), point=(111.7, 29.0))
        assert (row.point, row.point_known) == ((111.7, 29.0), Known.PERSON)

    @pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (250.0, 29.0), (111.0, 95.0)])
    def test_nonsense_is_not_kept_and_asked_about(self, city: City, lon: float, lat: float) -> None:
        row = handed_in(city, jpeg(exif=exif(lon=lon, lat=lat)))
        assert (row.point, row.doubts) == (None, [Doubt.POINT_NONSENSE])

    def test_broken_fractions_are_nonsense_too(self, city: City) -> None:
        broken = exif()
        broken.get_ifd(0x8825).update({1: "N", 2: (29.0, 1.0), 3: "E", 4: (111.0, 41.0)})
        assert handed_in(city, jpeg(exif=broken)).doubts == [Doubt.POINT_NONSENSE]

    def test_outside_the_citys_ground_it_is_kept_and_asked_about(self, city: City) -> None:
        box = {"min_lon": 111.0, "min_lat": 28.5, "max_lon": 112.0, "max_lat": 29.5}
        place(city["city"], "市界", type_id="city_area", **box)
        assert handed_in(city, jpeg(1, exif=exif(lon=LON, lat=LAT))).doubts == []
        row = handed_in(city, jpeg(2, exif=exif(lon=116.4, lat=39.9)))
        assert (row.doubts, round(row.lon or 0, 1)) == ([Doubt.POINT_OUTSIDE], 116.4)

    def test_a_person_may_not_say_a_point_that_is_none(self, city: City) -> None:
        with nothing_changes(), pytest.raises(Refused) as no:
            handed_in(city, point=(211.0, 29.0))
        assert no.value.where == "point"


def test_a_name_with_folders_and_signs_is_kept_as_a_plain_name(city: City) -> None:
    assert handed_in(city, name="..\\..\\a/b/照\x00片\n.jpg").file.name == "照片.jpg"
