"""Renders a form with figures that a test gives by name: what a document of a brigade or of a hospital says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from chuangwen.reports.docx import FigureMark, blocks, render
from tests.reports.docx_samples import figure, values

MATERIAL = [
    {"题目": "支援民警岗前培训", "文字": "8月9日在大队训练场组织，44人到场。"},
    {"题目": "礼让斑马线宣传", "文字": "6月27日在柳堤公园南门开展。"},
]
# The plain values that every form of this kind uses, beside its figures.
PLAIN: dict[str, object] = {
    name: value for name, value in values({}).items() if name not in ("突出倍数", "期间天数", "期间月数")
} | {
    "起始日期": "2026年3月1日",
    "截止日期": "2026年12月31日",
    "截至日期": "2026年11月23日",
    "期间未完": True,
    "前次编号": "",
    "前次日期": "",
    "素材": MATERIAL,
}


class Form:
    """A committed form, and the figures of a unit as `name text` pairs; `zero` as a unit without records has them.

    What is changed by name is a figure, given as its number, or else a plain value.
    """

    def __init__(self, folder: Path, figures: str, *, zero: bool = False) -> None:
        words = figures.split()
        self.names = dict(zip(words[::2], words[1::2], strict=True))
        self.template = (folder / "template.docx").read_bytes()
        self.manifest: dict[str, Any] = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
        self._given, self._zero = (folder, figures), zero

    def zero(self) -> Form:
        return Form(*self._given, zero=True)

    def document(self, **changed: object) -> bytes:
        marks = {name: self._mark(name, changed.pop(name, None)) for name in self.names}
        annex = values(marks)["数字表"]
        return render(self.template, figures=marks, values=PLAIN | {"数字表": annex} | changed)

    def lines(self, **changed: object) -> list[str]:
        """The paragraphs before the annex."""
        written = self.document(**changed)
        found = ["".join(run.text for run in block.runs) for block in blocks(written) if block.runs]
        return found[: found.index("附件")] if "附件" in found else found

    def text(self, **changed: object) -> str:
        return "\n".join(self.lines(**changed))

    def section(self, head: str, following: str, **changed: object) -> list[str]:
        found = self.lines(**changed)
        return found[found.index(head) + 1 : found.index(following)]

    def _mark(self, name: str, changed: object) -> FigureMark:
        text = self.names[name]
        rate, day = text.endswith("%"), text.endswith("日")
        if changed is not None:
            return figure(name, f"{changed}%" if rate else str(changed), str(changed))
        if self._zero:
            # A rate of nothing and a day of nothing have no number; a count has 0.
            return figure(name, "—", None) if rate or day else figure(name, "0", "0")
        return figure(name, text, None if day else text.rstrip("余%"))
