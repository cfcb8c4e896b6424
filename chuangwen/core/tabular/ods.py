"""Measures the sheets of an .ods file. Called by `safety` before python-calamine reads the file.

An .ods can claim a million filled rows in one element, and calamine lays a sheet out as a whole rectangle.
"""

from typing import IO

from lxml import etree


def exceeds(content: IO[bytes], area: int) -> bool:
    """True when the filled rectangle of a sheet in this content.xml has more than `area` cells.

    Raises etree.XMLSyntaxError, and ValueError for a repetition that is no number.
    """
    sheet = _Extent()
    for event, element in etree.iterparse(content, events=("start", "end"), resolve_entities=False):
        tag = etree.QName(element).localname
        if event == "start" and tag == "table":
            sheet = _Extent()
        elif event == "end" and tag in ("table-cell", "covered-table-cell"):
            sheet.add_cell(element)
        elif event == "end" and tag == "table-row":
            sheet.end_row(element)
            if sheet.rows * sheet.columns > area:
                return True
        if event == "end":
            _drop_before(element)
    return False


def _drop_before(element: etree._Element) -> None:
    """Free what has been measured, so that the tree never grows."""
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


class _Extent:
    """How far the filled cells of one sheet reach."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = self._filled_to = 0

    def add_cell(self, cell: etree._Element) -> None:
        self._column += _repeated(cell, "columns")
        if len(cell) or any(str(key).endswith("}value-type") for key in cell.attrib):
            self._filled_to = self._column

    def end_row(self, row: etree._Element) -> None:
        self._row += _repeated(row, "rows")
        if self._filled_to:
            self.rows, self.columns = self._row, max(self.columns, self._filled_to)
        self._column = self._filled_to = 0


def _repeated(element: etree._Element, what: str) -> int:
    for key, value in element.attrib.items():
        if str(key).endswith(f"}}number-{what}-repeated"):
            return int(value)
    return 1
