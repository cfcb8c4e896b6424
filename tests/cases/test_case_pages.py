"""The pages of cases: what each person sees, what a press does, what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangwen.cases import services, workflow
from chuangwen.cases.models import Case
from chuangwen.cases.services import Given, Opening
from chuangwen.cases.wording import SAID
from chuangwen.core import clock
from tests.evidence.samples import encoded, picture
from tests.factories.cases import closed, filed, fixed, opened, sent
from tests.factories.city import City

Browser = Callable[[str], Client]
SCRIPT = "<script>alert(1)</script>"


def page(case: Case) -> str:
    return reverse("case", args=[case.uid])


def form(case: Case, verb: str) -> str:
    return reverse("move-case", args=[case.uid, verb])


def test_the_page_offers_what_the_table_allows_and_nothing_else(city: City) -> None:
    case = fixed(city)
    text = city.client("dispatcher").get(page(case)).content.decode()
    offered = {verb for verb in workflow.VERBS if form(case, verb) in text}
    assert offered == {"verify", "send_back", "visit", "name_leader", "answer"}


def test_who_may_not_verify_is_told_why(city: City) -> None:
    city.persons["lead_clerk"].grants.create(
        role_id="supervisor", unit=city["city"], since=city.persons["lead_clerk"].grants.get().since
    )
    text = city.client("lead_clerk").get(page(fixed(city))).content.decode()
    assert "市城管局的人不能核验自己办的" in text


def test_a_stranger_gets_no_page_and_no_form(city: City) -> None:
    case = sent(city)
    for address in (page(case), form(case, "accept")):
        assert city.client("stranger").get(address).status_code == 404


def test_a_petition_opened_without_right_is_not_there(city: City) -> None:
    case = opened(city, by="dispatcher", kind="petition", opened_for=city["city"])
    assert city.client("supervisor").get(page(case)).status_code == 404
    assert case.number not in city.client("supervisor").get(reverse("cases")).content.decode()
    assert city.client("dispatcher").get(page(case)).status_code == 200


def test_an_unknown_verb_is_not_there(city: City) -> None:
    assert city.client("dispatcher").get(form(opened(city), "conjure")).status_code == 404


def test_a_unit_fixes_with_a_photo_by_the_form(city: City) -> None:
    case = sent(city)
    client = city.client("lead_clerk")
    photo = SimpleUploadedFile("a.jpg", encoded(picture(3)), "image/jpeg")
    answer = client.post(form(case, "fix"), {"seen": case.revision, "reason": "清走了", "photos": [photo]})
    assert (answer.status_code, answer["Location"]) == (302, page(case))
    case.refresh_from_db()
    assert (case.state, case.photos.count()) == ("fixed", 1)


def test_without_a_photo_the_form_says_so_and_nothing_is_lost(city: City) -> None:
    case = sent(city)
    answer = city.client("lead_clerk").post(form(case, "fix"), {"seen": case.revision, "reason": "我写了很多"})
    text = answer.content.decode()
    assert "还没有选文件" in text
    assert "我写了很多" in text
    case.refresh_from_db()
    assert case.state == "sent"


def test_an_old_page_is_told_who_was_quicker(city: City) -> None:
    case = filed(city)
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="dispatch", given=Given(lead=city["bureau"]))
    answer = city.client("office").post(form(case, "recall"), {"seen": case.revision, "reason": "换一家"})
    assert "dispatcher 的姓名 已经动过" in answer.content.decode()


def test_a_verb_that_is_too_late_says_where_the_case_is(city: City) -> None:
    answer = city.client("dispatcher").get(form(closed(city), "verify"))
    assert answer.status_code == 409
    assert "已结案的事项不能这样办" in answer.content.decode()


def test_script_in_every_field_is_text(city: City) -> None:
    case = opened(city, title=SCRIPT, text=SCRIPT, address=SCRIPT)
    services.comment(city.viewer("dispatcher"), uid=case.uid, text=SCRIPT)
    for address in (page(case), reverse("cases"), form(case, "file")):
        text = city.client("dispatcher").get(address).content.decode()
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text


def test_somebody_of_the_staff_enters_what_they_saw(city: City) -> None:
    client = city.client("clerk")
    shown = client.get(reverse("new-case")).context["form"]
    photo = SimpleUploadedFile("a.jpg", encoded(picture(4)), "image/jpeg")
    sent_form = {
        "uid": str(shown["uid"].value()), "kind": "finding", "title": "校门口井盖松动", "photos": [photo],
        "opened_for": city["school"].code, "address": "文庙路 118 号",
    }  # fmt: skip
    client.post(reverse("new-case"), sent_form)
    case = Case.objects.get()
    assert (case.title, case.opened_for, case.photos.count()) == ("校门口井盖松动", city["school"], 1)
    photo.seek(0)
    client.post(reverse("new-case"), sent_form)
    assert Case.objects.count() == 1


def test_only_who_dispatches_gives_tasks_to_others(city: City) -> None:
    kinds = city.client("recorder").get(reverse("new-case")).context["form"].fields["kind"].choices
    assert "task" not in dict(kinds)
    assert "task" in dict(city.client("dispatcher").get(reverse("new-case")).context["form"].fields["kind"].choices)


def test_a_task_goes_straight_to_its_unit(city: City) -> None:
    client = city.client("dispatcher")
    shown = client.get(reverse("new-case")).context["form"]
    client.post(
        reverse("new-case"),
        {
            "uid": str(shown["uid"].value()), "kind": "task", "title": "报小结", "opened_for": city["office"].code,
            "lead": city["bureau"].pk, "until": "2099-01-05",
        },
    )  # fmt: skip
    case = Case.objects.get()
    assert (case.state, case.lead) == ("sent", city["bureau"])


@pytest.mark.practice("B2")
def test_an_instruction_after_a_visit_is_followed_to_its_end(city: City) -> None:
    opening = Opening(
        kind="instruction", title="破损的公益广告一周内换完", opened_for=city["office"], leader=city.persons["leader"]
    )
    until = clock.now() + timedelta(days=7)
    given = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"], until=until).case
    services.move(city.viewer("lead_clerk"), uid=given.uid, verb="fix", given=Given(reason="换了 12 块"))
    seen = city.client("leader").get(page(given)).content.decode()
    assert "换了 12 块" in seen
    assert "leader 的姓名" in seen
    services.move(city.viewer("dispatcher"), uid=given.uid, verb="verify", given=Given(reason="看过"))
    given.refresh_from_db()
    assert (given.state, given.on_time) == ("closed", True)


def test_the_list_has_views_with_their_counts(city: City) -> None:
    fixed(city)
    opened(city)
    listing = city.client("dispatcher").get(reverse("cases")).context["list"]
    assert {str(tab.label): str(tab.count) for tab in listing.tabs if tab.count is not None}["待核验"] == "1"


def test_many_are_verified_at_once_and_the_refused_are_named(city: City) -> None:
    one, other = fixed(city), sent(city)
    picks = [f"{case.uid}~{Case.objects.get(pk=case.pk).revision}" for case in (one, other)]
    client = city.client("dispatcher")
    asked = client.post(reverse("act-on-cases") + "?view=all", {"act": "verify", "uid": picks})
    assert "每一件都算您到现场看过" in asked.content.decode()
    done = client.post(
        reverse("act-on-cases") + "?view=all", {"act": "verify", "uid": picks, "go": "1", "reason": "看过"}
    )
    assert str(other.uid) in done.content.decode()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == ("closed", "sent")


def test_the_board_counts_by_unit_and_every_number_opens_to_its_rows(city: City) -> None:
    fixed(city)
    closed(city, number=8)
    client = city.client("dispatcher")
    rows = client.get(reverse("case-board")).context["board"]
    assert [(row.unit and row.unit.label, row.open, row.fixed, row.closed, row.in_time) for row in rows] == [
        ("市城管局", 1, 1, 1, 1),
        (None, 1, 1, 1, 1),
    ]
    for name, number in (("open", 1), ("fixed", 1), ("closed", 1), ("in_time", 1)):
        listing = client.get(rows[0].urls[name]).context["list"]
        assert len(listing.rows) == number, name


@pytest.mark.parametrize("who", ["dispatcher", "lead_clerk", "clerk"])
def test_pages_cost_few_queries(city: City, who: str, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        case = fixed(city, number=20 + number)
    client = city.client(who)
    for address, most in ((page(case), 15), (reverse("cases"), 12), (reverse("case-board"), 9)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_every_verb_has_a_form_that_opens(city: City) -> None:
    case = sent(city)
    client = city.client("lead_clerk")
    for row in workflow.verbs_from("sent", "finding"):
        if "lead" in row.by:
            answer = client.get(form(case, row.verb))
            assert answer.status_code == 200, row.verb
            assert str(SAID[row.verb].button) in answer.content.decode()


def test_who_sees_the_case_sees_its_photos_whoever_took_them(city: City) -> None:
    case = fixed(city)
    photo = case.photos.get().evidence
    address = reverse("evidence-piece", args=[photo.uid])
    assert city.client("clerk").get(address).status_code == 200
    assert city.client("other_clerk").get(address).status_code == 404


def test_a_task_of_many_shows_each_units_progress(city: City) -> None:
    task = opened(city, by="dispatcher", kind="task", opened_for=city["office"])
    sent(city, parent=task)
    sent(city, lead="street", parent=task)
    text = city.client("dispatcher").get(page(task)).content.decode()
    assert "文庙街道" in text
    assert "市城管局" in text


def test_a_verb_of_the_office_is_found_by_number(city: City) -> None:
    one, other = filed(city), opened(city)
    answer = city.client("dispatcher").post(form(other, "merge"), {"seen": other.revision, "into": one.number})
    assert answer.status_code == 302
    bad = city.client("dispatcher").post(form(opened(city), "merge"), {"seen": "0", "into": "9999-1"})
    assert "没有这个编号的事项" in bad.content.decode()
