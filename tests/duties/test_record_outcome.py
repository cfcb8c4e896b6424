"""Recording one outcome: a counted fact, once, by who may, with its event."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.duties import services
from chuangwen.duties.models import Outcome, OutcomeKind
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event


def given(city: City, **changed: Any) -> dict[str, Any]:
    kind = OutcomeKind.objects.get(code=changed.pop("kind", "litter_picked"))
    return {"unit": city["c98"], "kind": kind, "amount": 5, "day": clock.today(), "note": "桥口街", **changed}


def posted(city: City, **changed: object) -> dict[str, object]:
    return {
        "unit": city["c98"].pk, "kind": "litter_picked", "amount": 5, "day": clock.today().isoformat(),
        "handling": "handled", "note": "桥口街", **changed,
    }  # fmt: skip


@pytest.mark.parametrize("part", ["recorder", "clerk", "head", "office"])
def test_it_is_kept_with_one_event_of_codes_and_amounts(city: City, part: str) -> None:
    with one_event("outcome.recorded") as written:
        row = services.record_outcome(city.viewer(part), **given(city))
    row.refresh_from_db()
    assert (row.amount, str(row.kind_id), row.unit, row.note) == (5, "litter_picked", city["c98"], "桥口街")
    assert row.recorded_by == city.persons[part].uid
    assert written.event.data == {"kind": "litter_picked", "amount": 5, "day": clock.today().isoformat()}
    assert (written.event.subject_uid, written.event.unit_uid) == (row.uid, city["c98"].uid)
    assert written.event.detail_digest == ""


@pytest.mark.parametrize("part", ["other_clerk", "reader", "stranger"])
def test_the_wrong_person_does_not_learn_that_the_class_is_there(city: City, part: str) -> None:
    with pytest.raises(Missing), nothing_changes():
        services.record_outcome(city.viewer(part), **given(city))


def test_a_class_teacher_records_for_no_other_class(city: City) -> None:
    with pytest.raises(Missing), nothing_changes():
        services.record_outcome(city.viewer("recorder"), **given(city, unit=city["c99"]))


def test_a_day_to_come_is_refused(city: City) -> None:
    with pytest.raises(Refused, match="日期在今天之后") as refused, nothing_changes():
        services.record_outcome(city.viewer("clerk"), **given(city, day=clock.today() + timedelta(days=1)))
    assert (refused.value.where, refused.value.mend) == ("day", "成效只记已经发生的，请改日期")


def test_a_kind_that_has_types_is_refused_for_one_of_its_types(city: City) -> None:
    with pytest.raises(Refused, match="“文明劝导”要分细类记"), nothing_changes():
        services.record_outcome(city.viewer("clerk"), **given(city, kind="persuaded"))
    services.record_outcome(city.viewer("clerk"), **given(city, kind="persuaded_parking"))


def test_the_same_person_and_uid_again_gets_the_row_that_is_there(city: City) -> None:
    uid = uuid4()
    first = services.record_outcome(city.viewer("clerk"), **given(city, uid=uid))
    with nothing_changes():
        again = services.record_outcome(city.viewer("clerk"), **given(city, uid=uid, amount=99))
    assert (again.pk, again.amount) == (first.pk, 5)


def test_another_person_with_the_same_uid_gets_a_conflict(city: City) -> None:
    uid = uuid4()
    services.record_outcome(city.viewer("clerk"), **given(city, uid=uid))
    with pytest.raises(Conflict, match="已被别人用过"), nothing_changes():
        services.record_outcome(city.viewer("head"), **given(city, uid=uid))


def test_the_page_records_and_leads_to_the_record(city: City, client_of: Callable[[str], Client]) -> None:
    with one_event("outcome.recorded"):
        answer = client_of("clerk").post(reverse("new-outcome"), posted(city))
    row = Outcome.objects.get()
    assert answer["Location"] == reverse("outcome", args=[row.uid])
    assert (row.amount, row.unit, row.note, row.handling) == (5, city["c98"], "桥口街", "handled")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", 0, "数量要大于 0。没有就不必登记"),
        ("amount", "三", "写整数，如 3"),
        ("day", "2026-02-30", "这不是日期。写成 2026-04-02 这样"),
        ("day", "2099-01-01", "日期在今天之后。成效只记已经发生的，请改日期"),
    ],
)
def test_bad_input_gets_its_sentence_at_its_field_and_nothing_is_kept(
    city: City, client_of: Callable[[str], Client], field: str, value: object, sentence: str
) -> None:
    clerk = client_of("clerk")
    with nothing_changes():
        answer = clerk.post(reverse("new-outcome"), posted(city, **{field: value}))
    assert answer.context["form"].errors == {field: [sentence]}
    assert sentence in answer.content.decode()


def test_the_form_offers_only_units_of_ones_own_and_kinds_without_types(
    city: City, client_of: Callable[[str], Client]
) -> None:
    form = client_of("recorder").get(reverse("new-outcome")).context["form"]
    assert list(form.fields["unit"].queryset) == [city["c98"]]
    kinds = set(form.fields["kind"].queryset.values_list("code", flat=True))
    assert "persuaded_crossing" in kinds
    assert "persuaded" not in kinds
    answer = client_of("recorder").post(reverse("new-outcome"), posted(city, unit=city["c99"].pk))
    assert list(answer.context["form"].errors) == ["unit"]


@pytest.mark.parametrize("part", ["reader", "stranger"])
def test_who_records_nothing_finds_no_form(client_of: Callable[[str], Client], part: str) -> None:
    assert client_of(part).get(reverse("new-outcome")).status_code == 404
