"""Builds a Word template in the official format from an outline of styles and texts.

Called by whoever edits `reference/report_forms/*/outline.yaml`, and by the test that holds the committed
template to it. Always holds: the same outline gives the same bytes; the page is that of GB/T 9704-2012
(`styles`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import yaml
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Twips

from chuangwen.reports.docx import styles
from chuangwen.reports.docx.package import TEMPLATE, read_parts, write_parts
from chuangwen.reports.docx.properties import set_properties
from chuangwen.reports.docx.rendering import EPOCH
from chuangwen.reports.docx.styles import STYLES, Style

TABLE = "annexTable"
# Head, which is also the field of a row; width in twips; style of the cell. The widths fill the text exactly.
# A code has ten characters and is typed from paper, so it never wraps: 2000 twips hold it also in a wide fallback face.
_COLUMNS = (
    ("序号", 640, "cwCellMiddle"),
    ("名称", 2000, "cwCell"),
    ("数值", 1704, "cwCell"),
    ("口径", 2500, "cwCell"),
    ("编码", 2000, "cwCellMiddle"),
)
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
# 7 mm between the text and the middle of the page number, whose line is 14 pt high.
_FOOTER_DISTANCE = styles.MARGIN_BOTTOM - 397 - 140
_KEPT_STYLES = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Header", "Footer"})
_LEAD = re.compile(r"\*\*(.+?)\*\*")
# Named, not embedded: the faces may not be passed on. A machine without them takes the second name.
_FALLBACK_FACES = {
    styles.FANG: ("仿宋", "modern"),
    styles.KAI: ("楷体", "modern"),
    styles.TITLE_FACE: ("华文中宋", "roman"),
    styles.HEI: ("SimHei", "modern"),
    styles.SONG: ("SimSun", "roman"),
}

Outline = Sequence[tuple[str, str]]


def build(outline_path: Path) -> bytes:
    """The template of an outline file: a mapping of `title` and `paragraphs`, a list of one-pair mappings.

    Raises ValueError for a style that does not exist.
    """
    content = yaml.safe_load(outline_path.read_text(encoding="utf-8"))
    pairs = [(str(style), str(text)) for entry in content["paragraphs"] for style, text in entry.items()]
    return build_template(pairs, title=str(content["title"]))


def build_template(outline: Outline, *, title: str) -> bytes:
    """A template of (style id, text) pairs; `**…**` is set in 楷体, `annexTable` names the list it shows.

    Raises ValueError for a style that does not exist.
    """
    document = Document()
    _set_page(document)
    _set_styles(document)
    _set_footers(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]._sectPr
    for style, text in outline:
        if style != TABLE and style not in STYLES:
            raise ValueError(style)
        section.addprevious(_table(text) if style == TABLE else _paragraph(style, text))
    out = io.BytesIO()
    document.save(out)
    parts = read_parts(out.getvalue(), TEMPLATE)
    parts["word/fontTable.xml"] = _font_table()
    set_properties(parts, title=title, author="", moment=EPOCH)
    return write_parts(parts)


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Twips(styles.PAGE_WIDTH), Twips(styles.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Twips(styles.MARGIN_TOP), Twips(styles.MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Twips(styles.MARGIN_LEFT), Twips(styles.MARGIN_RIGHT)
    section.header_distance, section.footer_distance = Twips(851), Twips(_FOOTER_DISTANCE)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    for name, value in (
        ("type", "linesAndChars"),
        ("linePitch", styles.LINE),
        ("charSpace", 0),
    ):
        grid.set(qn(f"w:{name}"), str(value))
    section._sectPr.append(grid)


def _set_styles(document: WordDocument) -> None:
    root = document.styles.element
    for node in root.findall(qn("w:style")):
        if node.get(qn("w:styleId")) not in _KEPT_STYLES:
            root.remove(node)
    root.replace(root.find(qn("w:docDefaults")), _defaults())
    normal = next(node for node in root.findall(qn("w:style")) if node.get(qn("w:styleId")) == "Normal")
    root.replace(normal, _normal())
    for style_id, style in STYLES.items():
        root.append(_paragraph_style(style_id, style))
    root.append(_lead())


def _fonts(face: str) -> str:
    return f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _xml(tag: str, attributes: str, inner: str) -> BaseOxmlElement:
    return parse_xml(f"<w:{tag} {nsdecls('w')} {attributes}>{inner}</w:{tag}>")


def _defaults() -> BaseOxmlElement:
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    run = f"<w:rPr>{_fonts(styles.FANG)}{_size(32)}{language}</w:rPr>"
    return _xml("docDefaults", "", f"<w:rPrDefault>{run}</w:rPrDefault><w:pPrDefault/>")


def _normal() -> BaseOxmlElement:
    # The grid counts its characters in the size of this style, so it is 3号 like the text.
    return _xml(
        "style",
        'w:type="paragraph" w:default="1" w:styleId="Normal"',
        '<w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr>'
        f'<w:rPr>{_fonts(styles.FANG)}<w:spacing w:val="{styles.CHAR_TIGHT}"/>{_size(32)}</w:rPr>',
    )


def _lead() -> BaseOxmlElement:
    return _xml(
        "style",
        f'w:type="character" w:customStyle="1" w:styleId="{styles.LEAD}"',
        f'<w:name w:val="{styles.LEAD_NAME}"/><w:qFormat/><w:rPr>{_fonts(styles.KAI)}</w:rPr>',
    )


def _paragraph_style(style_id: str, style: Style) -> BaseOxmlElement:
    tight = styles.CHAR_TIGHT if style.size == 32 else 0
    colour = f'<w:color w:val="{style.colour}"/><w:spacing w:val="{tight}"/>'
    run = f"{_fonts(style.face)}{colour}{_size(style.size)}"
    return _xml(
        "style",
        f'w:type="paragraph" w:customStyle="1" w:styleId="{style_id}"',
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_paragraph_properties(style)}</w:pPr><w:rPr>{run}</w:rPr>",
    )


def _paragraph_properties(style: Style) -> str:
    flags = ("<w:keepNext/>" if style.keep_next else "") + ("<w:pageBreakBefore/>" if style.page_break else "")
    bottom = f'<w:bottom w:val="single" w:sz="12" w:space="6" w:color="{styles.RED}"/>'
    rule = f"<w:pBdr>{bottom}</w:pBdr>" if style.rule else ""
    # The title's face is higher than a line of the grid, cells and page numbers lower: they keep their lines.
    grid = "" if style.size == 32 else '<w:snapToGrid w:val="0"/>'
    twips = style.first * styles.CELL // 100
    first = f' w:firstLineChars="{style.first}" w:firstLine="{twips}"' if style.first else ""
    return (
        f'{flags}<w:widowControl w:val="0"/>{rule}<w:overflowPunct w:val="1"/>'
        f'<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>{grid}'
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" w:line="{style.line}"'
        ' w:lineRule="exact"/>'
        f'<w:ind w:left="{style.left}" w:right="{style.right}"{first}/><w:jc w:val="{style.align}"/>'
    )


def _paragraph(style: str, text: str) -> BaseOxmlElement:
    paragraph = _xml("p", "", f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>')
    for position, piece in enumerate(_LEAD.split(text)):
        if piece:
            paragraph.append(_run(piece, styles.LEAD if position % 2 else ""))
    return paragraph


def _run(text: str, style: str = "") -> BaseOxmlElement:
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return _xml("r", "", f'{look}<w:t xml:space="preserve">{escape(text)}</w:t>')


def _table(rows: str) -> BaseOxmlElement:
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for _, width, _ in _COLUMNS)
    table = _xml(
        "tbl",
        "",
        f'<w:tblPr><w:tblW w:w="{styles.TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>",
    )
    table.append(_row([(head, "cwCellHead") for head, _, _ in _COLUMNS], "<w:tblHeader/>"))
    table.append(_tag_row(f"{{%tr for 行 in {rows} %}}"))
    table.append(_row([(f"{{{{ 行.{head} }}}}", style) for head, _, style in _COLUMNS]))
    table.append(_tag_row("{%tr endfor %}"))
    return table


def _row(cells: Sequence[tuple[str, str]], flags: str = "") -> BaseOxmlElement:
    row = _xml("tr", "", f"<w:trPr><w:cantSplit/>{flags}</w:trPr>")
    for (_, width, _), (text, style) in zip(_COLUMNS, cells, strict=True):
        row.append(_cell(width, style, text, "<w:noWrap/>" if style == "cwCellMiddle" else ""))
    return row


def _tag_row(text: str) -> BaseOxmlElement:
    row = _xml("tr", "", "")
    row.append(_cell(styles.TEXT_WIDTH, "cwTag", text, f'<w:gridSpan w:val="{len(_COLUMNS)}"/>'))
    return row


def _cell(width: int, style: str, text: str, flags: str = "") -> BaseOxmlElement:
    size = f'<w:tcW w:w="{width}" w:type="dxa"/>{flags}<w:vAlign w:val="center"/>'
    cell = _xml("tc", "", f"<w:tcPr>{size}</w:tcPr>")
    cell.append(_paragraph(style, text))
    return cell


def _set_footers(section: Section) -> None:
    pages = (
        (section.footer, "cwFooterOdd"),
        (section.even_page_footer, "cwFooterEven"),
    )
    for footer, style in pages:
        footer.is_linked_to_previous = False
        root = footer._element
        for old in list(root):
            root.remove(old)
        root.append(_page_number(style))


def _page_number(style: str) -> BaseOxmlElement:
    paragraph = _paragraph(style, "— ")
    for inner in ('<w:fldChar w:fldCharType="begin"/>', "<w:instrText>PAGE</w:instrText>"):
        paragraph.append(_xml("r", "", inner))
    paragraph.append(_xml("r", "", '<w:fldChar w:fldCharType="separate"/>'))
    paragraph.append(_run("1"))
    paragraph.append(_xml("r", "", '<w:fldChar w:fldCharType="end"/>'))
    paragraph.append(_run(" —"))
    return paragraph


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{second}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="default"/></w:font>'
        for face, (second, family) in _FALLBACK_FACES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
