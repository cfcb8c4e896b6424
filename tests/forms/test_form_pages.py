"""The list of forms, one form's page, the choice of a place, the page that fills."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from chuangwen.core import clock
from chuangwen.forms import services
from chuangwen.forms.models import Form
from chuangwen.people.access import Viewer
from tests.factories import places as ground
from tests.factories.city import City
from tests.factories.forms import FormFactory, SubmissionFactory, checklist, question, source, text

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
ViewerOf = Callable[[str], Viewer]


def data_of(response: Any) -> dict[str, Any]:
    found = re.search(r'<script id="form-data" type="application/json">(.*?)</script>', response.content.decode())
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_the_list_shows_the_checklists_by_type_of_place_and_counts_only_what_one_may_see(
    client_of: ClientOf, city: City
) -> None:
    market = Form.objects.get(code="check-market").versions.get()
    SubmissionFactory.create_batch(2, version=market, unit=city["school"])
    SubmissionFactory.create(version=market, unit=city["second"])
    response = client_of("clerk").get(reverse("forms"), {"type": "market"})
    rows = [[str(cell.text) for cell in row] for row in response.context["list"].rows]
    assert rows == [["集贸市场检查表", "集贸市场", "随系统附带的样表", "1", "12", "12", "2"]]
    assert client_of("office").get(reverse("forms"), {"type": "market"}).context["list"].rows[0][-1].text == 3


def test_a_retired_form_is_in_no_list_and_its_page_says_so(
    client_of: ClientOf, viewer_of: ViewerOf, city: City
) -> None:
    form = FormFactory.create(unit=city["school"], name="旧表")
    services.retire(viewer_of("office"), form, reason="换了")
    assert "旧表" not in client_of("clerk").get(reverse("forms")).content.decode()
    page = client_of("clerk").get(reverse("form", args=[form.code])).content.decode()
    assert "已停用" in page
    assert reverse("fill-form", args=[form.code]) not in page
    assert client_of("clerk").get(reverse("fill-form", args=[form.code])).status_code == 422


def test_a_forms_page_says_who_asks_on_what_basis_and_from_where_each_item_is(client_of: ClientOf) -> None:
    page = client_of("clerk").get(reverse("form", args=["check-trunk-road"])).content.decode()
    for said in (
        "谁要的",
        "依据",
        "不是任何一级的官方标准",
        "不算：市政统一划线以内",
        "至少 5 处",
        "实地",
        "A 官方网站",
    ):
        assert said in page, said
    assert 'href="http://www.jiaozuo.gov.cn' in page
    assert "liunuo1978" not in page


def test_a_source_of_unknown_hand_is_named_without_a_link(client_of: ClientOf) -> None:
    page = client_of("clerk").get(reverse("form", args=["check-hospital"])).content.decode()
    assert "医院标准汇编" in page
    assert re.findall(r'href="https?:', page) == []


def test_an_earlier_version_is_shown_as_it_was(client_of: ClientOf, viewer_of: ViewerOf, city: City) -> None:
    form = FormFactory.create(unit=city["school"], source=checklist())
    services.publish(viewer_of("office"), form, source(question("new", "text")))
    client = client_of("clerk")
    assert "题 clean" not in client.get(reverse("form", args=[form.code])).content.decode()
    old = client.get(reverse("form", args=[form.code]), {"version": "1"}).content.decode()
    assert "题 clean" in old
    assert "旧版，不再填" in old
    assert client.get(reverse("form", args=[form.code]), {"version": "7"}).status_code == 404


def test_the_page_speaks_english(client_of: ClientOf) -> None:
    client = client_of("clerk")
    client.post(reverse("set_language"), {"language": "en"})
    response = client.get(reverse("form", args=["check-market"]))
    assert "A check scale at the entrance" in response.content.decode()
    assert data_of(response)["locale"] == "en"
    with translation.override("en"):
        assert not re.search(r"[\u4e00-\u9fff]", json.dumps(data_of(response)["model"], ensure_ascii=False))


def test_a_place_of_the_type_is_chosen_first(client_of: ClientOf, city: City) -> None:
    ground.place(city["school"], name="柳堤菜市场", address="柳堤路 3 号")
    ground.place(city["school"], name="桥口菜市场")
    ground.place(city["school"], name="关了的菜市场", closed_on=clock.today())
    ground.place(city["school"], name="文庙路口", type_code="crossing")
    ground.place(city["second"], name="别人的菜市场")
    client, address = client_of("clerk"), reverse("fill-form", args=["check-market"])
    page = client.get(address).content.decode()
    assert [name for name in ("柳堤菜市场", "桥口菜市场", "关了的", "文庙路口", "别人的") if name in page] == [
        "柳堤菜市场",
        "桥口菜市场",
    ]
    found = client.get(address, {"q": "柳堤路"})
    assert [each.name for each in found.context["places"]] == ["柳堤菜市场"]
    assert "没有这样的点位" in client.get(address, {"q": "没有"}).content.decode()


def test_the_page_that_fills_has_what_the_browser_needs(client_of: ClientOf, city: City) -> None:
    place = ground.place(city["school"])
    response = client_of("clerk").get(reverse("fill-form", args=["check-market"]), {"place": str(place.uid)})
    data = data_of(response)
    assert data["place"] == str(place.uid)
    assert data["unit"] == city["school"].code
    assert data["submit"] == reverse("submit-form", args=["check-market"])
    assert data["model"]["pages"][0]["elements"]
    assert "csrftoken" in response.cookies


@pytest.mark.parametrize("place", ["not-a-uid", "8d6f1f4e-2a43-4d0f-9a1f-0c7a6f6c9e11"])
def test_a_place_that_is_not_there_is_no_place(place: str, client_of: ClientOf) -> None:
    response = client_of("clerk").get(reverse("fill-form", args=["check-market"]), {"place": place})
    assert response.status_code in {404, 422}


def test_who_may_only_read_does_not_fill(client_of: ClientOf) -> None:
    assert client_of("reader").get(reverse("forms")).status_code == 404
    assert client_of("reader").get(reverse("fill-form", args=["check-market"])).status_code == 404


def test_script_in_a_form_is_text_on_its_page(client_of: ClientOf, city: City) -> None:
    evil = text("</script><script>alert(1)</script>")
    form = FormFactory.create(unit=city["school"], source=source({"key": "a", "kind": "text", "label": evil}))
    page = client_of("clerk").get(reverse("form", args=[form.code])).content.decode()
    assert "<script>alert(1)" not in page


def test_a_full_list_and_a_long_form_cost_few_queries(
    client_of: ClientOf, city: City, django_assert_max_num_queries: Any
) -> None:
    client = client_of("clerk")
    client.get(reverse("form", args=["check-school"]))
    with django_assert_max_num_queries(12):
        client.get(reverse("forms"))
    with django_assert_max_num_queries(12):
        client.get(reverse("form", args=["check-school"]))


def test_a_form_is_retired_with_a_reason(client_of: ClientOf, city: City) -> None:
    form = FormFactory.create(unit=city["school"])
    address = reverse("retire-form", args=[form.code])
    assert client_of("office").post(address, {"reason": ""}).status_code == 200
    assert client_of("office").post(address, {"reason": "换新表"}).status_code == 302
    form.refresh_from_db()
    assert form.retired_on == clock.today()
    again = client_of("office").post(address, {"reason": "再停"})
    assert "已经停用" in again.content.decode()
