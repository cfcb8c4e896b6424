"""Workbooks that look wrong and are not: they come in whole, and say what was noticed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangwen.core.models import ImportState
from chuangwen.duties.models import Outcome
from tests.factories.city import City
from tests.interop import workbooks
from tests.interop.sending import confirm, page, run_command, send

MANY = 200_000
CASES: dict[str, tuple[Callable[[], bytes], int, int]] = {
    "headings merged over two rows": (workbooks.merged_headings, 3, 10),
    "an .xls that is called .xlsx": (workbooks.old_format, 1, 3),
    "headings in the first row": (lambda: workbooks.empty_rows(0), 3, 10),
}


@pytest.mark.parametrize(("make", "rows", "amount"), CASES.values(), ids=CASES)
def test_it_comes_in_through_the_page(city: City, make: Callable[[], bytes], rows: int, amount: int) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], make())
    assert (sent.state, sent.problems, sent.rows) == (ImportState.READY, [], rows)
    confirm(clerk, sent)
    assert sum(Outcome.objects.filter(source=sent).values_list("amount", flat=True)) == amount


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(("make", "rows", "amount"), CASES.values(), ids=CASES)
def test_it_comes_in_by_the_command(tmp_path: Path, make: Callable[[], bytes], rows: int, amount: int) -> None:
    code, said = run_command(tmp_path, make())
    assert (code, said["state"], said["sheets"][0]["rows"]) == (0, "done", rows)
    assert sum(Outcome.objects.values_list("amount", flat=True)) == amount


def test_a_wrong_ending_is_said_and_no_reason_to_refuse(city: City, tmp_path: Path) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], workbooks.old_format())
    assert "文件名的后缀与内容不符，内容是 .xls，已照内容读取" in page(clerk, sent)
    assert "出错的公式会当作空格读取" in page(clerk, sent)
    _code, said = run_command(tmp_path, workbooks.old_format(), "--dry-run")
    assert [each["what"] for each in said["notes"]] == [
        "旧格式 .xls 里，出错的公式会当作空格读取",
        "文件名的后缀与内容不符，内容是 .xls，已照内容读取",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_file_comes_in_as_a_workbook_of_one_sheet(city: City, encoding: str) -> None:
    text = "日期,班级,类别,细类,数量,备注\r\n2026/4/2,c98,捡拾垃圾,,3次,路边\r\n4月3日,c99,文明劝导,闯红灯,2,\r\n"
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], text.encode(encoding), name="成效登记.csv")
    assert (sent.state, sent.problems) == (ImportState.READY, [])
    confirm(clerk, sent)
    assert sorted(Outcome.objects.values_list("amount", flat=True)) == [2, 3]


@pytest.mark.slow
def test_two_hundred_thousand_empty_rows_are_no_rows(city: City, tmp_path: Path) -> None:
    data = workbooks.empty_rows(MANY)
    started = time.process_time()
    sent = send(city.client("clerk"), city["school"], data)
    assert time.process_time() - started < 60
    assert (sent.state, sent.rows, sent.problem_count) == (ImportState.READY, 3, 0)
    _code, said = run_command(tmp_path, data)
    assert (said["state"], said["sheets"][0]["rows"]) == ("done", 3)
