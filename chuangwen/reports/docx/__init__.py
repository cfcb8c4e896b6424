"""Word templates with figures: render, check, read back. Pure: no Django, no database, no clock.

Called by the services and pages of reports through the names below. Always holds: a figure in a document is
a link to its rows, and a template is data that can neither run code nor fetch anything.
"""

from chuangwen.reports.docx.anchors import added_anchor
from chuangwen.reports.docx.checking import check, names_used
from chuangwen.reports.docx.linking import links, retarget
from chuangwen.reports.docx.marks import (
    BadTemplate,
    Block,
    Drafted,
    Edit,
    FigureMark,
    Kind,
    Link,
    Qr,
    Run,
    Sentence,
    TemplateProblem,
)
from chuangwen.reports.docx.markup import MarkupError, Piece, markup, names_in_markup, parse_markup, write_markup
from chuangwen.reports.docx.reading import blocks
from chuangwen.reports.docx.rendering import render, render_draft

__all__ = [
    "BadTemplate",
    "Block",
    "Drafted",
    "Edit",
    "FigureMark",
    "Kind",
    "Link",
    "MarkupError",
    "Piece",
    "Qr",
    "Run",
    "Sentence",
    "TemplateProblem",
    "added_anchor",
    "blocks",
    "check",
    "links",
    "markup",
    "names_in_markup",
    "names_used",
    "parse_markup",
    "render",
    "render_draft",
    "retarget",
    "write_markup",
]
