"""A document that is out gets a successor: what moved, because of which records; both stay valid as of their days."""

from copy import deepcopy
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.reports import desk, services
from chuangwen.reports.models import Report
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.stage import Stage
from tests.factories.state import nothing_changes
from tests.reports.cast import carry, page, paragraphs, write


@pytest.fixture(scope="module")
def the_outcome(stage: Stage) -> Outcome:
    return stage(lambda city: OutcomeFactory.create(unit=city["c98"], amount=734, day=date(2026, 4, 2)))


@pytest.fixture
def outcome(the_outcome: Outcome, db: None) -> Outcome:
    return deepcopy(the_outcome)


@pytest.fixture(scope="module")
def the_issued(stage: Stage, the_outcome: Outcome) -> Report:
    return stage(lambda city: carry(city.viewer("head"), write(city.viewer("clerk"), city["school"])))


@pytest.fixture
def issued(the_issued: Report, db: None) -> Report:
    return deepcopy(the_issued)


@pytest.fixture
def successor(city: City, issued: Report, outcome: Outcome) -> Report:
    duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=12, reason="x")
    return services.reissue(city.viewer("clerk"), uid=issued.uid)


def test_it_names_each_figure_that_moved_and_the_records_that_moved_it(
    city: City, successor: Report, outcome: Outcome
) -> None:
    moved = {change.figure.name: change for change in desk.moved_figures(city.viewer("clerk"), successor)}
    litter = moved["捡拾垃圾次数"]
    assert (litter.was, litter.now) == ("734", "12")
    ((row, ref),) = litter.rows
    assert (row.uid, row.before, row.now) == (outcome.uid, 734, 12)
    assert ref is not None
    assert "公共设施维护次数" not in moved
    text = page(city.client("clerk"), reverse("moved-report", args=[successor.uid]))
    assert "734 → 12" in text
    assert ref.label in text


def test_what_changes_after_the_second_one_was_frozen_does_not_count(
    city: City, successor: Report, outcome: Outcome
) -> None:
    duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=99, reason="x")
    moved = {change.figure.name: change for change in desk.moved_figures(city.viewer("clerk"), successor)}
    assert moved["捡拾垃圾次数"].now == "12"


def test_its_text_says_which_document_it_updates(issued: Report, successor: Report) -> None:
    document = successor.document
    assert document is not None
    assert any(issued.code in line for line in paragraphs(files.read(document)))


def test_both_stay_valid_and_the_old_one_leads_to_the_new_one_once_that_is_out(
    city: City, issued: Report, successor: Report
) -> None:
    before = files.read(issued.document)  # type: ignore[arg-type]
    stranger = Client()
    assert successor.code not in page(stranger, f"/f/{issued.code}")
    carry(city.viewer("head"), successor)
    old, new = page(stranger, f"/f/{issued.code}"), page(stranger, f"/f/{successor.code}")
    assert "这份文书是真的" in old
    assert f"新的一份是 {successor.code} 号" in old
    assert "仍然有效" in old
    assert "这份文书是真的" in new
    assert f"{issued.code} 号" in new
    assert "没有更新的一份" in new
    assert files.read(Report.objects.get(pk=issued.pk).document) == before  # type: ignore[arg-type]


def test_it_says_what_the_issued_one_says_in_the_writers_words_with_the_figures_of_now(
    city: City, outcome: Outcome
) -> None:
    clerk = city.viewer("clerk")
    draft = write(clerk, city["school"])
    paragraph = next(each for each in desk.paragraphs(draft) if each.wording and "⟦捡拾垃圾次数⟧" in each.wording)
    anchor, was = paragraph.block.anchor, str(paragraph.wording)
    services.change_text(clerk, uid=draft.uid, anchor=anchor, text=was + "居民也来搭手。", was=was)
    issued = carry(city.viewer("head"), draft)
    duties.correct_outcome(clerk, uid=outcome.uid, amount=12, reason="x")
    document = services.reissue(clerk, uid=issued.uid).document
    assert document is not None
    assert any("捡拾垃圾12次" in line and line.endswith("居民也来搭手。") for line in paragraphs(files.read(document)))


def test_a_second_successor_is_a_conflict_until_the_first_is_discarded(
    city: City, issued: Report, successor: Report
) -> None:
    clerk = city.viewer("clerk")
    with pytest.raises(Conflict, match=successor.code), nothing_changes():
        services.reissue(clerk, uid=issued.uid)
    services.move(clerk, uid=successor.uid, verb="discard")
    assert services.reissue(clerk, uid=issued.uid).supersedes == issued


def test_a_draft_is_changed_and_not_updated(city: City, outcome: Outcome) -> None:
    draft = write(city.viewer("clerk"), city["school"])
    with pytest.raises(Refused, match="还没有印发"), nothing_changes():
        services.reissue(city.viewer("clerk"), uid=draft.uid)


def test_an_archived_one_can_be_updated_too(city: City, issued: Report) -> None:
    services.move(city.viewer("clerk"), uid=issued.uid, verb="archive")
    assert services.reissue(city.viewer("clerk"), uid=issued.uid).supersedes == issued


def test_the_button_writes_it_and_shows_what_moved(city: City, issued: Report) -> None:
    clerk = city.client("clerk")
    address = reverse("reissue-report", args=[issued.uid])
    assert address in page(clerk, reverse("report", args=[issued.uid]))
    answer = clerk.post(address)
    made = Report.objects.get(supersedes=issued)
    assert answer["Location"] == reverse("report", args=[made.uid]) + "?side=before"
    assert address not in page(clerk, reverse("report", args=[issued.uid]))


@pytest.mark.parametrize("part", ["other_clerk", "reader", "recorder", "stranger"])
def test_the_wrong_person_updates_nothing(city: City, issued: Report, part: str) -> None:
    client = city.client(part)
    with nothing_changes():
        with pytest.raises(Missing):
            services.reissue(city.viewer(part), uid=issued.uid)
        assert client.post(reverse("reissue-report", args=[issued.uid])).status_code == 404


def test_a_first_document_has_nothing_to_compare_with(city: City, issued: Report) -> None:
    assert city.client("clerk").get(reverse("moved-report", args=[issued.uid])).status_code == 404
