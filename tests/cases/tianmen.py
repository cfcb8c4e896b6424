"""The month of Tianmen, December 2016, as its platform printed it: the rows of a workbook that say the same.

Accepted 1054, filed 996, to be closed 972, closed 911, in time 737; 474 of those accepted were illegal stickers. Moved
to a month that the importer takes. Source: domain.md, section 2.5.
"""

from datetime import datetime, timedelta

from chuangwen.core.tabular import SheetToWrite
from tests.interop.workbooks import book

HEADINGS = ["案卷编号", "小类", "案卷标题", "问题来源", "问题地址", "处置部门", "上报时间", "立案时间", "应结时间",
            "处置完成时间", "结案时间", "案卷状态"]  # fmt: skip
ACCEPTED, FILED, DUE, CLOSED, ON_TIME, STICKERS = 1054, 996, 972, 911, 737, 474
MONTH = datetime.fromisoformat("2026-10-01")
OTHERS = ("暴露垃圾", "占道经营", "道路不洁", "井盖缺损")
Row = list[object]


def rows(lead: str = "市城管局") -> list[Row]:
    """In the order: closed in time, closed late, still open and late, put off, due next month, not filed."""
    return [_row(number, lead) for number in range(ACCEPTED)]


def _row(number: int, lead: str) -> Row:
    received = MONTH + timedelta(days=number % 24, hours=8, minutes=number % 60)
    category = "非法小广告" if number < STICKERS else OTHERS[number % len(OTHERS)]
    due = received + timedelta(days=4)
    late = due + timedelta(hours=5)
    head: Row = [f"TM-{number:04d}", category, f"{category} {number}", "监督员上报", f"文庙路 {number} 号"]
    filed = [lead, said(received), said(received + timedelta(minutes=30))]
    if number < ON_TIME:
        done = received + timedelta(days=2)
        return [*head, *filed, said(due), said(done), said(done + timedelta(hours=6)), "已结案"]
    if number < CLOSED:
        return [*head, *filed, said(due), said(late), said(late + timedelta(hours=1)), "已结案"]
    if number < DUE:
        return [*head, *filed, said(due), "", "", "处置中"]
    if number < DUE + 10:
        return [*head, *filed, said(due), "", "", "缓办"]
    if number < FILED:
        return [*head, *filed, "2026年11月3日 17:30", "", "", "处置中"]
    return [*head, "", said(received), "", "", "", "", "不予立案"]


def said(moment: datetime) -> str:
    """As the several clerks of a platform write it."""
    spelling = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分")[moment.day % 3]
    return moment.strftime(spelling)


def workbook(lead: str = "市城管局") -> bytes:
    return book(SheetToWrite("案卷", HEADINGS, rows(lead), title="2026年10月案卷"))
