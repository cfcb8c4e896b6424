"""Bad cells are mended in the page or in a workbook of the bad rows; the file that was sent never changes."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import files
from chuangwen.core.models import Import, ImportState
from chuangwen.core.tabular import FormulaError, cell_from_json, cell_to_json
from chuangwen.duties.models import Attendance, Outcome
from chuangwen.interop import services
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event
from tests.interop.sending import confirm, page, send, told
from tests.interop.test_bring_in import take
from tests.interop.workbooks import ATTENDANCES, GOOD, PUPILS, SHIFTS, book, outcomes, sheet, upload

BAD: list[list[object]] = [
    ["2026-02-30", "c98", "捡拾垃圾", "", 3, "路边"],
    [dt.date(2026, 4, 3), "c999", "公共设施维护", "", 2, ""],
    ["2026年4月6日", "c98", "文明劝导", "闯红灯", "约五", ""],
    ["2026-04-07", "c99", "捡拾垃圾", "", 4, ""],
]


@pytest.fixture
def clerk(city: City) -> Client:
    return city.client("clerk")


@pytest.fixture
def sent(city: City, clerk: Client) -> Import:
    found = send(clerk, city["school"], outcomes(BAD))
    assert (found.state, found.problem_count) == (ImportState.REFUSED, 3)
    return found


def mend(client: Client, sent: Import, **cells: str) -> Any:
    """`r4_day` is the cell of the column `day` in row 4 of the first sheet, `out_r4` leaves the row out."""
    named = {
        f"out-0-{name[5:]}" if name.startswith("out_r") else f"cell-0-{name[1:].replace('_', '-', 1)}": text
        for name, text in cells.items()
    }
    answer = client.post(reverse("mend-import", args=[sent.uid]), named)
    sent.refresh_from_db()
    return answer


def downloaded(client: Client, sent: Import) -> openpyxl.Workbook:
    answer = client.get(reverse("import-bad-rows", args=[sent.uid]))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def send_back(client: Client, sent: Import, book_: openpyxl.Workbook) -> Any:
    out = io.BytesIO()
    book_.save(out)
    answer = client.post(reverse("import-bad-rows", args=[sent.uid]), {"file": upload(out.getvalue(), "错行.xlsx")})
    sent.refresh_from_db()
    return answer


class TestInThePage:
    def test_each_bad_cell_is_an_input_beside_the_rest_of_its_row(self, clerk: Client, sent: Import) -> None:
        text = page(clerk, sent)
        for part in ('name="cell-0-4-day"', 'value="2026-02-30"', 'name="cell-0-5-unit"', 'name="cell-0-6-amount"'):
            assert part in text
        assert "类别 捡拾垃圾" in told(text)
        assert '<option value="c98">' in text

    def test_three_mended_cells_bring_the_whole_in_and_the_file_stays(
        self, city: City, clerk: Client, sent: Import
    ) -> None:
        file = files.read(sent.file)
        with one_event("import.mended") as written:
            mend(clerk, sent, r4_day="2026-02-28", r5_unit="c99", r6_amount="5")
        assert (sent.state, written.event.data) == (ImportState.READY, {"cells": 3, "left_out": 0})
        text = told(page(clerk, sent))
        assert "4 日期 2026-02-30 2026-02-28" in text
        assert "6 数量 约五 5" in text
        confirm(clerk, sent)
        assert files.read(sent.file) == file
        assert list(Outcome.objects.order_by("source_row").values_list("source_row", "amount")) == [
            (4, 3), (5, 2), (6, 5), (7, 4),
        ]  # fmt: skip
        assert "在页面上改的" in page(clerk, sent)

    def test_a_row_may_be_left_out_and_come_back(self, clerk: Client, sent: Import) -> None:
        mend(clerk, sent, r4_day="2026-02-28", r5_unit="c99", out_r6="1")
        assert (sent.state, sent.rows) == (ImportState.READY, 3)
        assert "1 行按您说的不导入" in told(page(clerk, sent))
        clerk.post(reverse("mend-import", args=[sent.uid]), {"drop": "1"})
        sent.refresh_from_db()
        assert (sent.state, sent.problem_count, sent.mends) == (ImportState.REFUSED, 3, {})

    def test_what_is_still_wrong_stays_and_what_is_mended_is_kept(self, clerk: Client, sent: Import) -> None:
        mend(clerk, sent, r4_day="2026-02-28", r5_unit="c99", r6_amount="好多")
        assert [(each["row"], each["value"]) for each in sent.problems] == [(6, "好多")]
        mend(clerk, sent, r6_amount="5")
        assert sent.state == ImportState.READY

    def test_nothing_touched_is_nothing_mended(self, clerk: Client, sent: Import) -> None:
        with nothing_changes():
            answer = mend(clerk, sent, r4_day="2026-02-30", r5_unit="c999", r6_amount="约五")
        assert answer.status_code == 422
        assert "没有改动" in answer.content.decode()

    def test_cells_that_are_not_bad_cannot_be_written_over(self, clerk: Client, sent: Import) -> None:
        with nothing_changes():
            assert mend(clerk, sent, r7_amount="9999", r4_amount="9999").status_code == 422

    def test_a_mended_cell_fills_down_as_one_of_the_file(self, city: City, clerk: Client) -> None:
        services.bring_in(take(city, book(sheet("学生代码册", PUPILS, [["c98", "c98-01"], ["c98", "c98-02"]]))))
        services.bring_in(take(city, book(sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "15:00", "17:00", "街"]]))))
        rows = [["S0", "2026-04-02", "c98", "c98-01", "到"], ["", "", "", "c98-02", "到"]]
        sent = send(clerk, city["school"], book(sheet("参加名单", ATTENDANCES, rows)))
        assert sent.problem_count == 2
        mend(clerk, sent, r4_shift="S01")
        assert sent.state == ImportState.READY
        confirm(clerk, sent)
        assert Attendance.objects.count() == 2

    def test_the_readable_rest_of_a_bad_row_is_checked_at_once(self, city: City, clerk: Client) -> None:
        services.bring_in(take(city, book(sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "15:00", "17:00", "街"]]))))
        rows = [["S01", "2026-04-02", "c98", "c98-77", "也许"]]
        refused = services.check(take(city, book(sheet("参加名单", ATTENDANCES, rows))))
        assert {each["code"] for each in refused.problems} == {"unknown_choice", "unknown_pupil"}

    def test_not_once_it_is_in(self, city: City, clerk: Client) -> None:
        done = services.bring_in(take(city))
        with nothing_changes():
            assert clerk.post(reverse("mend-import", args=[done.uid]), {"drop": "1"}).status_code == 409

    @pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
    def test_the_wrong_person_learns_nothing(self, city: City, sent: Import, part: str) -> None:
        client = city.client(part)
        with nothing_changes():
            assert mend(client, sent, r4_day="2026-02-28").status_code == 404
            assert client.get(reverse("import-bad-rows", args=[sent.uid])).status_code == 404


class TestInAWorkbook:
    def test_it_holds_the_bad_rows_with_number_cells_as_written_marks_and_what_is_wrong(
        self, clerk: Client, sent: Import
    ) -> None:
        (found,) = downloaded(clerk, sent).worksheets
        rows = list(found.iter_rows(values_only=True))
        assert rows[0][:4] == ("原表行号", "活动编号", "日期", "时刻")
        headings = {text: place for place, text in enumerate(rows[0])}
        assert [row[0] for row in rows[1:]] == [4, 5, 6]
        assert rows[2][headings["日期"]] == dt.datetime(2026, 4, 3)  # noqa: DTZ001 - as openpyxl reads a day
        assert "没有“c999”这个班级" in str(rows[2][headings["哪里不对"]])
        marked = [cell.value for cell in found[3] if cell.fill.fgColor.rgb == "FFFBE3DF"]
        assert marked == ["c999"]

    def test_mended_and_sent_back_the_whole_comes_in(self, clerk: Client, sent: Import) -> None:
        workbook = downloaded(clerk, sent)
        found = workbook.worksheets[0]
        headings = {cell.value: cell.column for cell in found[1]}
        found.cell(2, headings["日期"], dt.date(2026, 2, 28))
        found.cell(3, headings["班级"], "c99")
        found.cell(4, headings["数量"], 5)
        assert send_back(clerk, sent, workbook).status_code == 302
        assert sent.state == ImportState.READY, sent.problems
        assert sent.mends["成效登记"]["4"] == {"day": {"day": "2026-02-28"}}
        confirm(clerk, sent)
        assert Outcome.objects.count() == 4

    def test_rows_deleted_from_it_are_not_dropped_and_untouched_ones_stay(self, clerk: Client, sent: Import) -> None:
        workbook = downloaded(clerk, sent)
        found = workbook.worksheets[0]
        headings = {cell.value: cell.column for cell in found[1]}
        found.cell(3, headings["班级"], "c99")
        found.delete_rows(2)
        send_back(clerk, sent, workbook)
        assert [(each["row"], each["code"]) for each in sent.problems] == [(4, "no_such_date"), (6, "approximate")]
        assert sent.mends == {"成效登记": {"5": {"unit": "c99"}}}

    def test_sent_back_untouched_it_says_so(self, clerk: Client, sent: Import) -> None:
        with nothing_changes():
            answer = send_back(clerk, sent, downloaded(clerk, sent))
        assert "没有改动" in answer.content.decode()

    def test_another_workbook_is_no_workbook_of_bad_rows(self, clerk: Client, sent: Import) -> None:
        other = openpyxl.load_workbook(io.BytesIO(outcomes(GOOD)))
        with nothing_changes():
            answer = send_back(clerk, sent, other)
        assert "不是这里下载的错行表" in answer.content.decode()

    def test_a_file_that_is_no_workbook_is_said_to_be_none(self, clerk: Client, sent: Import) -> None:
        with nothing_changes():
            answer = clerk.post(reverse("import-bad-rows", args=[sent.uid]), {"file": upload(b"%PDF-1.4", "错行.pdf")})
        assert "是 PDF" in answer.content.decode()

    def test_of_very_many_bad_rows_as_many_are_kept_as_a_person_mends(
        self, city: City, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chuangwen.interop.mended.BAD_ROWS_KEPT", 150)
        rows = [["2026-02-30", "c98", "捡拾垃圾", "", number + 1, ""] for number in range(200)]
        sent = send(clerk, city["school"], outcomes(rows))
        text = page(clerk, sent)
        assert text.count('name="cell-0-') == 100
        assert "这里列前 100 行" in text
        assert downloaded(clerk, sent).worksheets[0].max_row == 151


@pytest.mark.parametrize(
    "cell",
    [
        None, "文", 3, 1.5, True, dt.date(2026, 4, 2), dt.time(15, 30), dt.timedelta(hours=30), FormulaError("#REF!"),
        dt.datetime(2026, 4, 2, 15, 30),  # noqa: DTZ001 - a cell knows no zone
    ],
)  # fmt: skip
def test_a_cell_survives_json(cell: Any) -> None:
    again = cell_from_json(cell_to_json(cell))
    assert (again, type(again)) == (cell, type(cell))
