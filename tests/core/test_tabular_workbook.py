"""Opening .xlsx files: true row numbers, types, failed formulas, and the files that are refused."""

import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.core.tabular import BadWorkbook, Cell, FormulaError, Limits, open_workbook
from chuangwen.core.tabular.parts import date_kind
from chuangwen.core.tabular.xlsx import SheetReader, column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


def written(path: Path, fill: Callable[[Any], None], **options: object) -> Path:
    with xlsxwriter.Workbook(str(path), options) as book:
        fill(book.add_worksheet("表"))
    return path


def packed(path: Path, sheet: str, *, links: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """An .xlsx around the given sheet XML, as a program other than Excel might write it."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" '
        f'Type="{DOCUMENT}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links
        or f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" '
        f'Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def sheet_xml(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def rows_of(path: Path, sheet: str = "表") -> list[tuple[int, list[Cell]]]:
    with open_workbook(path, name=path.name) as book:
        return list(book.rows(sheet))


def refusal(path: Path, name: str = "登记表.xlsx", limits: Limits | None = None) -> str:
    with pytest.raises(BadWorkbook) as caught:
        read_all(path, name, limits or Limits())
    assert caught.value.params["name"] == name
    return caught.value.code


def read_all(path: Path, name: str, limits: Limits) -> None:
    with open_workbook(path, name=name, limits=limits) as book:
        for sheet in book.sheets:
            list(book.rows(sheet.name))


def test_rows_keep_excels_numbers_and_columns_when_the_sheet_starts_far_in(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        page.write(4, 2, "班级")
        page.write(6, 3, 3)

    assert rows_of(written(tmp_path / "a.xlsx", fill)) == [
        (5, [None, None, "班级"]),
        (7, [None, None, None, 3]),
    ]


@pytest.mark.parametrize("constant_memory", [True, False])
def test_every_type_arrives_as_itself(tmp_path: Path, *, constant_memory: bool) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": constant_memory}) as book:
        day, time, moment, length = (
            book.add_format({"num_format": code}) for code in ("yyyy年m月d日", "hh:mm", "yyyy-m-d h:mm", "[h]:mm")
        )
        page = book.add_worksheet("表")
        page.write_row(0, 0, ["文字 <&> 尾", 3, 2.5, True])
        page.write_datetime(0, 4, dt.date(2026, 4, 2), day)
        page.write_datetime(0, 5, dt.time(8, 30), time)
        page.write_datetime(0, 6, dt.datetime(2026, 4, 2, 8, 30), moment)  # noqa: DTZ001 - Excel knows no zones
        page.write_datetime(0, 7, dt.timedelta(hours=30), length)
        page.write_rich_string(0, 8, "前", day, "后")
    moment_read = dt.datetime(2026, 4, 2, 8, 30)  # noqa: DTZ001 - as above
    assert rows_of(path) == [
        (
            1,
            [
                "文字 <&> 尾",
                3,
                2.5,
                True,
                dt.date(2026, 4, 2),
                dt.time(8, 30),
                moment_read,
                dt.timedelta(hours=30),
                "前后",
            ],
        )
    ]


def test_a_workbook_that_counts_from_1904_gives_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("表").write_datetime(0, 0, dt.date(2026, 4, 2))
    assert rows_of(path) == [(1, [dt.date(2026, 4, 2)])]


def test_failed_and_uncalculated_formulas_arrive_by_name_and_calculated_ones_as_their_result(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "表"
    page["A1"], page["B1"], page["C1"] = "#REF!", "=1+1", "尾"
    page["A1"].data_type = "e"
    book.save(path)
    [(_, cells)] = rows_of(path)
    assert cells == [FormulaError("#REF!"), FormulaError("=1+1"), "尾"]
    assert [type(cell) for cell in cells] == [FormulaError, FormulaError, str]
    row = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        '<c r="C1" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    )
    assert rows_of(packed(tmp_path / "b.xlsx", sheet_xml(row))) == [(1, [2, None, FormulaError("#N/A")])]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row r="3"><c t="n" r="B3"><v>1</v></c></row>', [(3, [None, 1])]),
        ("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", [(1, [1, 2]), (2, [3])]),
        ('<row r="2"><c r="A2" t="str"><v><![CDATA[a<b]]></v></c></row>', [(2, ["a<b"])]),
        ('<row r="2"><!-- <c r="A2"><v>9</v></c> --><c r="A2"><v>1</v></c></row>', [(2, [1])]),
        ('<row r="1"/><row r="2" ht="15"/><row r="5"><c r="A5"><v>1</v></c></row>', [(5, [1])]),
        ('<row r="1"><c r="AB1"><v>1</v></c></row>', [(1, [None] * 27 + [1])]),
        ('<row r="1"><c r="A1" t="d"><v>2026-04-02</v></c></row>', [(1, [dt.date(2026, 4, 2)])]),
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c></row>',
            [(1, ["甲乙"])],
        ),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t/></is></c></row>', []),
    ],
)
def test_rows_in_unusual_xml_are_read_too(tmp_path: Path, rows: str, expected: list[tuple[int, list[Cell]]]) -> None:
    assert rows_of(packed(tmp_path / "a.xlsx", sheet_xml(rows))) == expected


def test_a_sheet_with_a_namespace_prefix_is_read(tmp_path: Path) -> None:
    row = '<x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{row}</x:sheetData></x:worksheet>'
    assert rows_of(packed(tmp_path / "a.xlsx", sheet)) == [(2, [1])]


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 4)),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
        lambda text: bool(text.strip()) and "_x" not in text
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=6))
def test_the_quick_way_and_the_exact_way_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[list[Cell]]
) -> None:
    def fill(page: Any) -> None:
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, column, cell)
                elif cell is not None:
                    page.write_number(number, column, cell)

    path = written(tmp_path / "a.xlsx", fill, constant_memory=True)
    quick = rows_of(path)
    with monkeypatch.context() as patch:
        find = SheetReader._enter

        def without_quick(self: SheetReader, text: str) -> str:
            rest = find(self, text)
            self._find = lambda _row: []  # type: ignore[assignment]
            return rest

        patch.setattr(SheetReader, "_enter", without_quick)
        exact = rows_of(path)
    kept = [(number, row) for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]
    assert quick == exact
    assert [number for number, _ in quick] == [number for number, _ in kept]
    for (_, cells), (_, row) in zip(quick, kept, strict=True):
        assert cells == row[: len(cells)]
        assert all(cell is None for cell in row[len(cells) :])


def test_two_hundred_thousand_formatted_empty_rows_are_quick_and_small(tmp_path: Path) -> None:
    empty = (f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(2, 200_002))
    path = packed(tmp_path / "a.xlsx", sheet_xml('<row r="1"><c r="A1" t="str"><v>班级</v></c></row>' + "".join(empty)))
    tracemalloc.start()
    try:
        assert rows_of(path) == [(1, ["班级"])]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_sheets_come_in_order_with_hidden_ones_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("甲")
        book.add_worksheet("乙").hide()
    with open_workbook(path, name="a.xlsx") as opened:
        assert [(sheet.name, sheet.hidden) for sheet in opened.sheets] == [("甲", False), ("乙", True)]
        assert list(opened.rows("甲")) == []
        with pytest.raises(KeyError):
            opened.rows("丙")


def test_a_sheet_that_is_a_chart_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("表").write(0, 0, 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=表!$A$1"})
        book.add_chartsheet("图").set_chart(chart)
    with open_workbook(path, name="a.xlsx") as opened:
        assert [sheet.name for sheet in opened.sheets] == ["表"]


def test_an_entity_in_a_part_with_an_odd_name_is_not_expanded(tmp_path: Path) -> None:
    """The search for a DTD goes by the ending .xml; a part that hides from it gains nothing."""
    links = (
        f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{DOCUMENT}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{DOCUMENT}/sharedStrings" '
        'Target="strings.dat"/></Relationships>'
    )
    strings = f'<!DOCTYPE sst [<!ENTITY e "expanded">]><sst xmlns="{MAIN}"><si><t>a&e;</t></si></sst>'
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    path = packed(tmp_path / "a.xlsx", sheet_xml(row), links=links, extra={"xl/strings.dat": strings.encode()})
    assert rows_of(path) == [(1, ["a"])]


def test_a_wrong_ending_is_noted_and_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.bin", lambda page: page.write(0, 0, 1))
    with open_workbook(path, name="值班表.xls") as book:
        assert book.notes == ["ending_xlsx"]
        assert list(book.rows("表")) == [(1, [1])]
    with open_workbook(path, name="值班表.XLSX") as book:
        assert book.notes == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 ", "pdf"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
        ("班级,数量\nc98,3\n".encode("gbk"), "not_a_workbook"),
        (b"PK\x03\x04 broken", "damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "WordDocument".encode("utf-16-le"),
            "word",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "Workbook_VBA_PROJECT".encode("utf-16-le"),
            "macros",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "Workbook".encode("utf-16-le"), "damaged"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refusal(path) == code


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "macros"),
        ({"xl/workbook.bin": b"x"}, "xlsb"),
        (
            {"docProps/custom.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
            "doctype",
        ),
        ({"docProps/custom.xml": "<!DOCTYPE a><a/>".encode("utf-16")}, "doctype"),
        ({f"x/{number}.xml": b"<x/>" for number in range(2000)}, "bomb"),
    ],
)
def test_a_package_with_something_dangerous_is_refused(tmp_path: Path, extra: dict[str, bytes], code: str) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert rows_of(packed(tmp_path / "good.xlsx", sheet_xml(row))) == [(1, [1])]
    assert refusal(packed(tmp_path / "bad.xlsx", sheet_xml(row), extra=extra)) == code


def test_a_word_document_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(path) == "word"


def test_plain_text_by_its_ending_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "表.TXT"
    path.write_bytes("班级,数量\nc98,3\n".encode("gbk"))
    with pytest.raises(BadWorkbook) as caught:
        open_workbook(path, name="表.TXT")
    assert caught.value.code == "csv"


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    sheet = sheet_xml(" " * (12 << 20))
    assert refusal(packed(tmp_path / "a.xlsx", sheet)) == "bomb"


def test_a_bomb_whose_headers_lie_is_refused_by_inflating_it(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", sheet_xml(" " * (12 << 20)))
    content = path.read_bytes()
    true = len(sheet_xml(" " * (12 << 20))).to_bytes(4, "little")
    assert content.count(true) == 2
    path.write_bytes(content.replace(true, (1000).to_bytes(4, "little")))
    assert refusal(path) == "bomb"


def test_a_lie_about_the_size_is_damage_even_when_it_is_small(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", sheet_xml(" " * 70_001))
    true = len(sheet_xml(" " * 70_001)).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, (1000).to_bytes(4, "little")))
    assert refusal(path) == "damaged"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file=100), "too_large"),
        (Limits(part=5000), "bomb"),
        (Limits(total=8000), "bomb"),
        (Limits(entries=3), "bomb"),
        (Limits(sheets=0), "too_many_sheets"),
    ],
)
def test_each_limit_is_held(tmp_path: Path, limits: Limits, code: str) -> None:
    def fill(page: Any) -> None:
        for number in range(200):
            page.write(number, 0, f"第{number}行")

    path = written(tmp_path / "a.xlsx", fill)
    assert len(rows_of(path)) == 200
    assert refusal(path, limits=limits) == code


def test_more_than_sixty_sheets_are_refused_with_their_count(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for number in range(61):
            book.add_worksheet(f"表{number}")
    with pytest.raises(BadWorkbook) as caught:
        open_workbook(path, name="a.xlsx")
    assert (caught.value.code, caught.value.params["count"]) == ("too_many_sheets", "61")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>many</v></c></row>',
        '<row r="1"><c t="n" r="A1"><v>1</c></row>',
    ],
)
def test_a_broken_sheet_is_damaged_and_never_half_read_in_silence(tmp_path: Path, rows: str) -> None:
    assert refusal(packed(tmp_path / "a.xlsx", sheet_xml(rows))) == "damaged"


def test_a_truncated_file_is_damaged(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", lambda page: page.write(0, 0, "班级"))
    path.write_bytes(path.read_bytes()[:-400])
    assert refusal(path) == "damaged"


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", sheet_xml(""))
    with zipfile.ZipFile(path) as archive:
        offset = archive.start_dir
    content = bytearray(path.read_bytes())
    content[offset + 8] |= 1
    path.write_bytes(content)
    assert refusal(path) == "encrypted"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy-mm-dd", "date"),
        ('m"月"d"日"', "date"),
        ("[$-804]yyyy年m月", "date"),
        ("h:mm", "time"),
        ('h"时"mm"分"', "time"),
        ("[h]:mm", "duration"),
        ("mm:ss", "time"),
        ("General", ""),
        ("0.00", ""),
        ('0"days"', ""),
        ("[Red]#,##0", ""),
        ("@", ""),
    ],
)
def test_a_number_format_tells_days_from_numbers(code: str, kind: str) -> None:
    assert date_kind(code) == kind


def test_columns_are_named_as_excel_names_them() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_a_buffer_written_by_openpyxl_reads_the_same_as_by_openpyxl(tmp_path: Path) -> None:
    path, buffer = tmp_path / "a.xlsx", io.BytesIO()
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "表"
    for row in (["班级", "数量"], ["c98", 3], [None, 2.5]):
        page.append(row)
    book.save(buffer)
    path.write_bytes(buffer.getvalue())
    again = openpyxl.load_workbook(path).active
    assert again is not None
    assert [cells for _, cells in rows_of(path)] == [list(row) for row in again.iter_rows(values_only=True)]
