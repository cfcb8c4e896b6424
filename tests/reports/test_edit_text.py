"""A writer's own words in a draft: figures stay marks, nothing of a colleague is overwritten, nothing is lost."""

from copy import deepcopy
from datetime import date

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from chuangwen.core import files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.reports import desk, docx, services
from chuangwen.reports.models import Report
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.stage import Stage
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import page, paragraphs, write


@pytest.fixture(scope="module")
def the_outcome(stage: Stage) -> Outcome:
    return stage(lambda city: OutcomeFactory.create(unit=city["c98"], amount=734, day=date(2026, 4, 2)))


@pytest.fixture
def outcome(the_outcome: Outcome, db: None) -> Outcome:
    return deepcopy(the_outcome)


@pytest.fixture(scope="module")
def the_draft(stage: Stage, the_outcome: Outcome) -> Report:
    return stage(lambda city: write(city.viewer("clerk"), city["school"]))


@pytest.fixture
def draft(the_draft: Report, db: None) -> Report:
    return deepcopy(the_draft)


def standing(report: Report) -> Report:
    return Report.objects.select_related("document", "form", "template__file", "unit").get(pk=report.pk)


def lines(report: Report) -> list[str]:
    document = standing(report).document
    assert document is not None
    return paragraphs(files.read(document))


def find(report: Report, part: str) -> tuple[str, str]:
    """(anchor, wording) of the paragraph that says this."""
    for paragraph in desk.paragraphs(standing(report)):
        if paragraph.wording and part in paragraph.wording:
            return paragraph.block.anchor, paragraph.wording
    raise AssertionError(part)


class TestChanging:
    def test_other_words_around_a_figure_stay_linked_to_its_rows(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        text = was.replace("捡拾垃圾", "在街上捡拾垃圾", 1)
        with one_event("report.edited"):
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=text, was=was)
        assert any("在街上捡拾垃圾700余次" in line for line in lines(draft))
        document = standing(draft).document
        assert document is not None
        figure = draft.figures.get(name="捡拾垃圾次数")
        assert any(link.url.endswith(figure.code) for link in docx.links(files.read(document)))

    def test_a_rewrite_keeps_the_words_and_brings_the_new_figure(
        self, city: City, draft: Report, outcome: Outcome
    ) -> None:
        clerk = city.viewer("clerk")
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        services.change_text(clerk, uid=draft.uid, anchor=anchor, text=was + "各班都有参加。", was=was)
        duties.correct_outcome(clerk, uid=outcome.uid, amount=12, reason="x")
        services.refresh(clerk, uid=draft.uid)
        assert any("捡拾垃圾12次" in line and line.endswith("各班都有参加。") for line in lines(draft))
        (change,) = desk.changes(standing(draft))
        assert change.placed

    def test_a_paragraph_can_be_taken_out_and_put_back(self, city: City, draft: Report) -> None:
        clerk = city.viewer("clerk")
        anchor, was = find(draft, "⟦心得篇数⟧")
        services.change_text(clerk, uid=draft.uid, anchor=anchor, text=None, was=was)
        assert not any("活动心得" in line for line in lines(draft))
        (change,) = desk.changes(standing(draft))
        assert (change.text, change.was) == (None, was)
        services.restore_text(clerk, uid=draft.uid, change=change.id)
        assert find(draft, "⟦心得篇数⟧") == (anchor, was)
        assert standing(draft).edits == []

    def test_a_paragraph_of_ones_own_stands_behind_another_and_can_be_changed_in_its_turn(
        self, city: City, draft: Report
    ) -> None:
        clerk = city.viewer("clerk")
        anchor, _was = find(draft, "⟦捡拾垃圾次数⟧")
        services.add_paragraph(
            clerk, uid=draft.uid, after=anchor, text="居民也来搭手，捡拾⟦捡拾垃圾次数⟧次里有他们一份。"
        )
        own, wording = find(draft, "居民也来搭手")
        written = lines(draft)
        place = next(number for number, line in enumerate(written) if "居民也来搭手" in line)
        assert "捡拾垃圾700余次" in written[place - 1]
        services.change_text(clerk, uid=draft.uid, anchor=own, text="商户也来搭手。", was=wording)
        assert any(line == "商户也来搭手。" for line in lines(draft))
        (change,) = desk.changes(standing(draft))
        services.restore_text(clerk, uid=draft.uid, change=change.id)
        assert not any("来搭手" in line for line in lines(draft))

    def test_the_same_words_again_change_nothing(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        with nothing_changes():
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=was, was=was)

    def test_line_ends_of_a_text_field_do_not_count(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        with nothing_changes():
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=f"{was}\r\n", was=was)


