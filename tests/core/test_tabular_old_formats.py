"""Reading .xls and .ods through python-calamine, whatever the file is called.

The .xls is put together here byte by byte, because no library in use writes one.
"""

import datetime as dt
import struct
import zipfile
from pathlib import Path

import pytest

from chuangwen.core.tabular import BadWorkbook, Cell, Limits, open_workbook

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text16(text: str) -> bytes:
    return b"\x01" + text.encode("utf-16-le")


def biff(cells: dict[tuple[int, int], str | float], *, protected: bool = False) -> bytes:
    """An Excel 97 stream with one sheet called 表."""
    begin = struct.pack("<HHHHII", 0x0600, 5, 0, 1997, 0, 0x0600)
    head = record(0x0809, begin) + (record(0x002F, b"\x01\x00" + b"\x00" * 52) if protected else b"")
    head += record(0x0042, struct.pack("<H", 1200))
    sheet_entry = 4 + 8 + len(text16("表"))
    offset = len(head) + sheet_entry + 4
    head += record(0x0085, struct.pack("<IBBB", offset, 0, 0, 1) + text16("表")) + record(0x000A, b"")
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 1997, 0, 0x0600))
    for (row, column), value in cells.items():
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            body += record(0x0204, place + struct.pack("<H", len(value)) + text16(value))
        else:
            body += record(0x0203, place + struct.pack("<d", value))
    return head + body + record(0x000A, b"")


def compound(stream: bytes) -> bytes:
    """The OLE file around a stream called Workbook."""
    stream = stream.ljust(-(-max(len(stream), 4096) // SECTOR) * SECTOR, b"\0")
    count = len(stream) // SECTOR
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0)
    chain = [FAT, END, *range(3, 2 + count), END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream))
    return header.ljust(SECTOR, b"\xff") + table + directory.ljust(SECTOR, b"\0") + stream


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(encoded), kind, 1, FREE, FREE, child)
    return encoded.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def ods(path: Path, rows: str, *, manifest: str = "<manifest/>", extra: str = "") -> Path:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
        if extra:
            archive.writestr(extra, "x")
    return path


def cell(text: str, repeated: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{repeated}><text:p>{text}</text:p></table:table-cell>'


def row(*cells: str, repeated: str = "") -> str:
    return f"<table:table-row{repeated}>{''.join(cells)}</table:table-row>"


def rows_of(path: Path) -> list[tuple[int, list[Cell]]]:
    with open_workbook(path, name=path.name) as book:
        return list(book.rows("表"))


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BadWorkbook) as caught:
        open_workbook(path, name="登记表", limits=limits or Limits())
    return caught.value.code


def test_an_xls_is_read_with_true_row_numbers_and_a_note_about_formulas(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound(biff({(2, 1): "班级", (2, 2): "数量", (4, 1): "c98", (4, 2): 3.0})))
    with open_workbook(path, name="登记表.xls") as book:
        assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("表", False)]
        assert list(book.rows("表")) == [(3, [None, "班级", "数量"]), (5, [None, "c98", 3.0])]
        assert book.notes == ["xls_formulas"]
        with pytest.raises(KeyError):
            book.rows("别的")


def test_an_xls_renamed_xlsx_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(compound(biff({(0, 0): "班级"})))
    with open_workbook(path, name="登记表.xlsx") as book:
        assert list(book.rows("表")) == [(1, ["班级"])]
        assert book.notes == ["xls_formulas", "ending_xls"]


def test_an_xls_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound(biff({(0, 0): "班级"}, protected=True)))
    assert refusal(path) == "encrypted"


def test_an_xls_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound(biff({(0, 0): "班级"}))[:1600])
    assert refusal(path) == "damaged"


def test_an_ods_is_read_with_true_row_numbers_and_types(tmp_path: Path) -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="2026-04-02"/>'
    number = '<table:table-cell office:value-type="float" office:value="3"/>'
    rows = row("<table:table-cell/>", repeated=' table:number-rows-repeated="2"') + row(
        "<table:table-cell/>", day, number
    )
    assert rows_of(ods(tmp_path / "a.ods", rows)) == [(3, [None, dt.date(2026, 4, 2), 3.0])]


def test_an_ods_with_a_million_empty_rows_below_is_read(tmp_path: Path) -> None:
    rows = row(cell("班级")) + row("<table:table-cell/>", repeated=' table:number-rows-repeated="1048570"')
    assert rows_of(ods(tmp_path / "a.ods", rows)) == [(1, ["班级"])]


def test_an_ods_that_claims_a_huge_filled_rectangle_is_refused(tmp_path: Path) -> None:
    wide = row(cell("1", ' table:number-columns-repeated="16384"'), repeated=' table:number-rows-repeated="1000000"')
    assert refusal(ods(tmp_path / "a.ods", wide)) == "too_wide"
    corners = row(cell("1")) + row("<table:table-cell/>", repeated=' table:number-rows-repeated="1000"')
    corners += row('<table:table-cell table:number-columns-repeated="1000"/>', cell("1"))
    assert refusal(ods(tmp_path / "b.ods", corners), Limits(area=500_000)) == "too_wide"
    assert len(rows_of(tmp_path / "b.ods")) == 2


@pytest.mark.parametrize(
    ("manifest", "extra", "code"),
    [
        ("<manifest><encryption-data/></manifest>", "", "encrypted"),
        ("<manifest/>", "Basic/Standard/a.xml", "macros"),
    ],
)
def test_an_ods_with_password_or_macros_is_refused(tmp_path: Path, manifest: str, extra: str, code: str) -> None:
    assert refusal(ods(tmp_path / "a.ods", row(cell("1")), manifest=manifest, extra=extra)) == code


def test_a_text_document_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    assert refusal(path) == "not_a_workbook"
