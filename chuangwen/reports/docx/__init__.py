"""Word templates with figures: render, check, read back. Pure: no Django, no database, no clock.

Called by the services and pages of reports through the names below. Always holds: a figure in a document is
a link to its rows, and a template is data that can neither run code nor fetch anything.
"""

from chuangwen.reports.docx.checking import check, names_used
from chuangwen.reports.docx.linking import links, retarget
from chuangwen.reports.docx.marks import BadTemplate, Block, FigureMark, Kind, Link, Run, TemplateProblem
from chuangwen.reports.docx.reading import blocks
from chuangwen.reports.docx.rendering import render

__all__ = [
    "BadTemplate",
    "Block",
    "FigureMark",
    "Kind",
    "Link",
    "Run",
    "TemplateProblem",
    "blocks",
    "check",
    "links",
    "names_used",
    "render",
    "retarget",
]
