"""bench report: twice the figures cost at most a little more than twice the work, for a document and its links alone.

Measured in processor time of this process, the best of several, so that a shared machine does not decide.
"""

import gc
from collections.abc import Callable, Mapping
from decimal import Decimal
from time import process_time

from chuangwen.bench.runner import Result
from chuangwen.reports import docx
from chuangwen.reports.docx.grammar import MARK_CLOSE, MARK_OPEN
from chuangwen.reports.docx.linking import link_markers
from chuangwen.reports.docx.package import DOCUMENT, read_parts
from chuangwen.reports.docx.standard_template import build_template

FEW, MANY = 2_000, 4_000
TURNS = 11
# A run of links takes a twentieth of a second: so small a time needs more turns to find its best.
LINK_TURNS = 60
PER_PARAGRAPH = 10
LIMITS = {"docx_4000_vs_2000": 2.2, "links_4000_vs_2000": 2.2}


def bench(few: int = FEW, many: int = MANY, turns: int = TURNS) -> Result:
    whole = _best({count: _document(count) for count in (few, many)}, turns)
    alone = _best({count: _links(count) for count in (few, many)}, LINK_TURNS)
    ratios = {"docx_4000_vs_2000": whole[many] / whole[few], "links_4000_vs_2000": alone[many] / alone[few]}
    details = {
        "figures": [few, many],
        "docx_seconds": [round(whole[count], 3) for count in (few, many)],
        "links_seconds": [round(alone[count], 3) for count in (few, many)],
    }
    return Result("report", ratios, LIMITS, details)


def _best(prepared: Mapping[int, Callable[[], Callable[[], object]]], turns: int) -> dict[int, float]:
    """The least processor time for each size, the sizes in turn."""
    # What was there before the measurement must not be looked through again and again by the collector.
    gc.collect()
    gc.freeze()
    seconds: dict[int, list[float]] = {size: [] for size in prepared}
    for _turn in range(turns):
        for size, prepare in prepared.items():
            run = prepare()
            gc.collect()
            started = process_time()
            run()
            seconds[size].append(process_time() - started)
    gc.unfreeze()
    return {size: min(each) for size, each in seconds.items()}


def _marks(count: int) -> list[docx.FigureMark]:
    return [
        docx.FigureMark(f"数{number}", str(number), f"http://localhost/f/b{number:09d}", Decimal(number))
        for number in range(count)
    ]


def _document(count: int) -> Callable[[], Callable[[], object]]:
    """A document with every figure once in the text and once in the table at its end."""
    marks = _marks(count)
    text = [
        ("cwBody", "，".join(f"{mark.name}为{{{{ {mark.name} }}}}" for mark in marks[first : first + PER_PARAGRAPH]))
        for first in range(0, count, PER_PARAGRAPH)
    ]
    template = build_template([*text, ("annexTable", "数字表")], title="bench")
    annex = [
        {"序号": number, "名称": mark.name, "数值": mark, "口径": "期内之和", "记录数": 3, "编码": mark.url[-10:]}
        for number, mark in enumerate(marks, start=1)
    ]
    figures = {mark.name: mark for mark in marks}

    def run() -> object:
        return docx.render(template, figures=figures, values={"数字表": annex})

    return lambda: run


def _links(count: int) -> Callable[[], Callable[[], object]]:
    """The same number of markers turned into links, and nothing else."""
    marks = _marks(count)
    text = [
        ("cwBody", "，".join(f"{MARK_OPEN}{number}{MARK_CLOSE}" for number in range(first, first + PER_PARAGRAPH)))
        for first in range(0, count, PER_PARAGRAPH)
    ]
    parts = read_parts(build_template(text, title="bench"), DOCUMENT)

    def prepare() -> Callable[[], object]:
        own = dict(parts)
        return lambda: link_markers(own, marks)

    return prepare