class TestFiguresStayMarks:
    def test_a_figure_cannot_be_typed_in_the_place_of_its_mark(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        typed = was.replace("⟦捡拾垃圾次数⟧", "700余")
        with pytest.raises(Refused, match="“捡拾垃圾次数”是 700余，不能手写") as refused, nothing_changes():
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=typed, was=was)
        assert refused.value.where == "text"

    def test_nor_in_two_steps(self, city: City, draft: Report) -> None:
        clerk = city.viewer("clerk")
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        without = was.replace("⟦捡拾垃圾次数⟧", "许多")
        services.change_text(clerk, uid=draft.uid, anchor=anchor, text=without, was=was)
        typed = was.replace("⟦捡拾垃圾次数⟧", "700余")
        with pytest.raises(Refused, match="不能手写"), nothing_changes():
            services.change_text(clerk, uid=draft.uid, anchor=anchor, text=typed, was=without)

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("捡拾⟦没有这个⟧次", "没有叫“没有这个”的数字"),
            ("捡拾⟦捡拾垃圾次数次", "标记没有写完整"),
            ("捡拾⟦⟧次", "标记没有写完整"),
            ("   ", "这一段是空的"),
        ],
    )
    def test_a_wrong_mark_is_refused_and_changes_nothing(self, city: City, draft: Report, text: str, what: str) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        with pytest.raises(Refused, match=what), nothing_changes():
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=text, was=was)

    def test_a_number_of_ones_own_is_shown_to_whoever_checks(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        services.change_text(
            city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=was + "另有家长300人参加。", was=was
        )
        assert "手写的数 300 没有记录可开" in page(
            city.client("head"), reverse("report", args=[draft.uid]), side="check"
        )

    def test_script_stays_text(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        text = was + "<script>alert(1)</script>{{ 劝导人次 }}"
        services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=text, was=was)
        answer = city.client("clerk").get(reverse("report", args=[draft.uid])).content.decode()
        assert "<script>alert" not in answer
        assert any("{{ 劝导人次 }}" in line for line in lines(draft))


class TestTwoAtOnce:
    def test_two_may_change_two_paragraphs(self, city: City, draft: Report) -> None:
        one, was = find(draft, "⟦捡拾垃圾次数⟧")
        other, was_other = find(draft, "⟦心得篇数⟧")
        services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=one, text=was + "甲。", was=was)
        services.change_text(city.viewer("head"), uid=draft.uid, anchor=other, text=was_other + "乙。", was=was_other)
        assert {line[-2:] for line in lines(draft)} >= {"甲。", "乙。"}

    def test_of_two_who_change_one_paragraph_the_later_is_told_and_shown_the_words(
        self, city: City, draft: Report
    ) -> None:
        anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
        services.change_text(city.viewer("head"), uid=draft.uid, anchor=anchor, text=was + "先到。", was=was)
        clerk = city.client("clerk")
        with nothing_changes():
            with pytest.raises(Conflict, match=r"现在是：.+先到"):
                services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=was + "后到。", was=was)
            posted = {"anchor": anchor, "was": was, "text": was + "后到。", "act": "save"}
            answer = clerk.post(reverse("edit-report", args=[draft.uid]), posted)
        assert answer.status_code in {409, 422}
        assert "后到。" in answer.content.decode()

    def test_a_paragraph_that_is_gone_is_a_conflict(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦心得篇数⟧")
        services.change_text(city.viewer("head"), uid=draft.uid, anchor=anchor, text=None, was=was)
        with pytest.raises(Conflict, match="这一段已经不在了"), nothing_changes():
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text="x", was=was)

    def test_who_else_is_at_the_draft_is_said(self, city: City, draft: Report) -> None:
        anchor, _was = find(draft, "⟦心得篇数⟧")
        clerk, head = city.client("clerk"), city.client("head")
        others = reverse("others-at-report", args=[draft.uid])
        assert "份草稿" not in page(clerk, others)
        page(head, reverse("report", args=[draft.uid]), edit=anchor)
        assert f"{city.persons['head']}正在改这份草稿的一段" in page(clerk, others)
        page(head, others)
        assert f"{city.persons['head']}也在看这份草稿" in page(clerk, others)
        assert f"{city.persons['clerk']}也在看这份草稿" in page(head, others)

    def test_a_page_that_is_older_than_the_draft_is_told(self, city: City, draft: Report) -> None:
        clerk = city.client("clerk")
        others = reverse("others-at-report", args=[draft.uid])
        assert "您看到的是旧的" not in page(clerk, others, revision=draft.revision)
        anchor, was = find(draft, "⟦心得篇数⟧")
        services.change_text(city.viewer("head"), uid=draft.uid, anchor=anchor, text=None, was=was)
        assert "您看到的是旧的" in page(clerk, others, revision=draft.revision)


