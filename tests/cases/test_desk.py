"""The dispatch desk: what waits for the office, oldest deadline first, filed and handed over in one act."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangwen.cases import services
from chuangwen.cases.models import Case, CasePart, CaseStep, Channel, Part, RoutingRule
from chuangwen.cases.services import Given, ReporterGiven
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.models import Event
from chuangwen.people.models import Grant
from chuangwen.places.models import Charge, Responsibility
from tests.factories import cases as made
from tests.factories.city import ANONYMOUS, City
from tests.factories.places import MIDDLE, drawn, place
from tests.factories.state import nothing_changes

Queries = Callable[[int], Any]
DESK = "/cases/desk/"
EVIL = "<script>alert(1)</script>"


def page(city: City, by: str = "dispatcher", **query: Any) -> str:
    response = city.client(by).get(DESK, query)
    assert response.status_code == 200
    return response.content.decode()


def due(case: Case, hours: int) -> Case:
    """So many hours from now the running phase ends."""
    case.due_at = clock.now() + timedelta(hours=hours)
    case.save(update_fields=["due_at"])
    return case


def values(case: Case, **more: Any) -> dict[str, Any]:
    """What the page of this case posts, as it was read."""
    return {"seen": case.revision, "step": case.state, "next": ""} | more


def post(city: City, case: Case, act: str, by: str | Client = "dispatcher", **sent: Any) -> Any:
    address = reverse("act-at-desk", args=[case.uid, act])
    client = by if isinstance(by, Client) else city.client(by)
    return client.post(f"{address}?tab=all", values(case, **sent))


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def said(client_page: Any) -> str:
    return str(client_page.content.decode())


# ---- who has a desk, and what is on it ----


@pytest.mark.parametrize("by", ["stranger", "reader", "leader", "recorder"])
def test_who_hands_nothing_over_has_no_desk(city: City, by: str) -> None:
    case = made.opened(city)
    client = city.client(by)
    assert client.get(DESK).status_code == 404
    with nothing_changes():
        assert post(city, case, "decline", by=client, reason="没有事").status_code == 404


def test_nobody_gets_in_without_signing_in(city: City) -> None:
    assert city.client(ANONYMOUS).get(DESK).status_code == 302


def test_a_unit_has_on_its_desk_what_it_keeps_and_nothing_of_the_city(city: City) -> None:
    of_city = made.opened(city, title="全市的一件")
    own = made.opened(city, title="学校自己的一件", unit=city["school"])
    text = page(city, "clerk")
    assert own.number in text
    assert of_city.number not in text
    response = post(city, of_city, "decline", by="clerk", reason="不归我们")
    assert response.status_code == 404
    assert now(of_city).state == "received"


def test_an_empty_desk_says_what_will_come(city: City) -> None:
    assert "这里没有等着的事项" in page(city)


def test_the_oldest_deadline_comes_first_whatever_it_waits_for(city: City) -> None:
    late = due(made.opened(city, title="晚到期"), 30)
    first = due(made.filed(city, title="先到期"), -2)
    text = page(city)
    assert text.index("先到期") < text.index("晚到期")
    assert f'<h2 class="cw-song">{first.title}</h2>' in text
    assert f"case={late.uid}" in text


def test_each_tab_has_its_own_and_its_count(city: City) -> None:
    received = made.opened(city, title="甲甲甲甲")
    filed = made.filed(city, title="乙乙乙乙")
    disputed = bounced(city, title="丙丙丙丙")
    asked = made.sent(city, title="丁丁丁丁")
    ask(city, asked)
    made.sent(city, title="不用办")
    for tab, case in {"file": received, "dispatch": filed, "decide": disputed, "asked": asked}.items():
        text = page(city, tab=tab)
        assert [title for title in ("甲甲甲甲", "乙乙乙乙", "丙丙丙丙", "丁丁丁丁", "不用办") if title in text] == [
            case.title
        ]
    response = city.client("dispatcher").get(DESK)
    counts = {tab.key: tab.count for tab in response.context["queue"].tabs}
    assert counts == {"all": 4, "file": 1, "dispatch": 1, "decide": 1, "asked": 1}
    assert city.client("dispatcher").get(DESK, {"tab": "file"}).context["queue"].tabs == response.context["queue"].tabs


def test_what_is_confidential_is_seen_by_who_may_and_by_nobody_else(city: City) -> None:
    made.opened(city, kind="petition", title="来访反映的事")
    Grant.objects.filter(person=city.persons["dispatcher"]).update(role="unit_clerk")
    assert "来访反映的事" not in page(city)
    Grant.objects.filter(person=city.persons["dispatcher"]).update(role="unit_head")
    assert "来访反映的事" in page(city)


# ---- the one act ----


def test_file_and_dispatch_is_two_steps_and_two_events_in_one_act_and_the_next_case_comes(city: City) -> None:
    case, other = due(made.opened(city), 1), due(made.opened(city, title="下一件"), 2)
    seen = Event.objects.order_by("id").last()
    response = post(city, case, "send", category="bicycle_parking", lead="市城管局", next=str(other.uid))
    assert response.status_code == 302
    assert response.url == f"/cases/desk/?tab=all&case={other.uid}"
    done = now(case)
    assert (done.state, done.lead, done.category_id) == ("sent", city["bureau"], "bicycle_parking")
    assert [step.verb for step in done.steps.order_by("id")] == ["open", "file", "dispatch"]
    written = Event.objects.filter(id__gt=seen.pk if seen else 0).order_by("id")
    assert list(written.values_list("verb", flat=True)) == ["case.file", "case.dispatch"]


def test_if_it_cannot_be_handed_over_it_is_not_filed_either(city: City) -> None:
    case = made.opened(city)
    parts = [services.PartGiven(city["bureau"])]
    with nothing_changes(), pytest.raises(Refused) as refused:
        services.file_and_dispatch(
            city.viewer("dispatcher"), uid=case.uid, category=made.category(), lead=city["bureau"], parts=parts
        )
    assert refused.value.where == "parts"


def test_assisting_units_copies_leader_and_day_go_along(city: City) -> None:
    case = made.opened(city)
    day = clock.today() + timedelta(days=20)
    post(
        city, case, "send", category="bicycle_parking", lead="anlan-urban", unit_0="文庙街道", task_0="增画停车框",
        how_0="blocking", unit_1="城管一中队", how_1="assist", unit_2="市教育局", how_2="copy", leader="leader 的姓名",
        until=str(day), reason="上午去看",
    )  # fmt: skip
    done = now(case)
    parts = CasePart.objects.filter(case=case, ended_at=None).values_list("unit__name", "part", "task", "blocking")
    assert set(parts) == {
        ("市城管局", Part.LEAD, "", False), ("文庙街道", Part.ASSIST, "增画停车框", True),
        ("城管一中队", Part.ASSIST, "", False), ("市教育局", Part.COPY, "", False),
    }  # fmt: skip
    assert done.leader == city.persons["leader"]
    assert done.fix_due_at is not None
    assert timezone.localtime(done.fix_due_at).date() == day
    assert CaseStep.objects.get(case=case, verb="dispatch").text == "上午去看"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"category": "", "lead": "市城管局"}, "这个字段是必填项"),
        ({"category": "manhole", "lead": ""}, "这个字段是必填项"),
        ({"category": "manhole", "lead": "没有的局"}, "没有“没有的局”这个单位。从列表里选"),
        ({"category": "manhole", "lead": "市城管局", "unit_0": "市城管局", "how_0": "assist"}, "同一个单位写了两次"),
        ({"category": "manhole", "lead": "市城管局", "leader": "无此人"}, "没有找到“无此人”。写全名或工号"),
        ({"category": "manhole", "lead": "市城管局", "until": "2026-01-01"}, "写的日子已经过了"),
    ],
)
def test_what_will_not_do_is_said_and_what_was_written_stays(city: City, sent: dict[str, str], sentence: str) -> None:
    case = made.opened(city)
    client = city.client("dispatcher")
    with nothing_changes():
        response = post(city, case, "send", by=client, reason="写了半天的话", **sent)
    assert response.status_code == 200
    assert sentence in said(response)
    assert "写了半天的话" in said(response)


def test_filing_alone_asks_for_no_unit(city: City) -> None:
    case = made.opened(city)
    assert post(city, case, "file", category="manhole", lead="").status_code == 302
    assert (now(case).state, now(case).category_id) == ("filed", "manhole")


def test_what_is_filed_already_is_handed_over_without_asking_for_its_category(city: City) -> None:
    case = made.filed(city)
    assert 'name="category"' not in page(city)
    post(city, case, "send", lead="文庙街道")
    assert (now(case).state, now(case).lead) == ("sent", city["street"])


def test_a_unit_outside_the_keepers_house_is_not_offered(city: City) -> None:
    case = made.opened(city, unit=city["school"])
    response = post(city, case, "send", by="clerk", category="manhole", lead="市城管局")
    assert "没有“市城管局”这个单位" in said(response)
    assert now(case).state == "received"


# ---- what stands beside it ----


def test_the_proposal_stands_in_the_form_with_its_reason_and_follows_the_category(city: City) -> None:
    RoutingRule.objects.create(code="lids", name="井盖归街道", sort=5, category_id="manhole", unit=city["street"])
    where = place(city["street"], name="文庙集贸市场")
    for unit, charge in ((city["bureau"], Charge.LEAD), (city["squad"], Charge.ASSIST)):
        Responsibility.objects.create(place=where, unit=unit, charge=charge, since=date(2026, 1, 1))
    case = made.opened(city, place=where)
    text = page(city)
    assert 'value="市城管局"' in text
    assert "点位“文庙集贸市场”今天由市城管局负责" in text
    assert '<input type="text" name="unit_0" value="城管一中队"' in text
    text = page(city, case=case.uid, category="manhole")
    assert "规则“井盖归街道”：井盖缺损，归文庙街道" in text
    assert '<option value="manhole" selected>' in text


def test_the_category_that_it_came_with_is_chosen(city: City) -> None:
    made.opened(city, category=made.category("street_lamp"))
    assert '<option value="street_lamp" selected>' in page(city)


def test_the_nine_categories_filed_most_have_a_key(city: City) -> None:
    for _number in range(2):
        made.filed(city, "vehicle_safety")
    case = made.opened(city)
    keys = city.client("dispatcher").get(DESK, {"case": str(case.uid)}).context["keys"]
    assert [row.pk for row in keys][:2] == ["vehicle_safety", "exposed_rubbish"]
    assert len(keys) == 9


def test_what_may_be_the_same_stands_beside_it_across_doors_and_is_merged_with_one_key(city: City) -> None:
    earlier = made.sent(city, point=MIDDLE)
    case = made.opened(
        city, kind="report", point=(MIDDLE[0] + 0.0003, MIDDLE[1]), title="盲道被单车占了", channel=Channel.CITIZEN,
        reporter=ReporterGiven("", "13800000000"),
    )  # fmt: skip
    text = page(city)
    assert f"{earlier.number} 盲道被共享单车占用" in text
    assert "相距 29 米" in text
    assert 'data-key="m"' in text
    post(city, case, "merge", number=earlier.number)
    assert (now(case).state, now(case).into) == ("merged", earlier)


def test_at_a_long_place_two_things_are_not_the_same_for_sharing_its_point(city: City) -> None:
    road = drawn(city["street"], shapely.LineString([(111.68, 29.03), (111.70, 29.03)]), type_code="trunk_road")
    made.opened(city, place=road, title="垃圾桶满溢")
    made.opened(city, place=road, title="盲道被单车占了")
    case = made.opened(city, place=road)
    likely = city.client("dispatcher").get(DESK, {"case": str(case.uid)}).context["sheet"].likely
    assert [each.case.title for each in likely] == ["盲道被单车占了"]


def test_what_is_closed_may_be_like_it_but_is_not_merged_into(city: City) -> None:
    made.closed(city, point=MIDDLE)
    made.opened(city, point=MIDDLE)
    text = page(city)
    assert "可能是同一件" in text
    assert "并到这件" not in text


def test_a_number_that_is_none_is_said(city: City) -> None:
    case = made.opened(city)
    response = post(city, case, "merge", number="2611-9999")
    assert "没有编号是“2611-9999”的事项" in said(response)


def test_declined_with_words_of_ones_own_or_the_frequent_ones(city: City) -> None:
    first, second, third = (made.opened(city, title=f"第{number}件") for number in range(3))
    post(city, first, "decline", reason="现场没有", told="on")
    post(city, second, "decline", words="repeated", reason="")
    response = post(city, third, "decline", reason=" ")
    steps = {step.case_id: (step.text, step.open) for step in CaseStep.objects.filter(verb="decline")}
    assert steps == {first.pk: ("现场没有", True), second.pk: ("同一事项已经在办，不再另立。", False)}
    assert "没有写原因或情况" in said(response)


# ---- two at one desk ----


def test_a_case_that_a_colleague_took_is_told_and_the_next_one_comes(city: City) -> None:
    case, other = due(made.opened(city), 1), due(made.opened(city, title="下一件"), 2)
    mine = values(case, category="manhole", lead="文庙街道", next=str(other.uid))
    post(city, case, "send", by="office", category="bicycle_parking", lead="市城管局")
    client = city.client("dispatcher")
    response = client.post(reverse("act-at-desk", args=[case.uid, "send"]), mine, follow=True)
    text = said(response)
    assert f"{case.number} 您看的时候，office 的姓名 已经动过这件事项，现在是“待签收”" in text
    assert f'<h2 class="cw-song">{other.title}</h2>' in text
    assert now(case).lead == city["bureau"]


def test_one_that_was_only_filed_meanwhile_stays_with_what_was_written(city: City) -> None:
    case = made.opened(city)
    mine = values(case, category="manhole", lead="文庙街道", reason="写了半天的话")
    services.move(city.viewer("office"), uid=case.uid, verb="file", given=Given(category=made.category()))
    address = reverse("act-at-desk", args=[case.uid, "send"])
    response = city.client("dispatcher").post(address, mine)
    assert "office 的姓名 已经动过这件事项，现在是“待派遣”" in said(response)
    assert "写了半天的话" in said(response)
    # Pressing again is a decision: the page knows what stands now.
    again = {"seen": now(case).revision, "step": "filed", "lead": "文庙街道"}
    assert f'name="seen" value="{again["seen"]}"' in said(response)
    city.client("dispatcher").post(address, again)
    assert (now(case).state, now(case).lead) == ("sent", city["street"])


def test_an_address_of_a_case_that_waits_no_longer_says_who_did_what(city: City) -> None:
    case = made.sent(city)
    made.opened(city, title="还在等的")
    text = page(city, case=case.uid)
    assert "dispatcher 的姓名已经办了“派遣”，现在是“待签收”。" in text
    assert '<h2 class="cw-song">还在等的</h2>' in text


# ---- deciding, and answering requests ----


def bounced(city: City, **more: Any) -> Case:
    """Refused twice and passed on once between two units that do not want it."""
    case = made.sent(city, **more)
    services.move(city.viewer("lead_clerk"), uid=case.uid, verb="refuse", given=Given(reason="不归城管"))
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="dispatch", given=Given(lead=city["street"]))
    clerk = city.viewer("street_clerk")
    services.move(clerk, uid=case.uid, verb="transfer", given=Given(lead=city["bureau"], reason="归城管"))
    last = Given(reason="还是不归城管")
    return services.move(city.viewer("lead_clerk"), uid=case.uid, verb="refuse", given=last)


def test_the_desk_shows_who_passed_it_on_with_what_words_and_for_how_long_each_had_it(city: City) -> None:
    case = bounced(city)
    for number, step in enumerate(CaseStep.objects.filter(case=case).order_by("id")):
        CaseStep.objects.filter(pk=step.pk).update(at=clock.now() - timedelta(hours=60) + timedelta(hours=10 * number))
    found = city.client("dispatcher").get(DESK).context["sheet"].hops
    assert [(hop.unit, hop.verb, hop.text, hop.took) for hop in found] == [
        ("市城管局", "refuse", "不归城管", "10 小时"),
        ("文庙街道", "transfer", "归城管", "10 小时"),
        ("市城管局", "refuse", "还是不归城管", "10 小时"),
    ]
    assert "留了 10 小时" in page(city)


def test_each_step_of_passing_on_is_of_the_unit_that_passed_it_on(city: City) -> None:
    case = bounced(city)
    rows = CaseStep.objects.filter(case=case, verb__in=("refuse", "transfer")).order_by("id")
    assert [step.unit for step in rows] == [city["bureau"], city["street"], city["bureau"]]


def test_the_office_decides_with_a_reason_and_whom_it_names_keeps_it(city: City) -> None:
    case = bounced(city)
    assert post(city, case, "send", lead="市城管局").status_code == 200
    assert now(case).state == "disputed"
    post(city, case, "send", lead="市城管局", reason="路面权属在城管")
    done = now(case)
    assert (done.state, done.lead, done.decided) == ("sent", city["bureau"], True)


def ask(city: City, case: Case, verb: str = "ask_extension", days: int = 30) -> Case:
    given = Given(reason="等材料到货", until=clock.now() + timedelta(days=days))
    return services.move(city.viewer("lead_clerk"), uid=case.uid, verb=verb, given=given)


@pytest.mark.parametrize(
    ("verb", "state"), [("ask_extension", "sent"), ("ask_suspension", "suspended"), ("ask_plan", "planned")]
)
def test_a_request_is_granted_to_the_day_that_the_office_writes(city: City, verb: str, state: str) -> None:
    Grant.objects.filter(person=city.persons["dispatcher"]).update(role="unit_head")
    case = ask(city, made.sent(city), verb)
    assert "等材料到货" in page(city, tab="asked")
    until = clock.today() + timedelta(days=40)
    assert post(city, case, "grant", until=str(until)).status_code == 302
    done = now(case)
    assert (done.state, done.asked) == (state, "")
    assert done.due_at is not None
    assert timezone.localtime(done.due_at).date() == until


def test_a_request_is_denied_with_a_reason(city: City) -> None:
    case = ask(city, made.sent(city))
    assert "没有写原因或情况" in said(post(city, case, "deny", reason=""))
    post(city, case, "deny", reason="材料已有现货")
    assert (now(case).state, now(case).asked) == ("sent", "")


def test_a_long_term_plan_is_not_for_who_does_not_sign(city: City) -> None:
    Grant.objects.filter(person=city.persons["dispatcher"]).update(role="unit_clerk")
    case = ask(city, made.sent(city), "ask_plan")
    text = page(city, tab="asked")
    assert "长期整改由有签批权的领导定" in text
    assert 'name="until"' not in text
    client = city.client("dispatcher")
    with nothing_changes():
        sent = str(clock.today() + timedelta(days=40))
        assert post(city, case, "grant", by=client, until=sent).status_code == 404


# ---- the page itself ----


def test_what_others_wrote_is_text_wherever_it_stands(city: City) -> None:
    RoutingRule.objects.create(code="evil", name=EVIL, sort=1, unit=city["bureau"])
    made.sent(city, title=EVIL, point=MIDDLE)
    made.opened(city, title=EVIL, text=EVIL, address=EVIL, external=EVIL, point=MIDDLE)
    text = page(city)
    assert EVIL not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6
    case = bounced(city)
    CaseStep.objects.filter(case=case, verb="refuse").update(text=EVIL)
    assert EVIL not in page(city, case=case.uid)
    response = post(city, made.opened(city), "send", category=EVIL, lead=EVIL, reason=EVIL, leader=EVIL, task_0=EVIL)
    assert EVIL not in said(response)


@pytest.mark.parametrize("broken", [{"case": "x"}, {"tab": "x"}, {"category": "x"}, {"case": "x", "tab": "%00"}])
def test_a_broken_address_shows_the_first_case(city: City, broken: dict[str, str]) -> None:
    made.opened(city, title="第一件")
    assert '<h2 class="cw-song">第一件</h2>' in page(city, **broken)


def test_an_act_that_is_none_and_a_case_that_is_none_are_missing(city: City, client: Client) -> None:
    case = made.opened(city)
    assert post(city, case, "void", reason="x").status_code == 404
    assert city.client("dispatcher").post("/cases/desk/00000000-0000-0000-0000-000000000000/send/").status_code == 404


def test_the_page_takes_as_many_queries_however_long_the_queue(
    city: City, django_assert_max_num_queries: Queries
) -> None:
    where = place(city["street"])
    Responsibility.objects.create(place=where, unit=city["bureau"], charge=Charge.LEAD, since=date(2026, 1, 1))
    reporter: dict[str, Any] = {
        "reporter": ReporterGiven("", "13800000000"),
        "channel": Channel.CITIZEN,
        "kind": "report",
    }
    for number in range(12):
        made.opened(city, title=f"第{number}件", place=where, **reporter)
    actor = city.viewer("clerk")
    case = made.opened(city, place=where, photos=[made.photo(actor, actor.person.unit, 3)], **reporter)
    client = city.client("dispatcher")
    # Twelve, and the one that every page asks for unread notices.
    with django_assert_max_num_queries(13):
        response = client.get(DESK, {"case": str(case.uid)})
    assert response.context["case"] == case
    assert len(response.context["pictures"]) == 1
