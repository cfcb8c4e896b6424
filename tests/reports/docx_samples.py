"""Sample figures, values and small templates for the tests of the Word machinery."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from docx import Document

import chuangwen
from chuangwen.reports.docx import FigureMark, Qr
from chuangwen.reports.docx.package import DOCUMENT, read_parts, write_parts
from chuangwen.reports.docx.standard_template import build_template

SCHOOL = Path(chuangwen.__file__).parent / "reference" / "report_forms" / "primary-school"
BASE = "https://cw.example.gov.cn"

# By name: what is printed, and the number behind it.
_PRINTED: dict[str, tuple[str, str | None]] = {
    "班级数": ("20", "20"),
    "学生总数": ("812", "812"),
    "活动次数": ("46", "46"),
    "参加学生人数": ("700余", "716"),
    "参加人次": ("2104", "2104"),
    "参加两次以上人数": ("655", "655"),
    "参加不足两次人数": ("61", "61"),
    "请假人次": ("88", "88"),
    "缺席人次": ("37", "37"),
    "到场率": ("94.4%", "0.944"),
    "公共设施维护次数": ("108", "108"),
    "公共设施维护突出班级": ("c98、c99、c105、c117", None),
    "无公共设施维护班级": ("c103、c110", None),
    "无公共设施维护班级数": ("2", "2"),
    "劝导人次": ("585", "585"),
    "乱穿马路劝导人次": ("241", "241"),
    "闯红灯劝导人次": ("198", "198"),
    "乱停靠劝导人次": ("146", "146"),
    "文明劝导突出班级": ("c106、c116、c101、c102", None),
    "清理小广告次数": ("678", "678"),
    "捡拾垃圾次数": ("700余", "731"),
    "清理捡拾突出班级": ("c101、c102、c103、c116", None),
    "心得篇数": ("689", "689"),
    "优秀心得篇数": ("34", "34"),
    "心得提交率": ("96.2%", "0.962"),
    "未交心得人数": ("27", "27"),
    "成效最少月份": ("6月", None),
    "成效最少月份次数": ("152", "152"),
    "成效最多月份": ("4月", None),
    "成效最多月份次数": ("631", "631"),
}


def figure(name: str, text: str, number: str | None = None, code: str = "x") -> FigureMark:
    return FigureMark(name, text, f"{BASE}/f/{code}", None if number is None else Decimal(number))


def figures(**changed: int) -> dict[str, FigureMark]:
    """The school's figures, each at its own address; `changed` replaces counts."""
    printed = _PRINTED | {name: (str(number), str(number)) for name, number in changed.items()}
    return {
        name: figure(name, text, number, f"c{place:03d}")
        for place, (name, (text, number)) in enumerate(printed.items())
    }


def values(marks: dict[str, FigureMark], **changed: object) -> dict[str, object]:
    """The plain values of the school's form and its annex, one row a figure."""
    annex = [
        {
            "序号": place,
            "名称": mark.name,
            "数值": mark,
            "口径": "期内记录",
            "记录数": 3,
            "编码": mark.url[-4:],
        }
        for place, mark in enumerate(marks.values(), 1)
    ]
    given: dict[str, object] = {
        "单位名称": "安澜市临江区实验小学",
        "主送机关": "临江区创建文明城市工作领导小组办公室",
        "标题": "关于2026年春季学期\n创建文明城市工作情况的报告",
        "起始日期": "2026年3月1日",
        "截止日期": "2026年6月30日",
        "成文日期": "2026年7月6日",
        "有记录": True,
        "突出倍数": "1.2",
        "编号": "CW-2026-0316",
        "真伪网址": f"{BASE}/f/abcdefghij",
        "二维码": Qr(f"{BASE}/f/abcdefghij"),
        "核对网址": f"{BASE}/f/",
        "数字表": annex,
        "素材": [],
        "截至日期": "2026年6月30日",
        "期间未完": False,
        "前次编号": "",
        "前次日期": "",
        "期间天数": 122,
        "期间月数": 4,
    }
    return given | changed


def template(*paragraphs: str) -> bytes:
    """A template of body paragraphs."""
    return build_template([("cwBody", text) for text in paragraphs], title="样张")


def split_template(runs: Sequence[str]) -> bytes:
    """A template of one paragraph whose text Word has broken into these runs."""
    document = Document(io.BytesIO(template("占位")))
    paragraph = document.paragraphs[0]
    for run in paragraph.runs:
        run.text = ""
    for piece in runs:
        paragraph.add_run(piece)
    return saved(document)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def with_part(data: bytes, name: str, blob: bytes) -> bytes:
    """The file with one zip part put in or replaced."""
    return write_parts(read_parts(data, DOCUMENT) | {name: blob})


def text_of(data: bytes) -> str:
    """The text of a document's body, a paragraph a line, table cells included."""
    body = Document(io.BytesIO(data)).element.body
    return "\n".join("".join(text.text or "" for text in node.iter("{*}t")) for node in body.iter("{*}p"))
