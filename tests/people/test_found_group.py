"""Groups are small units with remit, office and founding document."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.people import services
from chuangwen.people.models import Charter, Unit
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

FOUNDED = date(2026, 2, 24)


def found(city: City, part: str, **changes: object) -> Unit:
    given: dict[str, object] = {
        "parent": city["school"],
        "code": "crew",
        "name": "路口专班",
        "kind": "working_group",
        "remit": "守护学府路口",
        "founded_on": FOUNDED,
    }
    return services.found_group(city.viewer(part), **(given | changes))  # type: ignore[arg-type]


@pytest.mark.practice("A1")
def test_a_group_is_founded_with_its_remit_office_and_document(city: City) -> None:
    with one_event("group.founded") as written:
        group = found(
            city,
            "head",
            office=city["group"],
            document_title="关于成立路口专班的通知",
            document_number="实小〔2026〕6号",
        )
    charter = Charter.objects.get(unit=group)
    assert (charter.remit, charter.founded_on, charter.office) == ("守护学府路口", FOUNDED, city["group"])
    assert (charter.document_title, charter.document_number) == ("关于成立路口专班的通知", "实小〔2026〕6号")
    assert group.path.startswith(city["school"].path)
    assert written.event.data == {"founded_on": "2026-02-24"}


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_who_does_not_manage_the_unit_founds_nothing_in_it(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        found(city, part)


def test_a_school_is_not_a_group(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="不是工作机构") as refused:
        found(city, "office", kind="school")
    assert refused.value.where == "kind"


def test_a_group_cannot_be_founded_tomorrow(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="成立日期在今天之后"):
        found(city, "head", founded_on=clock.today() + timedelta(days=1))


def test_a_code_that_is_taken_founds_neither_unit_nor_charter(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="demo-hospital 已有单位在用"):
        found(city, "head", code="demo-hospital")


def test_the_page_says_beside_the_field_that_the_code_is_taken_and_keeps_no_file(city: City) -> None:
    posted = {
        "name": "专班",
        "code": "demo-hospital",
        "kind": "working_group",
        "founded_on": "2026-02-24",
        "remit": "整治",
        "document": SimpleUploadedFile("通知.pdf", b"scan"),
    }
    before = StoredFile.objects.count()
    page = city.client("head").post(reverse("new-group", args=["demo-primary"]), posted)
    assert page.status_code == 200
    assert page.context["form"].errors["code"] == ["代码 demo-hospital 已有单位在用。换一个代码"]
    assert StoredFile.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("founded_on", "2099-01-01", "成立日期在今天之后。写文件上的成立日期"),
        ("founded_on", "二月", "这不是日期。写成 2026-04-02 这样"),
        ("document", "malware.exe", "这种文件收不了。请传 PDF、Word 或图片"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(city: City, field: str, value: str, sentence: str) -> None:
    posted: dict[str, object] = {
        "name": "专班", "code": "crew", "kind": "working_group", "founded_on": "2026-02-24", "remit": "整治",
        field: SimpleUploadedFile(value, b"x") if field == "document" else value,
    }  # fmt: skip
    client = city.client("head")
    with nothing_changes():
        page = client.post(reverse("new-group", args=["demo-primary"]), posted)
    assert page.context["form"].errors[field] == [sentence]
