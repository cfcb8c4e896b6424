"""Leading groups, offices and working groups as a person founds and reads them, page by page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangwen.people.models import Person
from tests.factories.city import City
from tests.factories.people import PersonFactory

CREWS = ("交通秩序", "市容环境", "网吧整治", "市场秩序", "宣传氛围")


def found(client: Client, parent: str, **filled: object) -> str:
    """The page of the new group."""
    posted = {"kind": "leading_group", "founded_on": "2026-01-12", "remit": "统一指挥"} | filled
    done = client.post(reverse("new-group", args=[parent]), posted)
    assert done.status_code == 302, done.context["form"].errors
    return str(done.headers["Location"])


def add(client: Client, group: str, person: Person, position: str, remit: str = "") -> None:
    done = client.post(reverse("new-member", args=[group]), {"person": person.pk, "position": position, "remit": remit})
    assert done.status_code == 302, done.context["form"].errors


@pytest.mark.practice("A1")
def test_the_office_founds_the_citys_leading_group_and_its_page_says_who_directs_what(city: City) -> None:
    client = city.client("office")
    page = found(client, "anlan", name="市创建领导小组", code="lead", office=city["office"].pk)
    people = {
        name: PersonFactory.create(unit=city["city"], name=name)
        for name in ("市长", "副市长", "教育局长", "办公室主任")
    }
    add(client, "lead", people["市长"], "leader")
    add(client, "lead", people["副市长"], "deputy", "分管城区")
    add(client, "lead", people["办公室主任"], "office_head")
    add(client, "lead", people["教育局长"], "member", "学校")
    text = client.get(page).content.decode()
    for said in ("市创建领导小组", "统一指挥", "2026-01-12", *people, "组长", "副组长", "成员", "分管城区", "学校"):
        assert said in text, said
    assert reverse("unit", args=[city["office"].code]) in text
    assert [member.position for member in client.get(page).context["members"]].count("leader") == 1


@pytest.mark.practice("C1")
def test_five_working_groups_with_a_remit_each_stand_below_the_district(city: City) -> None:
    client = city.client("office")
    for number, crew in enumerate(CREWS):
        found(client, "linjiang", name=f"{crew}专班", code=f"crew-{number}", kind="working_group", remit=f"负责{crew}")
    listed = client.get(reverse("unit", args=["linjiang"]))
    assert [group.name for group in listed.context["groups"]] == [f"{crew}专班" for crew in CREWS]
    for number, crew in enumerate(CREWS):
        page = reverse("unit", args=[f"crew-{number}"])
        assert page in listed.content.decode()
        assert f"负责{crew}" in client.get(page).content.decode()


@pytest.mark.practice("F1")
def test_the_founding_document_is_kept_and_opens_for_those_who_see_the_group_only(city: City) -> None:
    client = city.client("head")
    scan = b"%PDF-1.4 the scan itself"
    page = found(
        client,
        "demo-primary",
        name="学校创建领导小组",
        code="school-lead",
        document_title="关于成立学校创建领导小组的通知",
        document_number="实小〔2026〕5号",
        document=SimpleUploadedFile("实小5号.pdf", scan, content_type="application/pdf"),
    )
    address = reverse("group-document", args=["school-lead"])
    text = client.get(page).content.decode()
    for said in ("关于成立学校创建领导小组的通知", "实小〔2026〕5号", address):
        assert said in text, said
    for part in ("head", "clerk", "office", "reader"):
        answer = city.client(part).get(address)
        assert answer.getvalue() == scan, part
        assert "attachment" in answer.headers["Content-Disposition"]
    for part in ("other_clerk", "stranger", "recorder"):
        assert city.client(part).get(address).status_code == 404, part


def test_a_group_without_a_document_has_none_to_download(city: City) -> None:
    assert city.client("head").get(reverse("group-document", args=[city["group"].code])).status_code == 404


def test_a_unit_that_is_no_group_has_no_document_either(city: City) -> None:
    assert city.client("head").get(reverse("group-document", args=["demo-primary"])).status_code == 404


def test_the_office_of_a_group_is_chosen_from_the_units_below_its_parent(city: City) -> None:
    page = city.client("office").get(reverse("new-group", args=["demo-primary"]))
    offered = {unit.code for unit in page.context["form"].fields["office"].queryset}
    assert offered == {"demo-primary", "demo-primary-c98", "demo-primary-c99", "demo-primary-group"}


def test_a_place_that_has_ended_is_no_longer_on_the_page(city: City) -> None:
    client = city.client("head")
    person = PersonFactory.create(unit=city["school"], name="总务主任")
    add(client, city["group"].code, person, "member")
    page = reverse("unit", args=[city["group"].code])
    membership = client.get(page).context["members"][0]
    assert client.post(reverse("end-membership", args=[membership.uid])).headers["Location"] == page
    after = client.get(page)
    assert len(after.context["members"]) == 0
    assert "总务主任" not in after.content.decode()