class TestNoPlace:
    def test_a_change_of_a_paragraph_that_the_new_draft_has_not_is_kept_and_shown(
        self, city: City, draft: Report, outcome: Outcome
    ) -> None:
        clerk = city.viewer("clerk")
        anchor, was = find(draft, "⟦清理捡拾突出班级⟧")
        services.change_text(clerk, uid=draft.uid, anchor=anchor, text=was + "值得推广。", was=was)
        duties.withdraw_outcome(clerk, uid=outcome.uid, reason="x")
        OutcomeFactory.create(unit=city["c98"], kind_id="facility_kept", amount=1, day=date(2026, 4, 2))
        services.refresh(clerk, uid=draft.uid)
        (change,) = desk.changes(standing(draft))
        assert (change.placed, change.text) == (False, was + "值得推广。")
        assert "新稿里找不到这一段了" in page(city.client("clerk"), reverse("report", args=[draft.uid]), side="check")

    def test_when_its_paragraph_comes_back_so_does_the_change(
        self, city: City, draft: Report, outcome: Outcome
    ) -> None:
        clerk = city.viewer("clerk")
        anchor, was = find(draft, "⟦清理捡拾突出班级⟧")
        services.change_text(clerk, uid=draft.uid, anchor=anchor, text=was + "值得推广。", was=was)
        duties.withdraw_outcome(clerk, uid=outcome.uid, reason="x")
        services.refresh(clerk, uid=draft.uid)
        OutcomeFactory.create(unit=city["c98"], amount=3, day=date(2026, 4, 2))
        services.refresh(clerk, uid=draft.uid)
        assert any(line.endswith("值得推广。") for line in lines(draft))

    def test_a_change_without_a_place_captures_no_other_paragraph(
        self, city: City, draft: Report, outcome: Outcome
    ) -> None:
        clerk = city.viewer("clerk")
        anchor, was = find(draft, "⟦清理捡拾突出班级⟧")
        services.change_text(clerk, uid=draft.uid, anchor=anchor, text=was + "甲。", was=was)
        report = standing(draft)
        other, wording = find(draft, "⟦心得篇数⟧")
        lost = {**report.edits[0], "anchor": other, "placed": False}
        Report.objects.filter(pk=draft.pk).update(edits=[lost])
        page_of = {each.block.anchor: each for each in desk.paragraphs(standing(draft))}
        assert page_of[other].edited == ""
        services.change_text(clerk, uid=draft.uid, anchor=other, text=wording + "乙。", was=wording)
        texts = {change.text for change in desk.changes(standing(draft))}
        assert texts == {was + "甲。", wording + "乙。"}

    def test_a_change_that_a_colleague_wrote_anew_is_not_taken_back_unseen(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦心得篇数⟧")
        services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=was + "甲。", was=was)
        (seen,) = desk.changes(standing(draft))
        now = find(draft, "⟦心得篇数⟧")[1]
        services.change_text(city.viewer("head"), uid=draft.uid, anchor=anchor, text=was + "乙。", was=now)
        with pytest.raises(Conflict, match="刚被别人改过"), nothing_changes():
            services.restore_text(city.viewer("clerk"), uid=draft.uid, change=seen.id)


