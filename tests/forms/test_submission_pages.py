"""The list of filled copies with its filters and export, a copy's page, withdrawing, the panel of a place."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.evidence import queries as evidence_queries
from chuangwen.evidence import services as evidence
from chuangwen.forms import queries, services
from chuangwen.forms.models import Submission
from chuangwen.people.access import Viewer
from chuangwen.places.models import Place
from tests.factories import places as ground
from tests.factories import records
from tests.factories.city import City
from tests.factories.forms import MET, FormFactory, SubmissionFactory, checklist, question, source

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
ViewerOf = Callable[[str], Viewer]


@pytest.fixture
def market(city: City) -> Place:
    return ground.place(city["school"], name="柳堤菜市场")


@pytest.fixture
def copy(city: City, viewer_of: ViewerOf, market: Place) -> Submission:
    asked = checklist()
    asked["sections"][0]["questions"].append(question("photos", "photo"))
    form = FormFactory.create(unit=city["school"], source=asked, place_type_id="market", name="菜市场小表")
    clerk = viewer_of("clerk")
    photo = evidence.hand_in(clerk, unit=city["school"], name="a.jpg", chunks=[records.photo()])
    given = MET | {
        "notices": 2, "notices__note": "只见 2 处<b>", "lit__na": True, "remark": "下雨", "photos": [str(photo.uid)],
    }  # fmt: skip
    return services.submit(
        clerk, version=form.versions.get(), uid=uuid4(), unit=city["school"], place=market, answers=given
    )


def test_a_copys_page_says_what_was_found_where_by_whom(client_of: ClientOf, copy: Submission) -> None:
    page = client_of("clerk").get(reverse("submission", args=[copy.uid])).content.decode()
    for said in (
        "柳堤菜市场", "查了 3 项，符合 2 项", "不符合 1 项", "1 项不适用", "数得 2 处", "问 5，对 4", "下雨",
        "clerk 的姓名", "只见 2 处&lt;b&gt;", "不适用",
    ):  # fmt: skip
        assert said in page, said
    assert "照片 1" in page


def test_a_photo_that_the_viewer_may_not_see_is_said_to_be_there(
    client_of: ClientOf, copy: Submission, city: City
) -> None:
    services.withdraw(city.viewer("clerk"), uid=copy.uid, reason="错")
    evidence.withdraw(city.viewer("clerk"), evidence_queries.evidence(city.viewer("clerk")).get(), reason="拍错")
    page = client_of("clerk").get(reverse("submission", args=[copy.uid])).content.decode()
    assert "1 张照片您看不到，或已撤回" in page
    assert "已撤回，不计入任何数字" in page


def test_a_copy_is_shown_with_the_questions_of_its_own_version(
    client_of: ClientOf, viewer_of: ViewerOf, copy: Submission
) -> None:
    services.publish(viewer_of("office"), copy.version.form, source(question("new", "text")))
    page = client_of("clerk").get(reverse("submission", args=[copy.uid])).content.decode()
    assert "题 clean" in page
    assert "题 new" not in page


def test_the_list_filters_by_form_result_day_place_and_words(
    client_of: ClientOf, copy: Submission, city: City, market: Place
) -> None:
    other = SubmissionFactory.create(unit=city["school"], met=3)
    client = client_of("clerk")

    def shown(**query: str) -> set[str]:
        response = client.get(reverse("submissions"), query)
        return {row[0].url.split("/")[2] for row in response.context["list"].rows}

    both = {str(copy.uid), str(other.uid)}
    assert shown() == both
    assert shown(result="bad") == {str(copy.uid)}
    assert shown(result="good") == {str(other.uid)}
    assert shown(place=str(market.uid)) == {str(copy.uid)}
    assert shown(q="柳堤") == {str(copy.uid)}
    assert shown(unit=city["school"].code) == both
    assert shown(**{"from": "2020-01-01", "to": "2020-01-02"}) == set()
    assert shown(form="check-market") == set()
    assert shown(form=copy.version.form.code) == {str(copy.uid)}
    assert client.get(reverse("submissions"), {"place": str(uuid4())}).status_code == 404
    assert client.get(reverse("submissions"), {"place": "x"}).status_code == 422


def test_a_form_of_another_unit_is_no_choice_of_the_filter(client_of: ClientOf, city: City) -> None:
    FormFactory.create(unit=city["second"], name="别校的表")
    assert "别校的表" not in client_of("clerk").get(reverse("submissions")).content.decode()
    assert "别校的表" in client_of("office").get(reverse("submissions")).content.decode()


def test_the_export_has_the_counts(client_of: ClientOf, copy: Submission) -> None:
    response: Any = client_of("clerk").get(reverse("submissions"), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue())).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("填报时间", "表单", "点位", "单位")
    assert [str(cell) for cell in rows[1][1:3]] == ["菜市场小表", "柳堤菜市场"]
    assert [str(cell) for cell in rows[1][-3:]] == ["2", "1", "1"]


def test_a_copy_is_withdrawn_with_a_reason_that_stays(client_of: ClientOf, copy: Submission) -> None:
    address = reverse("withdraw-submission", args=[copy.uid])
    assert client_of("clerk").post(address, {"reason": ""}).status_code == 200
    assert client_of("clerk").post(address, {"reason": "填错了点位"}).status_code == 302
    page = client_of("clerk").get(reverse("submission", args=[copy.uid])).content.decode()
    assert "填错了点位" in page
    assert str(copy.uid) not in client_of("clerk").get(reverse("submissions")).content.decode()


def test_fifty_copies_cost_few_queries(client_of: ClientOf, city: City, django_assert_max_num_queries: Any) -> None:
    version = FormFactory.create(unit=city["school"]).versions.get()
    place = ground.place(city["school"])
    SubmissionFactory.create_batch(
        50, version=version, unit=city["school"], place=place, filled_by=city.persons["clerk"]
    )
    client = client_of("clerk")
    with django_assert_max_num_queries(10):
        client.get(reverse("submissions"))


def test_the_page_of_a_copy_costs_few_queries(
    client_of: ClientOf, copy: Submission, django_assert_max_num_queries: Any
) -> None:
    client = client_of("clerk")
    client.get(reverse("submission", args=[copy.uid]))
    with django_assert_max_num_queries(12):
        client.get(reverse("submission", args=[copy.uid]))


class TestPanel:
    def test_a_place_shows_its_checklists_and_what_was_found_last(self, city: City, copy: Submission) -> None:
        panel = queries.place_panel(city.viewer("clerk"), copy.place or ground.place(city["school"]))
        assert panel is not None
        assert [each.code for each in panel["forms"]] == [copy.version.form.code, "check-market"]
        assert panel["copies"] == [copy]
        assert panel["may_fill"]

    def test_a_closed_place_is_filled_no_more(self, city: City) -> None:
        closed = ground.place(city["school"], closed_on="2026-01-01")
        assert queries.place_panel(city.viewer("clerk"), closed) is None

    def test_a_withdrawn_place_offers_nothing_and_leads_to_its_copies(
        self, city: City, client_of: ClientOf, copy: Submission
    ) -> None:
        assert copy.place
        copy.place.withdrawn_at = clock.now()
        copy.place.save()
        panel = queries.place_panel(city.viewer("clerk"), copy.place)
        assert panel is not None
        assert (panel["forms"], panel["copies"]) == ([], [copy])
        listed = client_of("clerk").get(reverse("submissions"), {"place": str(copy.place.uid)})
        assert len(listed.context["list"].rows) == 1

    def test_the_unit_in_charge_of_a_place_fills_its_checklist_until_the_charge_ends(
        self, city: City, client_of: ClientOf
    ) -> None:
        theirs = ground.place(city["city"], name="桥口菜市场")
        charge = theirs.responsibilities.create(unit=city["school"], since="2026-01-01")
        client = client_of("clerk")

        def answers() -> tuple[list[str], int, int]:
            offered = client.get(reverse("fill-form", args=["check-market"])).context["places"]
            fill = client.get(reverse("fill-form", args=["check-market"]), {"place": str(theirs.uid)})
            listed = client.get(reverse("submissions"), {"place": str(theirs.uid)})
            return [each.name for each in offered], fill.status_code, listed.status_code

        panel = queries.place_panel(city.viewer("clerk"), theirs)
        assert panel is not None
        assert panel["may_fill"]
        assert answers() == (["桥口菜市场"], 200, 200)
        charge.until = charge.since
        charge.save()
        panel = queries.place_panel(city.viewer("clerk"), theirs)
        assert panel is None or not panel["may_fill"]
        assert answers() == ([], 404, 404)

    def test_who_sees_no_forms_sees_no_panel(self, city: City, copy: Submission) -> None:
        assert copy.place
        assert queries.place_panel(city.viewer("reader"), copy.place) is None
        assert queries.place_panel(city.viewer("stranger"), copy.place) is None
