"""Whoever has the code follows the case in plain words, sees before and after, and says whether it was solved."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.cases import services
from chuangwen.cases.models import Case, Reporter
from chuangwen.cases.services import Given
from chuangwen.core.models import Event
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import EvidenceCopy
from chuangwen.evidence.rules import Cover
from tests.cases.door_parts import reported, visitor
from tests.evidence.samples import jpeg
from tests.factories import cases
from tests.factories.city import City


def close(city: City, case: Case) -> Case:
    """Through the office, the bureau and the office again, as users do it."""
    office, clerk = city.viewer("dispatcher"), city.viewer("lead_clerk")
    services.move(office, uid=case.uid, verb="file", given=Given(category=cases.category()))
    services.move(office, uid=case.uid, verb="dispatch", given=Given(lead=city["bureau"], reason="内部：尽快"))
    services.move(clerk, uid=case.uid, verb="accept")
    photo = cases.photo(clerk, city["bureau"], 9)
    services.move(clerk, uid=case.uid, verb="fix", given=Given(reason="内部：清走了", photos=[photo]))
    return services.move(office, uid=case.uid, verb="verify", given=Given(reason="内部：看过", reply="单车清走了"))


def page(code: str) -> str:
    return visitor().get(f"/follow/{code}/").content.decode()


def test_the_course_is_told_in_neutral_words(city: City, django_assert_max_num_queries: Any) -> None:
    case, code = reported(city, photos=1)
    assert "收到了，等着立案" in page(code)
    close(city, case)
    with django_assert_max_num_queries(16):
        text = page(code)
    for told in ("已立案", "已派给市城管局", "正在整改", "核验中", "已结案", "单车清走了", "盲道被占"):
        assert told in text
    for inside in ("内部", "lead_clerk 的姓名", "dispatcher 的姓名"):
        assert inside not in text


def test_a_code_is_taken_as_it_was_written_down(city: City) -> None:
    _case, code = reported(city)
    answer = visitor().post("/follow/", {"code": f" {code[:3].lower()} {code[3:6]}-{code[6:]} "})
    assert answer["Location"] == f"/follow/{code}/"
    assert visitor().get(f"/follow/{code.lower()}/").status_code == 200


@pytest.mark.parametrize("wrong", ["2345678923", "x", "没有", "' or 1=1", "A" * 40])
def test_a_wrong_code_gets_one_sentence(city: City, wrong: str) -> None:
    reported(city)
    answer = visitor().post("/follow/", {"code": wrong}, follow=True)
    assert answer.status_code == 404
    assert "没有这个查询码" in answer.content.decode()


def test_guessing_is_stopped_for_that_address_alone(city: City) -> None:
    _case, code = reported(city)
    guesser = visitor()
    codes = [guesser.get(f"/follow/23456789{number:02d}/").status_code for number in range(22, 44)]
    assert codes == [404] * 20 + [429, 429]
    assert guesser.get(f"/follow/{code}/").status_code == 429
    assert visitor("203.0.113.99").get(f"/follow/{code}/").status_code == 200


def test_a_right_code_is_no_guess(city: City) -> None:
    _case, code = reported(city)
    client = visitor()
    assert {client.get(f"/follow/{code}/").status_code for _each in range(25)} == {200}


def test_photos_are_public_copies_of_this_case_alone(city: City) -> None:
    case, code = reported(city, photos=1)
    _other, code_of_other = reported(city, photos=2)
    shown = case.photos.get().evidence
    address = f"/follow/{code}/photo/{shown.uid}/"
    answer = visitor().get(address)
    copy = EvidenceCopy.objects.get(evidence=shown, role="public").file
    assert answer.getvalue() != jpeg(50)
    assert int(answer["Content-Length"]) == copy.size
    assert visitor().get(f"/follow/{code_of_other}/photo/{shown.uid}/").status_code == 404
    assert "no-store" in answer["Cache-Control"]


def test_after_a_covering_only_the_new_copy_is_given(city: City) -> None:
    case, code = reported(city, photos=1)
    shown = case.photos.get().evidence
    before = visitor().get(f"/follow/{code}/photo/{shown.uid}/").getvalue()
    evidence.redact(city.viewer("office"), shown, [Cover(0, 0, 5000, 5000)], "车牌")
    after = visitor().get(f"/follow/{code}/photo/{shown.uid}/").getvalue()
    assert after != before


def test_a_photo_that_was_withdrawn_is_gone(city: City) -> None:
    case, code = reported(city, photos=1)
    shown = case.photos.get().evidence
    type(shown).everything.filter(pk=shown.pk).update(withdrawn_at="2026-01-01T00:00:00Z")
    assert visitor().get(f"/follow/{code}/photo/{shown.uid}/").status_code == 404
    assert "/photo/" not in page(code)


def test_not_solved_takes_the_case_up_again_and_counts_it(city: City) -> None:
    case, code = reported(city)
    close(city, case)
    data = {"reason": "单车又回来了", "files": [SimpleUploadedFile("b.jpg", jpeg(77))]}
    assert visitor().post(f"/follow/{code}/dispute/", data).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.reopened, case.lead) == ("working", 1, city["bureau"])
    assert case.photos.filter(shows="check").count() == 1
    text = page(code)
    assert "单车又回来了" in text
    assert "1 次" in text
    step = case.steps.get(verb="dispute")
    assert (step.capacity, step.unit, step.by.is_door) == ("reporter", None, True)  # type: ignore[union-attr]


def test_pressed_twice_it_is_taken_up_once(city: City) -> None:
    case, code = reported(city)
    close(city, case)
    for _each in range(2):
        assert visitor().post(f"/follow/{code}/dispute/", {"reason": "还在"}).status_code == 302
    case.refresh_from_db()
    assert case.reopened == 1


def test_not_solved_needs_words_and_a_closed_case(city: City) -> None:
    case, code = reported(city)
    assert visitor().post(f"/follow/{code}/dispute/", {"reason": "太慢"}).status_code == 422
    close(city, case)
    assert visitor().post(f"/follow/{code}/dispute/", {"reason": " "}).status_code == 422
    case.refresh_from_db()
    assert case.reopened == 0


def test_satisfied_is_said_once(city: City) -> None:
    case, code = reported(city)
    assert visitor().post(f"/follow/{code}/satisfied/").status_code == 422
    close(city, case)
    for _each in range(2):
        assert visitor().post(f"/follow/{code}/satisfied/").status_code == 302
    assert Reporter.objects.get(case=case).satisfied is True
    assert Event.objects.filter(verb="case.satisfied", subject_uid=case.uid).count() == 1
    assert "您说满意" in page(code)
    visitor().post(f"/follow/{code}/dispute/", {"reason": "又坏了"})
    assert Reporter.objects.get(case=case).satisfied is False


def test_a_case_that_was_merged_tells_of_the_other(city: City) -> None:
    case, code = reported(city)
    into = cases.sent(city)
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="merge", given=Given(into=into))
    assert "已经派给责任单位" in page(code)


def test_a_case_that_was_declined_shows_the_answer_and_not_the_reason(city: City) -> None:
    case, code = reported(city)
    given = Given(reason="内部原因", reply="这件事归省里管")
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="decline", given=given)
    assert "这件事归省里管" in page(code)
    assert "内部原因" not in page(code)


def test_what_staff_wrote_of_a_reporter_is_not_shown_to_them(city: City) -> None:
    opening = services.Opening(
        kind="complaint", title="来电", text="内部记录", opened_for=city["school"], reporter=services.ReporterGiven()
    )
    opened = services.open_case(city.viewer("clerk"), opening)
    assert "内部记录" not in page(opened.code)
