"""A citizen reports without signing in: a photo, where, what; nothing twice, nothing lost, nothing that will not do."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.cases import services
from chuangwen.cases.door import door
from chuangwen.cases.models import Case, CasePolicy, Reporter, Shows
from chuangwen.core.models import Event
from chuangwen.evidence.models import Evidence
from chuangwen.people.models import Person
from tests.cases.door_parts import JSON, POINT, photographed, report, reported, sent, upload, visitor
from tests.evidence.samples import jpeg
from tests.factories import cases
from tests.factories.city import City
from tests.factories.ground import city_outline

SCRIPT = "<script>alert(1)</script>"


def test_a_photo_a_place_and_a_category_are_a_report(city: City) -> None:
    client = visitor()
    photo = upload(client).json()
    answer = report(client, photos=photo["uid"], text="")
    assert answer.status_code == 201
    case = Case.objects.get()
    assert (case.kind, case.channel, case.state, case.title) == ("report", "citizen", "received", "非机动车乱停")
    assert (case.lon, case.lat) == (111.69, 29.03)
    assert case.opened_by == door().person
    assert [each.shows for each in case.photos.all()] == [Shows.BEFORE]
    assert answer.json()["number"] == case.number
    assert services.case_of_code(answer.json()["code"]) == case
    assert Event.objects.filter(verb="case.open", actor_uid=door().uid).exists()


def test_the_page_asks_nobody_to_sign_in_and_changes_nothing(city: City, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        page = visitor().get("/report/")
    assert page.status_code == 200
    assert "非机动车乱停" in page.content.decode()
    assert "校园周边彩票店" not in page.content.decode()
    assert not Case.objects.exists()
    assert not Person.objects.filter(code="door").exists()


def test_name_and_telephone_are_not_readable_in_the_database(city: City) -> None:
    case, _code = reported(city, name="李四", contact="13800000000")
    kept = Reporter.objects.get(case=case)
    assert "李四" not in kept.name
    assert "138" not in kept.contact
    assert kept.contact_index


@pytest.mark.parametrize("kind", ["suggestion", "complaint"])
def test_a_suggestion_or_a_complaint_needs_only_words(city: City, kind: str) -> None:
    case, _code = reported(city, kind=kind, category="", point="", text="路口\n加一盏灯")
    assert (case.kind, case.title, case.text) == (kind, "路口", "路口\n加一盏灯")
    assert report(kind=kind, category="", point="", text=" ").json()["error"]["where"] == "text"


def test_without_the_script_photos_come_with_the_form(city: City) -> None:
    page = visitor().post("/report/", sent(files=[SimpleUploadedFile("a.jpg", jpeg(3))]))
    assert page.status_code == 201
    assert "拍照留存" in page.content.decode()
    assert Case.objects.get().photos.count() == 1


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"text": "", "photos": ""}, "photos"),
        ({"point": "", "address": ""}, "point"),
        ({"category": ""}, "category"),
        ({"category": "lottery_near_school"}, "category"),
        ({"kind": "petition"}, "kind"),
        ({"point": "nonsense"}, "point"),
        ({"point": "1e999,2"}, "point"),
        ({"point": "200,29"}, "point"),
        ({"point": "[" * 190}, "point"),
        ({"photos": "nonsense"}, "photos"),
        ({"photos": str(uuid4())}, "photos"),
        ({"uid": "nonsense"}, "uid"),
        ({"key": "short"}, "key"),
        ({"text": "长" * 1001}, "text"),
        ({"contact": "不是电话"}, "contact"),
        ({"website": "http://spam.example"}, "website"),
    ],
)
def test_what_will_not_do_is_refused_with_its_place(city: City, more: dict[str, Any], where: str) -> None:
    answer = report(**more)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, where)
    assert not Case.objects.exists()
    assert visitor().post("/report/", sent(**more)).status_code == 422


def test_a_position_outside_the_city_is_refused_and_words_will_do(city: City) -> None:
    city_outline(city["city"])
    answer = report(point="116.4,39.9")
    assert answer.status_code == 422
    assert "本市之外" in answer.json()["error"]["message"]
    assert answer.json()["error"]["mend"]
    assert report(point="", address="文庙路口").status_code == 201


def test_script_in_every_field_stays_text(city: City) -> None:
    case, code = reported(city, text=SCRIPT, address=SCRIPT, name=SCRIPT)
    for page in (
        visitor().get(f"/follow/{code}/"),
        visitor().post("/report/", sent(text=SCRIPT, name=SCRIPT, point="x")),
    ):
        text = page.content.decode()
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text
    assert case.title == SCRIPT


def test_the_same_report_again_is_the_same_case_with_the_same_code(city: City) -> None:
    client, values = visitor(), sent()
    first = client.post("/report/", values, **JSON)
    again = client.post("/report/", values, **JSON)
    assert first.json() == again.json()
    assert Case.objects.count() == 1


def test_a_uid_that_somebody_else_sent_tells_nothing(city: City) -> None:
    values = sent()
    report(**values)
    other = report(**values | {"key": "another-secret-0123"})
    assert other.status_code == 409
    assert "code" not in str(other.json()["error"]["message"])
    assert Case.objects.count() == 1


def test_a_uid_of_a_case_of_staff_is_not_taken_over(city: City) -> None:
    case = cases.opened(city)
    assert report(uid=str(case.uid)).status_code == 409


# ---- photos ----


def test_a_photo_says_where_it_was_taken_if_that_lies_in_the_city(city: City) -> None:
    city_outline(city["city"])
    inside = upload(visitor(), data=photographed(111.69, 29.03)).json()
    assert inside["point"] == pytest.approx([111.69, 29.03], abs=1e-4)
    outside = upload(visitor(), 2, data=photographed(116.4, 39.9, 2)).json()
    assert (outside["point"], outside["outside"]) == (None, True)


def test_a_photo_that_is_sent_again_is_the_same_photo(city: City) -> None:
    uid = str(uuid4())
    assert [upload(visitor(), uid=uid).status_code for _each in range(2)] == [201, 201]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!doctype html>", ""),
        (b"%PDF-1.4 x", "照片"),
        (b"", ""),
        (b"\xff\xd8\xff" + b"0" * 30 * 1024 * 1024, "20 MB"),
    ],
    ids=["page", "pdf", "empty", "30 MB"],
)
def test_what_is_no_photo_is_not_taken(city: City, data: bytes, said: str) -> None:
    answer = upload(visitor(), data=data)
    assert answer.status_code == 422
    assert said in str(answer.json()["error"])
    assert not Evidence.objects.exists()


def test_no_file_and_no_uid_are_refused(city: City) -> None:
    assert visitor().post("/report/photo/", {"uid": str(uuid4())}, **JSON).status_code == 422
    assert upload(visitor(), uid="nonsense").status_code == 422


def test_nobody_takes_a_photo_of_staff_or_of_another_report_for_their_own(city: City) -> None:
    staffs = cases.photo(city.viewer("clerk"), city["school"])
    assert report(photos=str(staffs.uid)).json()["error"]["where"] == "photos"
    case, _code = reported(city, photos=1)
    assert report(photos=str(case.photos.get().evidence.uid)).json()["error"]["where"] == "photos"


def test_seven_photos_are_too_many(city: City) -> None:
    assert report(photos=",".join(str(uuid4()) for _each in range(7))).json()["error"]["where"] == "photos"


# ---- often ----


def test_a_flood_from_one_address_is_stopped_and_another_address_is_not(city: City) -> None:
    CasePolicy.objects.update(reports_per_hour=3)
    client = visitor()
    assert [report(client).status_code for _each in range(5)] == [201, 201, 201, 429, 429]
    refused = report(client).json()["error"]
    assert "以后再发" in refused["mend"]
    assert Case.objects.count() == 3
    assert report(visitor("203.0.113.8")).status_code == 201
    page = client.post("/report/", sent())
    assert page.status_code == 422
    assert "盲道被占" in page.content.decode()


def test_what_is_refused_counts_as_nothing(city: City) -> None:
    CasePolicy.objects.update(reports_per_hour=1)
    city_outline(city["city"])
    client = visitor()
    assert {report(client, point="116.4,39.9").status_code for _each in range(3)} == {422}
    assert report(client).status_code == 201


def test_sending_the_same_report_again_counts_once(city: City) -> None:
    CasePolicy.objects.update(reports_per_hour=2)
    client, values = visitor(), sent()
    assert {client.post("/report/", values, **JSON).status_code for _each in range(5)} == {201}
    assert report(client).status_code == 201
    assert report(client).status_code == 429


def test_photos_have_a_limit_of_their_own(city: City) -> None:
    CasePolicy.objects.update(reports_per_hour=1)
    client = visitor()
    assert [upload(client, number).status_code for number in range(11)] == [201] * 10 + [429]


def test_a_household_of_ipv6_is_one_address(city: City) -> None:
    CasePolicy.objects.update(reports_per_hour=1)
    assert report(visitor("2001:db8::1")).status_code == 201
    assert report(visitor("2001:db8::2")).status_code == 429
    assert report(visitor("2001:db8:0:1::2")).status_code == 201


# ---- closed ----


def test_a_closed_door_says_so_politely_and_takes_nothing(city: City) -> None:
    CasePolicy.objects.update(citizen_door=False)
    assert "12345" in visitor().get("/report/").content.decode()
    answer = report()
    assert answer.status_code == 422
    assert "12345" in answer.json()["error"]["mend"]
    assert upload(visitor()).status_code == 422
    assert visitor().get("/report/near/", {"point": POINT}, **JSON).status_code == 422
    assert not Case.objects.exists()
