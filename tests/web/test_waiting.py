"""等我办: what waits for a person over all nouns, and for those whose deputy they are."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from chuangwen.core import clock, work
from chuangwen.core.models import Import, ImportState
from chuangwen.evidence import rules as evidence_rules
from chuangwen.evidence.models import Evidence
from chuangwen.people.models import Deputy, Notice, Person
from chuangwen.reports import services as reports
from chuangwen.reports.models import Report
from tests.factories import records
from tests.factories.city import City

WAITING = "/waiting/"


def counts(city: City, part: str) -> dict[str, int]:
    return {each.work.key: each.waiting.count for each in work.waiting_for(city.viewer(part))}


def test_everybody_gets_what_is_theirs(city: City) -> None:
    own = records.build(city)
    assert counts(city, "clerk") == {"report": 1, "import": 1}
    assert counts(city, "head") == {}
    Evidence.objects.update(doubts=[evidence_rules.CLOCK_AHEAD])
    assert counts(city, "clerk") == {"report": 1, "import": 1, "evidence": 1}
    reports.move(city.viewer("clerk"), uid=own.report.uid, verb="submit")
    assert counts(city, "clerk") == {"import": 1, "evidence": 1}
    assert counts(city, "head") == {"report": 1}
    assert counts(city, "other_clerk") == {}


def test_a_draft_of_one_who_left_waits_for_who_may_write(city: City) -> None:
    records.build(city)
    Person.objects.filter(pk=city.persons["clerk"].pk).update(left_on=clock.today())
    assert counts(city, "head")["report"] == 1


def test_an_import_of_last_month_waits_for_nobody(city: City) -> None:
    records.build(city)
    Import.objects.update(created_at=clock.now() - timedelta(days=31))
    assert "import" not in counts(city, "clerk")


def test_a_deputy_has_it_too_as_long_as_they_act(city: City) -> None:
    records.build(city)
    assert counts(city, "recorder") == {}
    row = Deputy.objects.create(
        person=city.persons["clerk"], deputy=city.persons["recorder"], since=clock.today(), until=clock.today()
    )
    assert counts(city, "recorder") == {"report": 1, "import": 1}
    Deputy.objects.filter(pk=row.pk).update(ended_at=clock.now())
    assert counts(city, "recorder") == {}


def test_the_page_is_grouped_and_a_number_opens_its_rows(city: City, django_assert_max_num_queries: Any) -> None:
    own = records.build(city)
    for _each in range(11):
        Import.objects.create(
            unit_uid=city["school"].uid, file=own.import_row.file, state=ImportState.REFUSED, problem_count=2,
            created_by=city.persons["clerk"].uid, created_at=clock.now(),
        )  # fmt: skip
    client = city.client("clerk")
    with django_assert_max_num_queries(12):
        page = client.get(WAITING)
    lines = {line.work.key: line for line in page.context["found"]}
    assert (lines["import"].waiting.count, len(lines["import"].items)) == (12, 8)
    assert own.report.title in page.content.decode()
    assert "有错，未导入 2 处" in page.content.decode()
    opened = client.get(lines["import"].url)
    assert [line.work.key for line in opened.context["found"]] == ["import"]
    assert len(opened.context["found"][0].items) == 12
    assert client.get(WAITING, {"of": "nonsense"}).status_code == 404


def test_nothing_waiting_and_no_right_at_all_each_say_a_sentence(city: City) -> None:
    assert "没有等您办的事" in city.client("head").get(WAITING).content.decode()
    assert "您还没有授权" in city.client("stranger").get(WAITING).content.decode()


def test_who_checks_is_told_of_a_draft_and_who_wrote_of_its_return(city: City) -> None:
    own = records.build(city)
    Notice.objects.all().delete()
    reports.move(city.viewer("clerk"), uid=own.report.uid, verb="submit")
    assert [each.person for each in Notice.objects.all()] == [city.persons["head"]]
    told = city.client("head").get(reverse("notices")).content.decode()
    assert own.report.title in told
    assert "等您核稿" in told
    reports.move(city.viewer("head"), uid=own.report.uid, verb="return", reason="数字不对")
    page = city.client("clerk").get(reverse("notices")).content.decode()
    assert own.report.title in page
    assert "退回来了" in page
    assert "数字不对" not in str(list(Notice.objects.values_list("data", flat=True)))


def test_what_a_person_began_is_shown_when_they_hand_over(city: City) -> None:
    records.build(city)
    found = {each.work.key: each.waiting for each in work.held(city.viewer("head"), city.persons["clerk"])}
    assert {key: waiting.count for key, waiting in found.items()} == {
        "case_opened": 1, "report": 1, "import": 1, "grant": 1,
    }  # fmt: skip
    assert found["report"].items[0].text == Report.objects.get().title
    hidden = {each.work.key: each.waiting for each in work.held(city.viewer("other_clerk"), city.persons["clerk"])}
    assert {key: len(waiting.items) for key, waiting in hidden.items()} == {
        "case_opened": 0, "report": 0, "import": 0, "grant": 0,
    }  # fmt: skip
