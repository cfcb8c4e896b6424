"""Material of a draft: what is told, in which order, why, and what was left out."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from chuangwen.core import files
from chuangwen.core.errors import Missing, Refused
from chuangwen.duties.models import DutyKind, Shift
from chuangwen.reports import docx, material, services
from chuangwen.reports.models import Report, ReportForm
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, ShiftFactory
from tests.factories.people import PersonFactory
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import carry, page, paragraphs, write

STORY = "学生把倒地的共享单车一辆辆扶正，摊主也来搭手。"


def event(city: City, name: str, day: date, heads: int, **values: object) -> Shift:
    """An outing of the first school with so many on site."""
    duty = DutyFactory.create(unit=city["school"], kind=DutyKind.VOLUNTEERING, name=name)
    values = {"story": STORY, "place": "桥口街", **values}
    shift = ShiftFactory.create(duty=duty, unit=city["school"], day=day, **values)
    for _head in range(heads):
        pupil = PersonFactory.create(unit=city["c98"], name="", is_pupil=True)
        AttendanceFactory.create(shift=shift, person=pupil, unit=city["c98"], day=day, presence="present")
    return shift


@pytest.fixture
def events(city: City) -> list[Shift]:
    """Four arrangements: the second has most heads, the fourth no story."""
    day = date(2026, 4, 2)
    return [
        event(city, "扶正单车", day, 2),
        event(city, "清理小广告", day + timedelta(days=7), 6, photos=3),
        event(city, "文明劝导", day + timedelta(days=14), 3),
        event(city, "擦护栏", day + timedelta(days=21), 4, story=""),
    ]


@pytest.fixture(autouse=True)
def limit(db: None) -> None:
    ReportForm.objects.filter(code="primary-school").update(
        material_limit=2, material_kinds=["volunteering"], material_weights={}, length=3000
    )


def told(report: Report) -> list[UUID]:
    return material.told(report)


def draft(city: City) -> Report:
    return write(city.viewer("clerk"), city["school"])


def text_of(report: Report) -> str:
    return "".join(paragraphs(report_bytes(report)))


def report_bytes(report: Report) -> bytes:
    document = Report.objects.select_related("document").get(pk=report.pk).document
    assert document is not None
    return files.read(document)


class TestChoice:
    def test_the_best_with_a_story_are_told_as_long_as_the_form_allows(self, city: City, events: list[Shift]) -> None:
        report = draft(city)
        assert len(told(report)) == 2
        assert told(report)[0] == events[1].uid
        assert events[3].uid not in told(report)
        assert STORY.rstrip("。") in text_of(report)

    def test_what_was_left_out_says_why(self, city: City, events: list[Shift]) -> None:
        report = draft(city)
        _told, left = material.pieces(report)
        why = {piece.row.subject_uid: piece.why for piece in left}
        assert why[events[3].uid] == "没有写经过，只有数"
        (other,) = set(why) - {events[3].uid}
        assert why[other].startswith("排在第")

    def test_of_one_arrangement_only_the_best_is_told(self, city: City, events: list[Shift]) -> None:
        again = ShiftFactory.create(
            duty=events[1].duty, unit=city["school"], day=date(2026, 5, 6), story=STORY, place="桥口街"
        )
        report = draft(city)
        assert again.uid not in told(report)
        _told, left = material.pieces(report)
        (why,) = [piece.why for piece in left if piece.row.subject_uid == again.uid]
        assert why == "同一活动已写 4月9日"

    def test_reasons_name_the_numbers_that_they_were_computed_from(self, city: City, events: list[Shift]) -> None:
        first = material.pieces(draft(city))[0][0]
        assert "6，是同类平均 4 的 150%" in first.reasons
        assert "照片 3 张" in first.reasons
        assert "有特色：本期只此一场" in first.reasons

    def test_two_records_that_exchange_what_is_known_of_them_exchange_their_ranks(
        self, city: City, events: list[Shift]
    ) -> None:
        before = {row.subject_uid: row.rank for row in draft(city).material.all()}
        one, other = events[0], events[1]
        one.photos, other.photos = other.photos, one.photos
        one.save(update_fields=["photos"])
        other.save(update_fields=["photos"])
        theirs = list(other.attendances.all())
        mine = list(one.attendances.all())
        for rows, shift in ((theirs, one), (mine, other)):
            for row in rows:
                row.shift, row.day = shift, shift.day
                row.save(update_fields=["shift", "day"])
        after = {row.subject_uid: row.rank for row in draft(city).material.all()}
        assert (after[one.uid], after[other.uid]) == (before[other.uid], before[one.uid])
        assert before[one.uid] != before[other.uid]

    def test_what_the_last_document_told_counts_less(self, city: City, events: list[Shift]) -> None:
        carry(city.viewer("head"), draft(city))
        fresh = draft(city)
        used = {row.subject_uid: row.facts["used"] for row in fresh.material.all()}
        assert used[events[1].uid] is True
        told_pieces, left = material.pieces(fresh)
        reasons = {piece.row.subject_uid: piece.reasons for piece in [*told_pieces, *left]}
        assert "上次用过" in reasons[events[1].uid]

    def test_every_number_in_a_told_piece_opens_to_that_event_alone(self, city: City, events: list[Shift]) -> None:
        report = draft(city)
        figure = report.figures.get(snapshot__subject_uid=events[1].uid, retired_at=None)
        assert figure.text == "6"
        assert f"，{figure.text}人到场" in text_of(report)
        assert any(link.url.endswith(figure.code) for link in docx.links(report_bytes(report)))
        assert "6 条" in page(city.client("clerk"), f"/f/{figure.code}")


class TestArranging:
    def test_a_piece_can_be_left_out_and_another_told(self, city: City, events: list[Shift]) -> None:
        report, clerk = draft(city), city.viewer("clerk")
        first, second = told(report)
        with one_event("report.arranged"):
            services.arrange(clerk, uid=report.uid, subject=first, act="drop")
        assert told(report) == [second]
        services.arrange(clerk, uid=report.uid, subject=events[3].uid, act="keep")
        assert told(report) == [second, events[3].uid]
        assert "擦护栏" in text_of(report)

    def test_the_order_changes_in_the_text(self, city: City, events: list[Shift]) -> None:
        report, clerk = draft(city), city.viewer("clerk")
        first, second = told(report)
        services.arrange(clerk, uid=report.uid, subject=second, act="up")
        assert told(report) == [second, first]
        names = {shift.uid: shift.duty.name for shift in events}
        text = text_of(report)
        assert text.index(f"）{names[second]}。") < text.index(f"）{names[first]}。")
        services.arrange(clerk, uid=report.uid, subject=second, act="down")
        assert told(report) == [first, second]

    def test_one_more_than_the_form_allows_is_refused(self, city: City, events: list[Shift]) -> None:
        report, clerk = draft(city), city.client("clerk")
        with nothing_changes():
            with pytest.raises(Refused, match="最多写 2 条"):
                services.arrange(city.viewer("clerk"), uid=report.uid, subject=events[3].uid, act="keep")
            answer = clerk.post(reverse("arrange-report", args=[report.uid, events[3].uid, "keep"]), follow=True)
        text = answer.content.decode()
        assert "这类文书最多写 2 条素材" in text
        assert reverse("arrange-report", args=[report.uid, events[3].uid, "keep"]) not in text

    def test_more_text_than_the_form_allows_is_refused(self, city: City, events: list[Shift]) -> None:
        report, clerk = draft(city), city.viewer("clerk")
        first = told(report)[0]
        services.arrange(clerk, uid=report.uid, subject=first, act="drop")
        ReportForm.objects.filter(code="primary-school").update(length=50)
        with pytest.raises(Refused, match="超过这类文书的 50 字"), nothing_changes():
            services.arrange(clerk, uid=report.uid, subject=first, act="keep")

    def test_a_long_form_tells_fewer_of_itself(self, city: City, events: list[Shift]) -> None:
        ReportForm.objects.filter(code="primary-school").update(length=1)
        assert told(draft(city)) == []

    def test_what_is_no_candidate_cannot_be_told(self, city: City, events: list[Shift]) -> None:
        stranger = ShiftFactory.create(duty__unit=city["second"], day=date(2026, 4, 2))
        report = draft(city)
        with pytest.raises(Refused, match="没有这条素材"), nothing_changes():
            services.arrange(city.viewer("clerk"), uid=report.uid, subject=stranger.uid, act="keep")

    def test_a_rewrite_takes_up_what_came_in_since_where_nobody_decided(self, city: City) -> None:
        report = draft(city)
        assert told(report) == []
        late = event(city, "扶正单车", date(2026, 4, 2), 2)
        services.refresh(city.viewer("clerk"), uid=report.uid)
        assert told(report) == [late.uid]

    def test_a_record_that_changes_after_the_check_changes_no_word_of_the_signed_text(
        self, city: City, events: list[Shift]
    ) -> None:
        report = draft(city)
        for part, verb in (("clerk", "submit"), ("head", "check")):
            services.move(city.viewer(part), uid=report.uid, verb=verb)
        checked = text_of(report)
        Shift.objects.filter(pk=events[1].pk).update(story="换了一个说法。", place="别处")
        services.move(city.viewer("head"), uid=report.uid, verb="sign")
        assert text_of(report) == checked

    def test_a_rewrite_keeps_what_was_decided_by_hand(self, city: City, events: list[Shift]) -> None:
        report, clerk = draft(city), city.viewer("clerk")
        first, second = told(report)
        services.arrange(clerk, uid=report.uid, subject=second, act="up")
        services.arrange(clerk, uid=report.uid, subject=first, act="drop")
        services.refresh(clerk, uid=report.uid)
        assert told(report) == [second]

    def test_a_figure_of_a_piece_that_is_told_no_more_is_retired_and_still_opens(
        self, city: City, events: list[Shift]
    ) -> None:
        report, clerk = draft(city), city.viewer("clerk")
        figure = report.figures.get(snapshot__subject_uid=events[1].uid, retired_at=None)
        services.arrange(clerk, uid=report.uid, subject=events[1].uid, act="drop")
        figure.refresh_from_db()
        assert figure.retired_at is not None
        assert "这个数属于旧的一稿" in page(city.client("clerk"), f"/f/{figure.code}")

    @pytest.mark.parametrize("part", ["other_clerk", "reader", "recorder", "stranger"])
    def test_it_is_not_there_for_the_wrong_person(self, city: City, events: list[Shift], part: str) -> None:
        report, client = draft(city), city.client(part)
        first = told(report)[0]
        with nothing_changes():
            with pytest.raises(Missing):
                services.arrange(city.viewer(part), uid=report.uid, subject=first, act="drop")
            address = reverse("arrange-report", args=[report.uid, first, "drop"])
            assert client.post(address).status_code == 404

    def test_an_unknown_act_is_not_there(self, city: City, events: list[Shift]) -> None:
        report = draft(city)
        address = reverse("arrange-report", args=[report.uid, events[0].uid, "burn"])
        assert city.client("clerk").post(address).status_code == 404

    def test_a_submitted_draft_is_not_rearranged(self, city: City, events: list[Shift]) -> None:
        report, clerk = draft(city), city.viewer("clerk")
        first = told(report)[0]
        services.move(clerk, uid=report.uid, verb="submit")
        with pytest.raises(Refused), nothing_changes():
            services.arrange(clerk, uid=report.uid, subject=first, act="drop")


def test_the_ranking_is_stated_on_a_page_with_every_feature_and_weight(city: City, events: list[Shift]) -> None:
    report = draft(city)
    text = page(city.client("clerk"), reverse("report-ranking", args=[report.uid]))
    for row in report.material.all():
        assert row.title in text
        assert f">{row.score}<" in text
    assert "经过 ×4" in text