class TestRights:
    @pytest.mark.parametrize("part", ["other_clerk", "reader", "recorder", "stranger"])
    def test_it_is_not_there_for_the_wrong_person(self, city: City, draft: Report, part: str) -> None:
        anchor, was = find(draft, "⟦心得篇数⟧")
        client = city.client(part)
        with nothing_changes():
            with pytest.raises(Missing):
                services.change_text(city.viewer(part), uid=draft.uid, anchor=anchor, text="x", was=was)
            posted = {"anchor": anchor, "was": was, "text": "x", "act": "save"}
            assert client.post(reverse("edit-report", args=[draft.uid]), posted).status_code == 404

    def test_a_submitted_draft_is_not_changed_and_offers_no_editor(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦心得篇数⟧")
        services.move(city.viewer("clerk"), uid=draft.uid, verb="submit")
        with pytest.raises(Refused), nothing_changes():
            services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text="x", was=was)
        assert "data-editor" not in page(city.client("clerk"), reverse("report", args=[draft.uid]), edit=anchor)


class TestPage:
    def post(self, client: Client, draft: Report, **posted: str) -> tuple[int, str]:
        answer = client.post(reverse("edit-report", args=[draft.uid]), posted)
        return answer.status_code, answer.content.decode()

    def test_saving_leads_back_to_the_paragraph(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦心得篇数⟧")
        clerk = city.client("clerk")
        assert f">{was}</textarea>" in clerk.get(reverse("report", args=[draft.uid]), {"edit": anchor}).content.decode()
        assert self.post(clerk, draft, anchor=anchor, was=was, text=was + "好。", act="save")[0] == 302
        assert any(line.endswith("好。") for line in lines(draft))
        (change,) = desk.changes(standing(draft))
        assert self.post(clerk, draft, anchor=anchor, change=change.id, act="restore")[0] == 302
        assert find(draft, "⟦心得篇数⟧")[1] == was

    def test_a_refusal_stands_above_the_text_and_keeps_what_was_typed(self, city: City, draft: Report) -> None:
        anchor, was = find(draft, "⟦心得篇数⟧")
        code, text = self.post(city.client("clerk"), draft, anchor=anchor, was=was, text="心得⟦没有这个⟧篇", act="save")
        assert code == 422
        assert "没有叫“没有这个”的数字" in text
        assert "心得⟦没有这个⟧篇</textarea>" in text


def test_figures_stay_marks_on_a_site_that_has_another_name_today(
    city: City, draft: Report, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://another.example"
    anchor, was = find(draft, "⟦捡拾垃圾次数⟧")
    text = page(city.client("clerk"), reverse("report", args=[draft.uid]))
    assert f'href="/f/{draft.figures.get(name="捡拾垃圾次数").code}"' in text
    services.change_text(city.viewer("clerk"), uid=draft.uid, anchor=anchor, text=was + "好。", was=was)
    assert any("捡拾垃圾700余次" in line for line in lines(draft))
