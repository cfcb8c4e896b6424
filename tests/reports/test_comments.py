"""Comments on a draft: on a paragraph or on the whole, by whoever may read it, until it is issued."""

from copy import deepcopy

import pytest
from django.urls import reverse

from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from chuangwen.reports import desk, services
from chuangwen.reports.models import Report, ReportComment
from tests.factories.city import City
from tests.factories.stage import Stage
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import carry, page, write


@pytest.fixture(scope="module")
def the_draft(stage: Stage) -> Report:
    return stage(lambda city: write(city.viewer("clerk"), city["school"]))


@pytest.fixture
def draft(the_draft: Report, db: None) -> Report:
    return deepcopy(the_draft)


def anchor_of(draft: Report) -> str:
    return next(each.block.anchor for each in desk.paragraphs(draft) if each.wording)


def test_a_remark_stands_with_its_paragraph_and_its_author(city: City, draft: Report) -> None:
    anchor = anchor_of(draft)
    with one_event("report.commented"):
        services.comment(city.viewer("head"), uid=draft.uid, text="这里写短些", anchor=anchor)
    text = page(city.client("clerk"), reverse("report", args=[draft.uid]), side="talk")
    assert "这里写短些" in text
    assert str(city.persons["head"]) in text
    assert ReportComment.objects.get().quote


def test_its_words_are_in_the_detail_of_the_event_and_not_in_its_data(city: City, draft: Report) -> None:
    services.comment(city.viewer("head"), uid=draft.uid, text="张三写的不对")
    event = Event.objects.get(verb="report.commented")
    assert "张三" not in str(event.data)
    assert event.detail.text == "张三写的不对"


def test_it_is_settled_once(city: City, draft: Report) -> None:
    made = services.comment(city.viewer("head"), uid=draft.uid, text="这里写短些")
    clerk = city.client("clerk")
    address = reverse("settle-comment", args=[draft.uid, made.uid])
    with one_event("report.comment_settled"):
        assert clerk.post(address).status_code == 302
    with nothing_changes():
        clerk.post(address)
    assert "已办" in page(clerk, reverse("report", args=[draft.uid]), side="talk")


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_one_is_refused(city: City, draft: Report, text: str) -> None:
    with pytest.raises(Refused, match="批注是空的"), nothing_changes():
        services.comment(city.viewer("head"), uid=draft.uid, text=text)
    answer = city.client("head").post(reverse("comment-report", args=[draft.uid]), {"text": text})
    assert answer.status_code == 422


def test_one_on_a_paragraph_that_is_gone_is_a_conflict(city: City, draft: Report) -> None:
    with pytest.raises(Conflict, match="已经不在"), nothing_changes():
        services.comment(city.viewer("head"), uid=draft.uid, text="x", anchor="40000000")


def test_an_issued_document_is_not_remarked_on(city: City, draft: Report) -> None:
    carry(city.viewer("head"), draft)
    with pytest.raises(Refused, match="已印发的文书不能再批注"), nothing_changes():
        services.comment(city.viewer("head"), uid=draft.uid, text="x")


@pytest.mark.parametrize("part", ["other_clerk", "reader", "recorder", "stranger"])
def test_the_wrong_person_neither_sees_nor_writes_any(city: City, draft: Report, part: str) -> None:
    made = services.comment(city.viewer("head"), uid=draft.uid, text="这里写短些")
    client = city.client(part)
    with nothing_changes():
        with pytest.raises(Missing):
            services.comment(city.viewer(part), uid=draft.uid, text="x")
        assert client.post(reverse("comment-report", args=[draft.uid]), {"text": "x"}).status_code == 404
        assert client.post(reverse("settle-comment", args=[draft.uid, made.uid])).status_code == 404


def test_who_only_reads_hears_nothing_of_what_was_said_and_settles_nothing(city: City, draft: Report) -> None:
    made = services.comment(city.viewer("head"), uid=draft.uid, text="这里写短些")
    carry(city.viewer("head"), draft)
    reader = city.client("reader")
    for side in ("talk", "check", "material"):
        text = page(reader, reverse("report", args=[draft.uid]), side=side)
        assert "这里写短些" not in text
        assert reverse("report-ranking", args=[draft.uid]) not in text
    assert reader.get(reverse("report-ranking", args=[draft.uid])).status_code == 404
    with nothing_changes():
        assert reader.post(reverse("settle-comment", args=[draft.uid, made.uid])).status_code == 404
