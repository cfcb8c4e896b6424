"""Handing in a filled copy: kept whole with its counts and typed answers, or refused with everything that is wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, ProductError, Refused
from chuangwen.core.models import Event
from chuangwen.evidence import queries as evidence_queries
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import Evidence
from chuangwen.forms import queries, services
from chuangwen.forms.models import Answer, Form, FormVersion, Submission
from chuangwen.people.access import Viewer
from chuangwen.places.models import Place
from tests.factories import places as ground
from tests.factories import records
from tests.factories.city import City
from tests.factories.forms import MET, FormFactory, checklist, question, source, text
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db
ViewerOf = Callable[[str], Viewer]


@pytest.fixture
def form(city: City) -> Form:
    return FormFactory.create(unit=city["school"], source=checklist(), place_type_id="market")


@pytest.fixture
def market(city: City) -> Place:
    return ground.place(city["school"], name="柳堤菜市场")


def hand_in(actor: Viewer, form: Form, city: City, answers: object, **more: Any) -> Submission:
    values: dict[str, Any] = {"uid": uuid4(), "unit": city["school"], "place": None} | more
    version = values.pop("version", None) or form.versions.latest("number")
    return services.submit(actor, version=version, answers=answers, **values)


def problems(call: Callable[[], object]) -> list[tuple[str, str]]:
    with nothing_changes(), pytest.raises(services.RefusedAll) as caught:
        call()
    return [(each.code, each.where) for each in caught.value.problems]


def refusal(call: Callable[[], object]) -> ProductError:
    with nothing_changes(), pytest.raises(Refused) as caught:
        call()
    assert caught.value.mend
    return caught.value


def test_a_filled_copy_is_kept_with_its_counts(city: City, viewer_of: ViewerOf, form: Form, market: Place) -> None:
    given = MET | {"notices": 2, "notices__note": "只有两处", "lit__na": True, "remark": " 下雨 "}
    with one_event("submission.filled") as written:
        row = hand_in(viewer_of("clerk"), form, city, given, place=market)
    row.refresh_from_db()
    assert (row.met, row.not_met, row.not_applicable) == (2, 1, 1)
    assert "lit" not in row.answers
    assert row.answers["remark"] == "下雨"
    assert (row.unit, row.place, row.filled_by) == (city["school"], market, city.persons["clerk"])
    assert row.day == clock.today()
    assert written.event.data == {
        "form": form.code, "number": 1, "day": str(row.day), "met": 2, "not_met": 1, "photos": 0,
    }  # fmt: skip
    assert "下雨" not in str(written.event.data)
    assert list(queries.verify_forms()) == []


def test_indexed_answers_are_kept_in_columns_of_their_type(
    city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    row = hand_in(viewer_of("clerk"), form, city, MET | {"remark": "下雨"}, place=market)
    assert set(row.typed.values_list("question", "number", "text", "choice")) == {
        ("clean", None, "", "met"),
        ("notices", 6.0, "", "met"),
        ("remark", None, "下雨", ""),
    }


def test_every_kind_has_its_column_and_all_can_be_made_anew(city: City, viewer_of: ViewerOf) -> None:
    choices = [{"key": "x", "label": text("甲")}, {"key": "y", "label": text("乙")}]
    kinds = {
        "n": ("whole", 5), "d": ("decimal", 0.5), "day": ("date", "2026-03-01"), "t": ("time", "07:30"),
        "b": ("yes_no", False), "one": ("one", "x"), "many": ("several", ["y", "x"]), "long": ("long_text", "字" * 300),
    }  # fmt: skip
    asked = [
        question(key, kind, indexed=True) | ({"choices": choices} if kind in {"one", "several"} else {})
        for key, (kind, _value) in kinds.items()
    ]
    form = FormFactory.create(unit=city["school"], source=source(*asked, question("quiet", "text", required=False)))
    row = hand_in(
        viewer_of("clerk"), form, city, {key: value for key, (_kind, value) in kinds.items()} | {"quiet": "不入列"}
    )
    columns = ["question", "number", "text", "day", "choice"]
    before = list(row.typed.values_list(*columns))
    assert [(key, number, str(day or ""), choice) for key, number, _text, day, choice in before] == [
        ("n", 5.0, "", ""),
        ("d", 0.5, "", ""),
        ("day", None, "2026-03-01", ""),
        ("t", None, "", ""),
        ("b", None, "", "no"),
        ("one", None, "", "x"),
        ("many", None, "", "x"),
        ("many", None, "", "y"),
        ("long", None, "", ""),
    ]
    Answer.objects.all().delete()
    assert services.rebuild_answers(Submission.objects.select_related("version")) == 9
    assert list(row.typed.values_list(*columns)) == before


def test_everything_that_is_wrong_is_named_and_nothing_is_kept(
    city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    given = {"clean": "not_met", "notices": "很多", "recited": 9, "recited__asked": 5, "strange": 1}
    assert problems(lambda: hand_in(viewer_of("clerk"), form, city, given, place=market)) == [
        ("answer_unknown", ""),
        ("answer_missing", "clean__note"),
        ("answer_no_number", "notices"),
        ("answer_over", "recited"),
        ("answer_missing", "lit__asked"),
        ("answer_missing", "lit"),
    ]


def test_the_same_uid_again_gives_the_copy_that_is_there(
    city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    uid = uuid4()
    first = hand_in(viewer_of("clerk"), form, city, MET, place=market, uid=uid)
    with nothing_changes():
        again = hand_in(viewer_of("clerk"), form, city, {"clean": "nonsense"}, place=market, uid=uid)
    assert again.pk == first.pk


def test_the_same_uid_from_another_person_is_a_conflict(
    city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    uid = uuid4()
    hand_in(viewer_of("clerk"), form, city, MET, place=market, uid=uid)
    with nothing_changes(), pytest.raises(Conflict):
        hand_in(viewer_of("head"), form, city, MET, place=market, uid=uid)


@pytest.mark.parametrize("who", ["stranger", "other_clerk", "reader"])
def test_nobody_fills_for_a_unit_that_is_not_theirs(
    who: str, city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    with nothing_changes(), pytest.raises(Missing):
        hand_in(viewer_of(who), form, city, MET, place=market)


def test_a_form_of_another_unit_is_not_there(city: City, viewer_of: ViewerOf) -> None:
    theirs = FormFactory.create(unit=city["second"], source=checklist())
    with nothing_changes(), pytest.raises(Missing):
        hand_in(viewer_of("clerk"), theirs, city, MET)


def test_a_form_of_a_unit_above_is_for_those_below(city: City, viewer_of: ViewerOf) -> None:
    above = FormFactory.create(unit=city["education"], source=checklist())
    assert hand_in(viewer_of("clerk"), above, city, MET).met == 4


def test_a_place_of_another_unit_is_not_there(city: City, viewer_of: ViewerOf, form: Form) -> None:
    theirs = ground.place(city["second"])
    with nothing_changes(), pytest.raises(Missing):
        hand_in(viewer_of("clerk"), form, city, MET, place=theirs)


def test_a_place_of_another_type_is_refused(city: City, viewer_of: ViewerOf, form: Form) -> None:
    school = ground.place(city["school"], type_code="school")
    problem = refusal(lambda: hand_in(viewer_of("clerk"), form, city, MET, place=school))
    assert problem.where == "place"


def test_a_form_for_places_needs_one_that_is_open_and_another_form_none(
    city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    clerk = viewer_of("clerk")
    assert refusal(lambda: hand_in(clerk, form, city, MET)).where == "place"
    closed = ground.place(city["school"], closed_on=clock.today())
    assert refusal(lambda: hand_in(clerk, form, city, MET, place=closed)).where == "place"
    for_none = FormFactory.create(unit=city["school"], source=checklist())
    assert refusal(lambda: hand_in(clerk, for_none, city, MET, place=market)).where == "place"


def test_a_retired_form_takes_no_copy(city: City, viewer_of: ViewerOf, form: Form, market: Place) -> None:
    services.retire(viewer_of("office"), form, reason="改用新表")
    assert "停用" in str(refusal(lambda: hand_in(viewer_of("clerk"), form, city, MET, place=market)).message)


def test_who_was_filling_when_the_next_version_came_may_still_hand_in_and_a_day_later_not(
    city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    old = form.versions.get()
    services.publish(viewer_of("office"), form, source(question("new", "text")))
    assert hand_in(viewer_of("clerk"), form, city, MET, place=market, version=old).version == old
    FormVersion.objects.filter(pk=old.pk).update(
        published_at=clock.now() - timedelta(days=9), retired_at=clock.now() - timedelta(days=2)
    )
    problem = refusal(lambda: hand_in(viewer_of("clerk"), form, city, MET, place=market, version=old))
    assert "新的" in str(problem.message)


def test_a_version_that_is_gone_is_not_there(city: City, viewer_of: ViewerOf, form: Form, market: Place) -> None:
    gone = form.versions.get()
    gone.uid = uuid4()
    with nothing_changes(), pytest.raises(Missing):
        hand_in(viewer_of("clerk"), form, city, MET, place=market, version=gone)


@pytest.mark.parametrize(("minutes", "off"), [(0, False), (-9, False), (11, True), (-60 * 24 * 400, True)])
def test_a_device_whose_clock_is_off_shows_and_ours_counts(
    minutes: int, off: bool, city: City, viewer_of: ViewerOf, form: Form, market: Place
) -> None:
    told = clock.now() + timedelta(minutes=minutes)
    times = services.Times(started_at=told - timedelta(minutes=7), told_at=told)
    row = hand_in(viewer_of("clerk"), form, city, MET, place=market, times=times)
    assert row.clock_off is off
    assert abs(row.filled_at - clock.now()) < timedelta(minutes=1)
    assert row.started_at <= row.filled_at


class TestPhotos:
    @pytest.fixture
    def proof(self, city: City) -> Form:
        return FormFactory.create(
            unit=city["school"], source=source(question("clean", "check", proof=["note", "photo"]))
        )

    @staticmethod
    def bad(*photos: UUID) -> dict[str, object]:
        return {"clean": "not_met", "clean__note": "有垃圾", "clean__photos": [str(each) for each in photos]}

    @staticmethod
    def photo(actor: Viewer, city: City) -> UUID:
        row = evidence.hand_in(actor, unit=city["school"], name="a.jpg", chunks=[records.photo()])
        return row.uid

    def test_ones_own_photo_becomes_the_proof(self, city: City, viewer_of: ViewerOf, proof: Form) -> None:
        clerk = viewer_of("clerk")
        uid = self.photo(clerk, city)
        row = hand_in(clerk, proof, city, self.bad(uid))
        assert row.answers["clean__photos"] == [str(uid)]
        assert [each.uid for each in evidence_queries.photos_of(clerk, "submission", row.uid)] == [uid]

    def test_the_photo_of_another_person_is_refused_at_its_question(
        self, city: City, viewer_of: ViewerOf, proof: Form
    ) -> None:
        uid = self.photo(viewer_of("head"), city)
        assert problems(lambda: hand_in(viewer_of("clerk"), proof, city, self.bad(uid))) == [
            ("photo_not_usable", "clean__photos")
        ]

    def test_a_withdrawn_or_unknown_photo_is_refused(self, city: City, viewer_of: ViewerOf, proof: Form) -> None:
        clerk = viewer_of("clerk")
        row = evidence.hand_in(clerk, unit=city["school"], name="a.jpg", chunks=[records.photo()])
        evidence.withdraw(clerk, row, reason="拍错")
        for uid in (row.uid, uuid4()):
            given = self.bad(uid)
            with nothing_changes(), pytest.raises(services.RefusedAll) as caught:
                hand_in(clerk, proof, city, given)
            assert [each.code for each in caught.value.problems] == ["photo_not_usable"]

    def test_a_withdrawn_copy_gives_its_photos_back(self, city: City, viewer_of: ViewerOf, proof: Form) -> None:
        clerk = viewer_of("clerk")
        photo = evidence.hand_in(clerk, unit=city["school"], name="a.jpg", chunks=[records.photo()])
        row = hand_in(clerk, proof, city, self.bad(photo.uid))
        with pytest.raises(Refused):
            evidence.withdraw(clerk, photo, reason="拍错")
        services.withdraw(clerk, uid=row.uid, reason="填错了点位")
        assert evidence.withdraw(clerk, photo, reason="拍错").withdrawn_at

    def test_also_a_photo_that_who_withdraws_it_may_not_see(self, city: City, viewer_of: ViewerOf, proof: Form) -> None:
        clerk = viewer_of("clerk")
        photo = evidence.hand_in(clerk, unit=city["school"], name="a.jpg", chunks=[records.photo()])
        row = hand_in(clerk, proof, city, self.bad(photo.uid))
        Evidence.objects.filter(pk=photo.pk).update(unit=city["second"])
        assert evidence_queries.photos(clerk, [photo.uid]) == {}
        services.withdraw(clerk, uid=row.uid, reason="填错了点位")
        assert not photo.uses.exists()
        assert Event.objects.filter(verb="evidence.use_ended", subject_uid=photo.uid).count() == 1


class TestWithdraw:
    def test_a_withdrawn_copy_stays_and_counts_nowhere(
        self, city: City, viewer_of: ViewerOf, form: Form, market: Place
    ) -> None:
        row = hand_in(viewer_of("clerk"), form, city, MET, place=market)
        with one_event("submission.withdrawn") as written:
            services.withdraw(viewer_of("clerk"), uid=row.uid, reason="填错了点位")
        assert written.event.detail.text == "填错了点位"
        assert not queries.submissions(viewer_of("clerk")).exists()
        assert queries.submission(viewer_of("clerk"), row.uid).withdrawn_at
        assert queries.submission_digests([row.uid]) == {}
        assert list(queries.submission_refs(viewer_of("clerk"), [row.uid])) == [row.uid]

    def test_it_is_withdrawn_once(self, city: City, viewer_of: ViewerOf, form: Form, market: Place) -> None:
        row = hand_in(viewer_of("clerk"), form, city, MET, place=market)
        services.withdraw(viewer_of("clerk"), uid=row.uid, reason="错")
        with nothing_changes(), pytest.raises(Refused):
            services.withdraw(viewer_of("clerk"), uid=row.uid, reason="错")

    @pytest.mark.parametrize("who", ["stranger", "other_clerk", "reader"])
    def test_others_do_not_withdraw_it(
        self, who: str, city: City, viewer_of: ViewerOf, form: Form, market: Place
    ) -> None:
        row = hand_in(viewer_of("clerk"), form, city, MET, place=market)
        with nothing_changes(), pytest.raises(Missing):
            services.withdraw(viewer_of(who), uid=row.uid, reason="错")
