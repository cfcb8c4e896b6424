"""Office telephones and addresses: written on the pages or in a workbook, shown in the list of telephones."""

import json
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import EventDetail, Import, ImportState
from chuangwen.core.tabular import SheetToWrite, write_workbook
from chuangwen.interop import services as interop
from chuangwen.people import services
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import dialled, is_office_phone
from chuangwen.people.unit_queries import unit_values
from tests.factories.city import City
from tests.factories.people import GrantFactory, PersonFactory, UnitFactory
from tests.factories.state import nothing_changes, one_event

PHONES = "/phones/"


@pytest.mark.parametrize(
    "written",
    ["0736-7220001", "07367220001", "7220001转8012", "7220001-8012", "12345", "7220001/7220002", "+86 736 7220001"],
)
def test_a_number_of_an_office_is_taken(written: str) -> None:
    assert is_office_phone(written)


@pytest.mark.parametrize(
    "written",
    ["13807360001", "138-0736-0001", "+8613807360001", "7220001/13807360001", "12", "电话", "a@b.cn", "7" * 17],
)
def test_a_private_number_and_nonsense_are_not(written: str) -> None:
    assert not is_office_phone(written)


def test_the_first_number_without_its_extension_is_dialled() -> None:
    assert dialled("0736-7220001 转 8012") == "07367220001"
    assert dialled("7220001/7220002") == "7220001"


def edit(city: City, part: str, by: str, phone: str = "0736-7220001", email: str = "a@anlan.gov.cn") -> Person:
    return services.edit_contact(city.viewer(by), person=city.persons[part], office_phone=phone, email=email)


def test_the_person_and_who_manages_them_change_it_and_the_old_one_is_in_the_detail(city: City) -> None:
    with one_event("person.contact_edited") as written:
        edit(city, "clerk", "clerk")
    assert written.event.data == {"changed": ["email", "office_phone"]}
    with one_event("person.contact_edited") as written:
        edit(city, "clerk", "head", phone="12345")
    assert "7220001" in EventDetail.objects.get(event=written.event).text
    with nothing_changes():
        edit(city, "clerk", "head", phone="12345")
    for by in ("other_clerk", "recorder", "stranger"):
        with nothing_changes(), pytest.raises(Missing):
            edit(city, "clerk", by)


def test_wrong_ones_are_refused_with_how_to_mend(city: City) -> None:
    with nothing_changes():
        with pytest.raises(Refused, match="不是办公电话"):
            edit(city, "clerk", "clerk", phone="13807360001")
        with pytest.raises(Refused, match="不是邮箱地址"):
            edit(city, "clerk", "clerk", email="clerk@")


def test_a_pupil_has_neither(city: City) -> None:
    city.persons["pupil"] = PersonFactory.create(pupil=True, unit=city["c98"])
    with pytest.raises(Missing):
        edit(city, "pupil", "head")


def test_the_pages_of_person_and_unit_take_them(city: City) -> None:
    head = city.client("head")
    page = reverse("edit-contact", args=[city.persons["clerk"].uid])
    assert "不写私人手机" in head.post(page, {"office_phone": "13807360001"}).content.decode()
    assert head.post(page, {"office_phone": "0736-7220001"}).status_code == 302
    assert 'href="tel:07367220001"' in head.get(reverse("person", args=[city.persons["clerk"].uid])).content.decode()
    address, seen = reverse("edit-unit", args=["demo-primary"]), json.dumps(unit_values(city["school"]))
    values = {"name": "安澜市实验小学", "kind": "school", "seen": seen}
    assert "不是办公电话" in head.post(address, values | {"phone": "13807360001"}).content.decode()
    assert head.post(address, values | {"phone": "0736-7220000"}).status_code == 302
    assert Unit.objects.get(code="demo-primary").phone == "0736-7220000"
    new = reverse("new-person", args=["demo-primary"])
    added = {"code": "new", "name": "新人", "office_phone": "0736-7220009", "email": "new@anlan.gov.cn"}
    assert "不是邮箱地址" in head.post(new, added | {"email": "new"}).content.decode()
    assert head.post(new, added).status_code == 302
    assert Person.objects.get(code="new").office_phone == "0736-7220009"


