"""The paragraph and character styles of an official document, in twips and half-points.

Called by `standard_template`, which writes them, and by `reading`, which knows a paragraph by them. Always
holds: a style id here is written into documents that are already issued, so it is never renamed. Sources:
GB/T 9704-2012.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chuangwen.reports.docx.marks import Kind

# The standard names one face for the text and no second one for digits; the half-width digits of 仿宋 also
# fill half a cell of the 28-character grid, which a Latin face would break. So both scripts get the same
# name.
FANG, HEI, KAI = "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE_FACE, SONG = "方正小标宋简体", "宋体"

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_LEFT = 2098, 1474, 1984, 1588
TEXT_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
LINES, CHARS = 22, 28
# 225 mm / 22 lines is 28.99 pt; 28.95 pt is the next multiple of a twentieth that surely fits 22.
LINE = 579
# 442.2 pt / 28 is 15.79 pt and a 3号 character is 16 pt wide: a quarter of a point less each, in twips, lets
# 28 fit. Not as a negative charSpace of the grid: LibreOffice, which makes the PDF, then takes two cells.
CHAR_TIGHT = -5
CELL = TEXT_WIDTH // CHARS
RED = "C8102E"

LEAD, LEAD_NAME = "cwLead", "公文段首楷体"

Align = Literal["left", "center", "right", "both", "distribute"]


@dataclass(frozen=True)
class Style:
    """One paragraph style: `size` in half-points, indents and spaces in twips, `first` in 1/100 character.

    `kind` is what the paragraph is on the web page.
    """

    name: str
    kind: Kind
    face: str = FANG
    size: int = 32
    align: Align = "both"
    first: int = 0
    left: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    line: int = LINE
    colour: str = "000000"
    keep_next: bool = False
    page_break: bool = False
    rule: bool = False


_DATE_RIGHT = 4 * CELL
# A full date such as 2026年11月20日 is 7 cells wide; the unit stands centred over it, so its box is as wide
# to the right of that middle as to the left.
_SIGN_LEFT = TEXT_WIDTH - 2 * (_DATE_RIGHT + 7 * CELL // 2)

STYLES: dict[str, Style] = {
    "cwOrg": Style("公文发文机关标志", "org", TITLE_FACE, 52, "center", line=2 * LINE, colour=RED),
    "cwNumber": Style("公文发文字号", "number", align="center", after=LINE, rule=True),
    "cwTitle": Style("公文标题", "title", TITLE_FACE, 44, "center", keep_next=True),
    "cwPeriod": Style("公文题注", "number", KAI, align="center"),
    "cwTo": Style("公文主送机关", "to", align="left", before=LINE),
    "cwBody": Style("公文正文", "p", first=200),
    "cwH1": Style("公文一级标题", "h1", HEI, first=200, keep_next=True),
    "cwH2": Style("公文二级标题", "h2", KAI, first=200, keep_next=True),
    "cwH3": Style("公文三级标题", "p", first=200),
    "cwSign": Style("公文署名", "sign", align="center", left=_SIGN_LEFT, before=2 * LINE, keep_next=True),
    "cwDate": Style("公文成文日期", "date", align="right", right=_DATE_RIGHT, keep_next=True),
    "cwNote": Style("公文附注", "p", align="left", first=200),
    "cwQr": Style("公文二维码", "qr", align="left", left=2 * CELL, before=120),
    "cwAnnexMark": Style("公文附件标记", "h1", HEI, align="left", page_break=True, keep_next=True),
    "cwAnnexTitle": Style("公文附件标题", "title", TITLE_FACE, 44, "center", after=LINE // 2, keep_next=True),
    "cwCell": Style("公文表格文字", "p", size=21, align="left", line=320),
    "cwCellHead": Style("公文表格栏头", "p", HEI, 21, "center", line=320),
    "cwCellMiddle": Style("公文表格居中", "p", size=21, align="center", line=320),
    "cwTableNote": Style("公文表注", "p", size=21, align="left", before=120, line=320),
    "cwTag": Style("模板条件", "p", size=21, align="left", line=320, colour="7A746A"),
    "cwFooterOdd": Style("公文页码单页", "p", SONG, 28, "right", right=280, line=280),
    "cwFooterEven": Style("公文页码双页", "p", SONG, 28, "left", left=280, line=280),
}  # fmt: skip
