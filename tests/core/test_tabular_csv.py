"""A .csv file is a workbook of one sheet, whichever program saved it."""

from pathlib import Path

import openpyxl
import pytest

from chuangwen.core.tabular import BadWorkbook, open_workbook

TEXT = '实验小学登记表,,\r\n\r\n班级,数量,备注\r\nc98,3,"路边，两处\r\n都在桥口"\r\nc99,2,\r\n'


def rows(path: Path, data: bytes, name: str = "成效登记.csv") -> list[tuple[int, list[object]]]:
    path.write_bytes(data)
    with open_workbook(path, name=name) as book:
        assert [sheet.name for sheet in book.sheets] == ["成效登记"]
        assert book.notes == []
        return [(number, list(cells)) for number, cells in book.rows("成效登记")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_it_is_read_in_each_of_the_ways_in_which_offices_save_it(tmp_path: Path, encoding: str) -> None:
    assert rows(tmp_path / "a", TEXT.encode(encoding)) == [
        (1, ["实验小学登记表", None, None]),
        (3, ["班级", "数量", "备注"]),
        (4, ["c98", "3", "路边，两处\r\n都在桥口"]),
        (5, ["c99", "2", None]),
    ]


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_columns_may_be_parted_by_tabs_or_semicolons(tmp_path: Path, sign: str) -> None:
    text = f"班级{sign}数量\nc98{sign}1,5\n"
    assert rows(tmp_path / "a", text.encode()) == [(1, ["班级", "数量"]), (2, ["c98", "1,5"])]


def test_a_workbook_that_is_called_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["班级"])
    book.save(tmp_path / "a.xlsx")
    with open_workbook(tmp_path / "a.xlsx", name="a.csv") as found:
        assert found.notes == ["ending_xlsx"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x00\xff\xfe", "csv"),
        (b"a,b\0\n", "csv"),
        (b"", "empty_file"),
        (b'"' + b"a" * 200_000, "damaged"),
        (b"," * 20_000, "too_wide"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(BadWorkbook) as caught, open_workbook(path, name="a.csv") as book:
        list(book.rows("a"))
    assert caught.value.code == code


def test_there_is_no_other_sheet(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a,b\n")
    with open_workbook(tmp_path / "a", name="a.csv") as book, pytest.raises(KeyError):
        book.rows("b")