HEADINGS = ["单位", "人员代码", "姓名", "职务", "办公电话", "工作邮箱"]


def bring_in(city: City, *rows: list[str]) -> Import:
    data = BytesIO()
    write_workbook(data, [SheetToWrite("人员名册", HEADINGS, rows)])
    taken = interop.take_workbook(city.viewer("head"), unit=city["school"], name="a.xlsx", chunks=[data.getvalue()])
    return interop.bring_in(taken)


def test_a_workbook_brings_them_and_refuses_wrong_ones(city: City) -> None:
    bad = bring_in(city, ["", "m01", "李四", "教师", "13807360001", ""], ["", "m02", "王五", "教师", "", "x@"])
    assert bad.state == ImportState.REFUSED
    assert {each["code"] for each in bad.problems} == {"not_an_office_phone", "not_an_email"}
    done = bring_in(city, ["", "m01", "李四", "教师", "0736-7220001", "m01@anlan.gov.cn"])
    assert done.state == ImportState.DONE
    person = Person.objects.get(code="m01")
    assert (person.office_phone, person.email) == ("0736-7220001", "m01@anlan.gov.cn")


def test_an_empty_cell_leaves_what_was_written_on_the_page(city: City) -> None:
    bring_in(city, ["", "m01", "李四", "教师", "0736-7220001", ""])
    assert bring_in(city, ["", "m01", "李四", "主任", "", ""]).state == ImportState.DONE
    person = Person.objects.get(code="m01")
    assert (person.title, person.office_phone) == ("主任", "0736-7220001")


def test_the_list_has_the_units_that_one_sees_in_the_order_of_the_tree(
    city: City, django_assert_max_num_queries: Any
) -> None:
    Unit.objects.filter(code="demo-primary").update(phone="0736-7220000")
    edit(city, "head", "head")
    for _number in range(30):
        GrantFactory.create(person__unit=UnitFactory.create(parent=city["city"]), role_id="unit_head")
    client = city.client("office")
    with django_assert_max_num_queries(8):
        page = client.get(PHONES)
    text = page.content.decode()
    assert 'href="tel:07367220000"' in text
    assert f'{city.persons["head"]}</span><a class="cw-link cw-tel" href="tel:07367220001">' in text
    assert "c98" not in text
    paths = [row[0].text.path for row in page.context["list"].rows]
    assert paths == sorted(paths)
    own = city.client("clerk").get(PHONES)
    assert [row[0].text.code for row in own.context["list"].rows] == ["demo-primary", "demo-primary-group"]
    assert city.client("stranger").get(PHONES).status_code == 404


def test_words_find_units_and_persons_of_today_once(city: City) -> None:
    edit(city, "head", "head")
    GrantFactory.create(person=city.persons["head"], role_id="reader", unit=city["school"])
    GrantFactory.create(person=city.persons["stranger"], role_id="reader", unit=city["second"], past=True)
    client = city.client("office")

    def found(words: str) -> list[str]:
        return [row[0].text.code for row in client.get(PHONES, {"q": words}).context["list"].rows]

    assert found("head 的姓名") == ["demo-primary"]
    assert found("7220001") == ["demo-primary"]
    assert found("第二小学") == ["demo-second-primary"]
    assert found("stranger") == []


def test_the_export_has_names_and_numbers_as_text(city: City) -> None:
    edit(city, "head", "head")
    data = city.client("head").get(PHONES, {"export": "xlsx"}).getvalue()
    rows = list(openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:4] == ("单位", "值班电话", "负责人", "经办人")
    assert rows[1][:3] == ("安澜市实验小学", None, f"{city.persons['head']} 0736-7220001")
