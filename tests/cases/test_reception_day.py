"""A6: a leader's reception day: matters one by one, confidential everywhere, with its settled rate."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from chuangwen.cases import queries, receptions, services
from chuangwen.cases.models import Case, Petition
from chuangwen.cases.services import Given, Matter, ReporterGiven
from chuangwen.core import clock, events, search
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event
from tests.factories.cases import category
from tests.factories.city import City

pytestmark = pytest.mark.practice("A6")
SECRET = "拖欠工程款六年"


def matter(city: City, **more: Any) -> Matter:
    values: dict[str, Any] = {
        "uid": uuid4(), "unit": city["city"], "received_by": city.persons["leader"], "day": clock.today(),
        "title": SECRET, "heads": 3,
    }  # fmt: skip
    return Matter(**values | more)


def received(city: City, by: str = "dispatcher", **more: Any) -> Case:
    return services.receive(city.viewer(by), matter(city, **more)).case


def handed(city: City, **more: Any) -> Case:
    return received(city, lead=city["bureau"], category=category("dispute_matter"), **more)


def settle(city: City, case: Case) -> None:
    services.move(city.viewer("lead_head"), uid=case.uid, verb="fix", given=Given(reason="已付清"))
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="verify", given=Given(reason="本人签字"))


def test_a_matter_is_a_confidential_case_with_who_received_it(city: City) -> None:
    case = handed(city, leader=city.persons["leader"])
    kept = Petition.objects.get(case=case)
    assert (case.kind, case.confidential, case.channel, case.state) == ("petition", True, "reception", "sent")
    assert (kept.received_by, kept.heads, case.leader) == (city.persons["leader"], 3, city.persons["leader"])


def test_without_a_unit_it_waits_at_the_desk(city: City) -> None:
    assert received(city).state == "received"


def test_sent_twice_it_is_one_matter(city: City) -> None:
    given = matter(city)
    first = services.receive(city.viewer("dispatcher"), given).case
    assert services.receive(city.viewer("dispatcher"), given).case == first
    assert Petition.objects.count() == 1


def test_a_day_to_come_and_nobody_at_all_are_refused(city: City) -> None:
    with pytest.raises(Refused, match="还没有到"):
        received(city, day=clock.today() + timedelta(days=1))
    with pytest.raises(Refused, match="人数不对"):
        received(city, heads=0)


def exported(answer: Any) -> str:
    """The words of an export; nothing where the page is not there."""
    if answer.status_code == 404:
        return ""
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue()), read_only=True).worksheets[0]
    return " ".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def test_who_may_see_them_finds_them_in_list_and_export(city: City) -> None:
    case = received(city)
    client = city.client("dispatcher")
    assert case.number in client.get(reverse("cases") + "?view=all").content.decode()
    assert case.number in exported(client.get(reverse("cases") + "?view=all&export=xlsx"))


@pytest.mark.parametrize("part", ["supervisor", "lead_clerk", "street_clerk", "stranger", "reader"])
def test_who_may_not_see_such_matters_meets_none_anywhere(city: City, part: str) -> None:
    case = received(city, reporter=ReporterGiven("张三", "13900001234"))
    while events.seal():
        pass
    search.follow_to_the_end()
    client = city.client(part)
    for name in ("reception", "new-matter"):
        assert client.get(reverse(name)).status_code == 404
    assert client.get(reverse("reception-day", args=[clock.today().isoformat()])).status_code == 404
    assert client.get(reverse("case", args=[case.uid])).status_code == 404
    shown = [client.get(reverse("cases") + query) for query in ("?view=all", f"?view=all&q={SECRET[:4]}")]
    shown.append(client.get(reverse("search") + f"?q={SECRET[:4]}&go=1"))
    shown.append(client.get(reverse("case-board")))
    for answer in shown:
        text = answer.content.decode()
        assert case.number not in text
        assert SECRET not in text
    assert case.number not in exported(client.get(reverse("cases") + "?view=all&export=xlsx"))
    assert not queries.cases(city.viewer(part)).filter(pk=case.pk).exists()
    assert queries.case_refs(city.viewer(part), [case.uid]) == {}
    with pytest.raises(Missing):
        receptions.days(city.viewer(part))


def test_the_log_holds_ids_and_no_words(city: City) -> None:
    received(city, text="欠款明细", reporter=ReporterGiven("张三", "13900001234"))
    said = "".join(str(row.data) for row in Event.objects.all())
    for word in (SECRET, "欠款明细", "张三", "13900001234"):
        assert word not in said


def test_the_settled_rate_counts_what_was_closed_and_opens(city: City) -> None:
    one, other = handed(city), handed(city)
    settle(city, one)
    received(city, received_by=city.persons["head"])
    day = next(row for row in receptions.days(city.viewer("dispatcher")) if row.leader == "leader 的姓名")
    assert (day.matters, day.settled, day.heads) == (2, 1, 6)
    client = city.client("dispatcher")
    for name in ("matters", "settled"):
        assert client.get(day.urls[name]).context["list"].total == str(getattr(day, name))
    page = client.get(reverse("reception")).content.decode()
    assert "50.0%" in page
    paper = client.get(reverse("reception-day", args=[clock.today().isoformat()])).content.decode()
    assert one.number in paper
    assert other.number in paper


def sheet(city: City, client: Any, **more: Any) -> dict[str, Any]:
    shown = client.get(reverse("new-matter")).context["form"]
    return {
        "uid": str(shown["uid"].value()), "day": clock.today().isoformat(), "received_by": "leader",
        "title": "小区电梯停运", "heads": "2", "repeated": "first", "contact": "139 0000 1234", **more,
    }  # fmt: skip


def test_a_reception_day_is_written_down_one_by_one(city: City) -> None:
    """Nothing waits for the end of the day: every press keeps one, and the page has the next one ready."""
    client = city.client("dispatcher")
    for number in range(3):
        answer = client.post(reverse("new-matter"), sheet(city, client, title=f"第{number}件", contact=""))
        assert f"received_by={city.persons['leader'].code}" in answer["Location"]
    page = client.get(answer["Location"])
    assert [case.title for case in page.context["kept"]] == ["第0件", "第1件", "第2件"]
    assert page.context["form"]["received_by"].value() == "leader"


def test_who_came_before_is_named_and_asked_about_once(city: City) -> None:
    client = city.client("dispatcher")
    client.post(reverse("new-matter"), sheet(city, client))
    before = Case.objects.get()
    again = client.post(reverse("new-matter"), sheet(city, client, contact="13900001234"))
    assert before.number in again.content.decode()
    assert Case.objects.count() == 1
    client.post(reverse("new-matter"), sheet(city, client, repeated="repeated"))
    client.post(reverse("new-matter"), sheet(city, client, another="on"))
    assert sorted(Petition.objects.values_list("repeated", flat=True)) == [False, False, True]


def test_the_form_sent_twice_keeps_one(city: City) -> None:
    client = city.client("dispatcher")
    filled = sheet(city, client)
    client.post(reverse("new-matter"), filled)
    client.post(reverse("new-matter"), filled)
    assert Case.objects.count() == 1


def test_a_year_of_days_costs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for back in range(6):
        received(city, day=clock.today() - timedelta(days=back))
    client = city.client("dispatcher")
    with django_assert_max_num_queries(14):
        assert len(client.get(reverse("reception")).context["days"]) == 6
    with django_assert_max_num_queries(14):
        client.get(reverse("reception-day", args=[clock.today().isoformat()]))
    with django_assert_max_num_queries(24):
        client.get(reverse("new-matter"))
