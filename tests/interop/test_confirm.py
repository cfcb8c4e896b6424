"""The clerk has seen what will come in and says yes, once."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from chuangwen.core.errors import Conflict, Missing
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.duties.models import Outcome
from chuangwen.interop import services
from tests.factories.city import City
from tests.factories.state import nothing_changes
from tests.interop.sending import confirm, send
from tests.interop.workbooks import book, changed, outcomes, sheet


def test_a_checked_workbook_comes_in_when_it_is_confirmed(city: City) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], outcomes())
    assert (sent.state, Outcome.objects.count()) == (ImportState.READY, 0)
    assert confirm(clerk, sent).state == ImportState.DONE
    assert (Outcome.objects.count(), Event.objects.filter(verb="import.done").count()) == (3, 1)


def test_of_two_who_confirm_at_once_one_is_told_that_it_is_done(city: City) -> None:
    sent = send(city.client("clerk"), city["school"], outcomes())
    both = [Import.objects.get(pk=sent.pk) for _each in range(2)]
    services.confirm(city.viewer("clerk"), both[0])
    with pytest.raises(Conflict, match="不在“可以导入”的状态"):
        services.confirm(city.viewer("head"), both[1])


def test_confirming_twice_on_the_page_brings_in_once(city: City) -> None:
    clerk = city.client("clerk")
    sent = confirm(clerk, send(clerk, city["school"], outcomes()))
    with nothing_changes():
        answer = clerk.post(reverse("confirm-import", args=[sent.uid]))
    assert answer.status_code == 409
    assert "刷新页面看现在的状态" in answer.content.decode()


def test_a_refused_workbook_cannot_be_confirmed(city: City) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], outcomes(changed(0, 4, -1)))
    with nothing_changes():
        assert clerk.post(reverse("confirm-import", args=[sent.uid])).status_code == 409


def test_looking_at_the_address_confirms_nothing(city: City) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], outcomes())
    with nothing_changes():
        assert clerk.get(reverse("confirm-import", args=[sent.uid])).status_code == 405


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_the_wrong_person_cannot_confirm(city: City, part: str) -> None:
    sent = send(city.client("clerk"), city["school"], outcomes())
    with pytest.raises(Missing), nothing_changes():
        services.confirm(city.viewer(part), sent)
    client = city.client(part)
    with nothing_changes():
        assert client.post(reverse("confirm-import", args=[sent.uid])).status_code == 404


UNITS = sheet(
    "单位名册", ["单位代码", "单位名称", "简称", "类别", "上级单位"], [["school-office", "办公室", "", "科室", ""]]
)


def test_who_may_not_bring_units_in_cannot_go_on_with_the_workbook_of_who_may(city: City) -> None:
    sent = send(city.client("head"), city["school"], book(UNITS))
    clerk = city.viewer("clerk")
    columns = {"单位名册": {"noun": "unit", "header_row": 3, "height": 1, "columns": {}}}
    steps: tuple[Callable[[], object], ...] = (
        lambda: services.confirm(clerk, sent),
        lambda: services.mend(clerk, sent, {"单位名册": {"4": {"code": "mine"}}}),
        lambda: services.map_columns(clerk, sent, mapped=columns, headings={}),
        lambda: services.drop_mends(clerk, sent),
    )
    for step in steps:
        with pytest.raises(Missing), nothing_changes():
            step()
    assert confirm(city.client("head"), sent).state == ImportState.DONE


def test_the_job_asks_for_the_rights_of_who_confirmed_too(city: City) -> None:
    sent = send(city.client("head"), city["school"], book(UNITS))
    Import.objects.filter(pk=sent.pk).update(state=ImportState.IMPORTING)
    refused = services.bring_in(sent, confirmed_by=city.persons["clerk"].uid)
    assert [each["code"] for each in refused.problems] == ["noun_not_allowed"]


@pytest.mark.parametrize("state", [ImportState.DISMISSED, ImportState.REFUSED, ImportState.WAITING, ImportState.READY])
def test_a_job_brings_in_only_what_stands_confirmed(city: City, state: ImportState) -> None:
    sent = send(city.client("clerk"), city["school"], outcomes())
    Import.objects.filter(pk=sent.pk).update(state=state)
    with nothing_changes():
        assert services.bring_in(sent, confirmed_by=city.persons["clerk"].uid).state == state


@pytest.mark.parametrize("state", [ImportState.DISMISSED, ImportState.REFUSED])
def test_the_command_brings_in_nothing_that_was_refused_or_put_away(city: City, state: ImportState) -> None:
    sent = send(city.client("clerk"), city["school"], outcomes())
    Import.objects.filter(pk=sent.pk).update(state=state)
    with nothing_changes():
        assert services.bring_in(sent).state == state
