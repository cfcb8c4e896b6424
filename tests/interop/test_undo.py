"""A whole import is taken back: its records are withdrawn, not deleted, and none of them from under a document."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.duties import services as duties
from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.interop import services
from chuangwen.metrics import services as metrics
from chuangwen.metrics.models import Metric, RowSet
from chuangwen.metrics.sources import Scope
from chuangwen.people.models import Grant, Person
from chuangwen.reports import queries as report_queries
from chuangwen.reports import services as reports
from chuangwen.reports.models import Report, ReportFigure
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event
from tests.interop.sending import confirm, page, send, told, undo, undo_page
from tests.interop.test_bring_in import ALL, take
from tests.interop.workbooks import ATTENDANCES, GOOD, PUPILS, SHIFTS, book, changed, outcomes, sheet

REGISTER = sheet("学生代码册", PUPILS, [["c98", "c98-01"]])


def brought(city: City, data: bytes = b"", name: str = "登记表.xlsx") -> Import:
    done = services.bring_in(take(city, data, name))
    assert done.state == ImportState.DONE, done.problems
    return done


def report(city: City, *, issued: bool) -> Report:
    """A report of the school over April and May, in which the outcomes of GOOD are counted."""
    clerk = city.viewer("clerk")
    written = reports.write_report(
        clerk, form=report_queries.form("primary-school"), unit=city["school"],
        start=date(2026, 4, 1), end=date(2026, 5, 31),
    )  # fmt: skip
    if issued:
        return reports.carry_through(city.viewer("head"), uid=written.uid)
    return written


class TestDone:
    def test_records_are_withdrawn_at_one_moment_and_stay_in_the_table(self, city: City) -> None:
        sent = brought(city)
        undo(city.client("clerk"), sent)
        assert (sent.state, sent.undone_by) == (ImportState.UNDONE, city.persons["clerk"].uid)
        assert not Outcome.objects.exists()
        assert {row.withdrawn_at for row in Outcome.everything.filter(source=sent)} == {sent.undone_at}

    def test_one_event_says_how_many_of_each_noun_and_its_detail_why(self, city: City) -> None:
        brought(city, book(REGISTER))
        sent = brought(city, book(*ALL))
        with one_event("import.undone") as written:
            services.undo(city.viewer("clerk"), sent, reason="月份错了")
            services.withdraw(sent, undone_by=city.persons["clerk"].uid, reason="月份错了")
        rows = {"pupil": 1, "shift": 1, "attendance": 1, "outcome": 1, "essay": 1}
        assert (written.event.data, written.event.detail.text) == ({"rows": rows}, "月份错了")
        assert list(events.verify_chain()) == []

    def test_the_page_says_who_when_and_why_and_the_lists_show_nothing_of_it(self, city: City) -> None:
        clerk = city.client("clerk")
        sent = undo(clerk, brought(city), "传成了旧表")
        text = told(page(clerk, sent))
        for part in ("这次导入已撤回", "clerk 的姓名", "传成了旧表", "成效登记 3 行"):
            assert part in text
        assert "看导入的" not in text
        assert "共 0 条" in text or "路边" not in clerk.get(reverse("outcomes")).content.decode()

    def test_the_page_of_a_withdrawn_record_says_so(self, city: City) -> None:
        brought(city, book(REGISTER))
        sent = brought(city, book(*ALL))
        shift, outcome = Shift.objects.get(), Outcome.objects.get(kind="litter_picked")
        clerk = city.client("clerk")
        undo(clerk, sent)
        for route, uid in (("shift", shift.uid), ("outcome", outcome.uid)):
            assert "已撤回，不计入任何数字" in clerk.get(reverse(route, args=[uid])).content.decode()

    def test_the_days_are_reckoned_anew(self, city: City) -> None:
        from chuangwen.metrics.models import MetricDay  # noqa: PLC0415 - the one test that looks below

        sent = brought(city)
        assert MetricDay.objects.exists()
        undo(city.client("clerk"), sent)
        assert not MetricDay.objects.filter(numerator__gt=0).exists()

    def test_a_second_worker_that_comes_late_changes_nothing(self, city: City) -> None:
        sent = undo(city.client("clerk"), brought(city))
        with nothing_changes():
            services.withdraw(sent, undone_by=city.persons["clerk"].uid, reason="again")
            services.bring_in(sent)
            services.check(sent)

    def test_records_that_a_person_withdrew_before_keep_their_own_moment(self, city: City) -> None:
        sent = brought(city)
        one = Outcome.objects.get(source_row=4)
        gone = duties.withdraw_outcome(city.viewer("clerk"), uid=one.uid, reason="重复")
        undo(city.client("clerk"), sent)
        one.refresh_from_db()
        assert one.withdrawn_at == gone.withdrawn_at != sent.undone_at
        assert Event.objects.get(verb="import.undone").data == {"rows": {"outcome": 2}}

    def test_an_undo_whose_worker_is_gone_for_good_is_a_done_import_again(self, city: City) -> None:
        sent = brought(city)
        long_ago = clock.now() - timedelta(hours=2)
        Import.objects.filter(pk=sent.pk).update(state=ImportState.UNDOING, created_at=long_ago)
        assert services.give_up_lost() == 1
        sent.refresh_from_db()
        assert sent.state == ImportState.DONE
        assert "撤回时出了错，什么也没有变" in page(city.client("clerk"), sent)

    def test_an_undo_that_fails_changes_nothing(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = brought(city)
        services.undo(city.viewer("clerk"), sent, reason="错")

        def broken(_import: Import) -> dict[str, int]:
            raise RuntimeError

        monkeypatch.setattr("chuangwen.interop.undoing.restore_changes", broken)
        with pytest.raises(RuntimeError):
            services.withdraw(sent, undone_by=city.persons["clerk"].uid, reason="错")
        sent.refresh_from_db()
        assert (sent.state, Outcome.objects.count()) == (ImportState.DONE, 3)


class TestRefused:
    def refused(self, city: City, sent: Import) -> str:
        """The page as the clerk sees it; pressing all the same changes nothing."""
        text = undo_page(city.client("clerk"), sent)
        assert "现在不能撤回：有别的东西用着这些行" in text
        with pytest.raises(Refused, match="有别的东西用着这次导入的行"), nothing_changes():
            services.undo(city.viewer("clerk"), sent, reason="错")
        return text

    def test_an_issued_report_is_named_with_period_day_and_number(self, city: City) -> None:
        sent = brought(city)
        issued = report(city, issued=True)
        text = self.refused(city, sent)
        assert issued.title in text
        assert f"2026-04-01—2026-05-31），{clock.today():%Y-%m-%d} 印发，编号 {issued.code}" in text
        assert (
            reverse("report", args=[issued.uid])
            in city.client("clerk").get(reverse("undo-import", args=[sent.uid])).content.decode()
        )

    def test_an_issued_figure_is_not_taken_from_under_by_records_that_are_not_its_rows(self, city: City) -> None:
        """A count of persons in a group freezes persons, and is made of their places in it."""
        head = city.viewer("head")
        places = sheet("机构成员", ["机构", "人员代码", "组内职务"], [["实验小学领导小组", "clerk", "成员"]])
        taken = services.take_workbook(head, unit=city["school"], name="成员.xlsx", chunks=[book(places)])
        assert services.bring_in(taken).state == ImportState.DONE
        issued = report(city, issued=True)
        text = undo_page(city.client("head"), taken)
        assert issued.code not in text
        scope = Scope(city["school"], issued.start, clock.today())
        snapshot = metrics.freeze(head, Metric.objects.get(key="group.members"), scope)
        ReportFigure.objects.create(
            code="members-1", report=issued, name="领导小组成员人数", text="1", order=99, snapshot=snapshot
        )
        assert snapshot.numerator == 1
        assert issued.code in undo_page(city.client("head"), taken)
        with pytest.raises(Refused, match="有别的东西用着这次导入的行"), nothing_changes():
            services.undo(head, taken, reason="错")

    def test_reports_of_other_units_are_not_unpacked(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = brought(city)
        report(city, issued=True)
        Report.objects.update(unit=city["second"])
        opened: list[RowSet] = []
        monkeypatch.setattr("chuangwen.reports.standing._counts", lambda rows, _wanted: opened.append(rows))
        undo_page(city.client("clerk"), sent)
        assert opened == []

    def test_a_draft_is_a_warning(self, city: City) -> None:
        sent = brought(city)
        draft = report(city, issued=False)
        text = undo_page(city.client("clerk"), sent)
        assert "1 份没有印发的文书，里面的数会变" in text
        assert draft.code in text
        assert undo(city.client("clerk"), sent).state == ImportState.UNDONE

    def test_a_report_that_counts_other_records_does_not_matter(self, city: City) -> None:
        brought(city)
        report(city, issued=True)
        march = brought(city, outcomes([["2026-03-02", "c98", "捡拾垃圾", "", 3, ""]]))
        assert undo(city.client("clerk"), march).state == ImportState.UNDONE

    def test_a_report_issued_after_the_button_stops_the_job(self, city: City) -> None:
        sent = brought(city)
        services.undo(city.viewer("clerk"), sent, reason="错")
        report(city, issued=True)
        services.withdraw(sent, undone_by=city.persons["clerk"].uid, reason="错")
        assert (sent.state, Outcome.objects.count()) == (ImportState.DONE, 3)
        assert "没有撤回：按下之后，又有别的东西用上了这些行" in page(city.client("clerk"), sent)

    def test_records_of_a_later_import_that_name_these(self, city: City) -> None:
        brought(city, book(REGISTER))
        first = brought(city, book(sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "15:00", "17:00", "桥口街"]])))
        brought(city, book(sheet("参加名单", ATTENDANCES, [["S01", "2026-04-02", "c98", "c98-01", "到"]])), "签到.xlsx")
        text = self.refused(city, first)
        assert "1 条到场用着这里的班次" in text
        assert "签到.xlsx" in text
        assert undo(city.client("clerk"), Import.objects.latest("pk")).state == ImportState.UNDONE
        assert undo(city.client("clerk"), first).state == ImportState.UNDONE

    def test_records_changed_or_judged_in_the_page_are_listed(self, city: City) -> None:
        brought(city, book(REGISTER))
        sent = brought(city, book(*ALL))
        essay = Outcome.objects.get(kind="essay_excellent")
        duties.judge_essay(city.viewer("clerk"), uid=essay.uid, excellent=False)
        text = self.refused(city, sent)
        assert "1 条导入以后在页面上改过" in text
        assert "先逐条撤回" in text
        duties.withdraw_outcome(city.viewer("clerk"), uid=essay.uid, reason="要整个撤回")
        assert undo(city.client("clerk"), sent).state == ImportState.UNDONE

    def test_a_later_import_that_changed_its_records_goes_first(self, city: City) -> None:
        brought(city, book(REGISTER))
        first = brought(city, book(*ALL))
        later = [["S01", "2026-04-02", "c98", "c98-01", "请假"]]
        second = brought(city, book(sheet("参加名单", ATTENDANCES, later)), "改过的.xlsx")
        text = self.refused(city, first)
        assert "之后的导入改过这里的 1 条" in text
        assert "改过的.xlsx" in text
        undo(city.client("clerk"), second)
        assert Attendance.objects.get().presence == "present"
        assert Event.objects.filter(verb="import.undone").latest("pk").data["restored"] == {"attendance": 1}
        assert undo(city.client("clerk"), first).state == ImportState.UNDONE

    def test_only_an_import_that_is_done(self, city: City) -> None:
        sent = send(city.client("clerk"), city["school"], outcomes())
        with pytest.raises(Conflict, match="不在“已导入”的状态"), nothing_changes():
            services.undo(city.viewer("clerk"), sent, reason="错")
        assert "这次导入现在是“可以导入”，没有可以撤回的" in undo_page(city.client("clerk"), sent)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_not_without_a_reason(self, city: City, reason: str) -> None:
        sent = brought(city)
        with pytest.raises(Refused, match="没有写原因"), nothing_changes():
            services.undo(city.viewer("clerk"), sent, reason=reason)
        client = city.client("clerk")
        with nothing_changes():
            answer = client.post(reverse("undo-import", args=[sent.uid]), {"reason": reason})
        assert answer.context["form"].errors["reason"]

    @pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
    def test_the_wrong_person_learns_nothing(self, city: City, part: str) -> None:
        sent = brought(city)
        with pytest.raises(Missing), nothing_changes():
            services.undo(city.viewer(part), sent, reason="错")
        client = city.client(part)
        with nothing_changes():
            for ask in (client.get, client.post):
                assert ask(reverse("undo-import", args=[sent.uid])).status_code == 404

    def test_whose_right_ended_before_the_job_ran_takes_nothing_back(self, city: City) -> None:
        sent = brought(city)
        services.undo(city.viewer("clerk"), sent, reason="错")
        Grant.objects.filter(person=city.persons["clerk"]).delete()
        services.withdraw(sent, undone_by=city.persons["clerk"].uid, reason="错")
        assert (sent.state, sent.problems[0]["code"]) == (ImportState.DONE, "no_right_now")

    def test_looking_changes_nothing(self, city: City) -> None:
        sent, client = brought(city), city.client("clerk")
        with nothing_changes():
            undo_page(client, sent)


class TestAgain:
    def test_the_same_rows_come_back_with_their_key_and_uid(self, city: City) -> None:
        brought(city, book(REGISTER))
        first = brought(city, book(*ALL))
        tables = (Person, Shift, Attendance, Outcome)
        before = [set(table.everything.values_list("pk", "uid")) for table in tables]
        undo(city.client("clerk"), first)
        again = brought(city, book(*ALL), "又一次.xlsx")
        assert [set(table.everything.values_list("pk", "uid")) for table in tables] == before
        assert {row.source for row in Outcome.objects.all()} == {again}
        assert not Outcome.everything.filter(withdrawn_at__isnull=False).exists()
        assert Event.objects.filter(verb="import.done").latest("pk").data["rows"]["attendance"] == 1

    def test_a_mended_workbook_brings_back_what_it_still_says_and_leaves_the_rest(self, city: City) -> None:
        first = undo(city.client("clerk"), brought(city))
        mended = brought(city, outcomes(changed(0, 4, 9)))
        assert sorted(Outcome.objects.values_list("amount", flat=True)) == [2, 5, 9]
        assert Outcome.everything.filter(source=first, withdrawn_at=first.undone_at).count() == 1
        assert {row.source for row in Outcome.objects.all()} == {mended}

    def test_what_a_person_withdrew_stays_so_and_is_counted_apart(self, city: City) -> None:
        sent = brought(city)
        one = Outcome.objects.get(source_row=4)
        duties.withdraw_outcome(city.viewer("clerk"), uid=one.uid, reason="重复")
        undo(city.client("clerk"), sent)
        clerk = city.client("clerk")
        again = send(clerk, city["school"], outcomes(), name="又一次.xlsx")
        assert "1 行的记录在页面上撤回过，不再导入" in told(page(clerk, again))
        confirm(clerk, again)
        assert Outcome.objects.count() == 2

    def test_an_undone_import_can_be_undone_no_second_time_but_its_successor_can(self, city: City) -> None:
        clerk = city.client("clerk")
        undo(clerk, brought(city))
        second = undo(clerk, brought(city))
        third = brought(city)
        assert second.state == ImportState.UNDONE
        assert Outcome.objects.filter(source=third).count() == Outcome.everything.count() == 3

    def test_the_page_shows_revived_rows_as_new(self, city: City) -> None:
        clerk = city.client("clerk")
        undo(clerk, brought(city))
        sent = send(clerk, city["school"], outcomes(GOOD))
        assert "导入这 3 行" in page(clerk, sent)
