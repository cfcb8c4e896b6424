"""One kind of list for the whole product: filter, sort, pages, export, an empty state that says what to do next.

A page declares a ListSpec and gives a queryset that is already limited to what the viewer may see. The address of a
list says everything about it, so that it can be kept, sent and opened again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.tabular import write_table

Text = str | Promise
PER_PAGE = 50
EXPORT_LIMIT = 100_000
CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Shown(str):
    """A cell that is a picture, a tick or several links on the page and plain words in an export."""

    html: SafeString

    def __new__(cls, text: str, html: SafeString) -> "Shown":
        made = super().__new__(cls, text)
        made.html = html
        return made

    def __html__(self) -> SafeString:
        return self.html


@dataclass(frozen=True)
class Col:
    """A column. `order` is what the database sorts by; `link` makes the cell open something."""

    key: str
    label: Text
    value: Callable[[Any], Any]
    order: str = ""
    link: Callable[[Any], str] | None = None
    numeric: bool = False
    state: Callable[[Any], str] | None = None
    width: int = 0
    wide_only: bool = False


@dataclass(frozen=True)
class Choice:
    """A filter by choice: `choices()` gives (value, label); `where(value)` the condition."""

    key: str
    label: Text
    choices: Callable[[], Iterable[tuple[Any, Any]]]
    where: Callable[[str], Q]


@dataclass(frozen=True)
class ListSpec:
    """What a list is. `search` are the columns in which the words of the search field are looked up.

    `day` is the column that 从 and 到 narrow; `day_is_moment` says that it holds moments. `prepare` gets the rows that
    are about to be shown, and may hang on them what their columns need: once for a page, not once for each row.
    """

    key: str
    columns: Sequence[Col]
    default_order: str
    choices: Sequence[Choice] = ()
    search: Sequence[str] = ()
    day: str = ""
    day_is_moment: bool = False
    prepare: Callable[[Sequence[Any]], None] | None = None
    empty_title: Text = ""
    empty_text: Text = ""
    total: str = ""


@dataclass
class Heading:
    col: Col
    url: str
    direction: str


@dataclass
class ChoiceState:
    """A filter as the page shows it: its options with the address that each leads to."""

    choice: Choice
    current: Text
    options: list[tuple[str, str, bool]]


@dataclass
class Cell:
    text: Any
    url: str
    col: Col
    state: str


@dataclass
class ListPage:
    """A list as the template draws it."""

    spec: ListSpec
    headings: list[Heading]
    rows: list[list[Cell]]
    page: Any
    choices: list[ChoiceState]
    words: str
    start: date | None
    end: date | None
    filtered: bool
    clear_url: str
    export_url: str
    older_url: str
    newer_url: str
    kept: list[tuple[str, str]] = field(default_factory=list)


def _day(query: QueryDict, key: str) -> date | None:
    written = query.get(key)
    if not written:
        return None
    try:
        found = parse_date(written)
    except ValueError:
        found = None
    if found is None or not clock.FIRST_DAY <= found <= clock.LAST_DAY:
        raise Refused(_("“%(written)s”不是日期") % {"written": written}, where=key, mend=_("写成 2026-04-02 这样"))
    return found


def narrowed(spec: ListSpec, rows: QuerySet[Any], query: QueryDict) -> QuerySet[Any]:
    """The rows that the address asks for, in its order."""
    for word in query.get("q", "").split():
        found = Q()
        for column in spec.search:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    for choice in spec.choices:
        wanted = query.get(choice.key)
        if wanted and wanted in {str(value) for value, _label in choice.choices()}:
            rows = rows.filter(choice.where(wanted))
    start, end = _day(query, "from"), _day(query, "to")
    if spec.day:
        rows = rows.filter(_within(spec, start, end))
    return rows.order_by(*_order(spec, query.get("sort", "")))


def _within(spec: ListSpec, start: date | None, end: date | None) -> Q:
    """The days from `start` to `end`; a moment is compared as it is, for no index serves the day of a moment."""
    found = Q()
    if start:
        found &= Q(**{f"{spec.day}__gte": clock.midnight(start) if spec.day_is_moment else start})
    if end and spec.day_is_moment:
        found &= Q(**{f"{spec.day}__lt": clock.midnight(end + timedelta(days=1))})
    elif end:
        found &= Q(**{f"{spec.day}__lte": end})
    return found


def _order(spec: ListSpec, wanted: str) -> list[str]:
    sign, key = ("-", wanted[1:]) if wanted.startswith("-") else ("", wanted)
    for col in spec.columns:
        if col.order and col.key == key:
            return [f"{sign}{col.order}", f"{sign}pk"]
    return [spec.default_order, "-pk" if spec.default_order.startswith("-") else "pk"]


def _with(query: QueryDict, **changes: str) -> str:
    pairs = {key: value for key, value in query.items() if key not in {"page", "export"}} | changes
    return "?" + urlencode({key: value for key, value in pairs.items() if value})


def page_number(query: QueryDict) -> int:
    """The page that the address asks for, the first where it says no number that a list could have."""
    written = query.get("page", "")
    return max(1, int(written)) if written.isdecimal() and len(written) < 10 else 1


def list_page(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest) -> ListPage:
    """The page of the list that the request's address asks for."""
    query = request.GET
    page = Paginator(narrowed(spec, rows, query), PER_PAGE).get_page(query.get("page"))
    shown = _prepared(spec, list(page))
    filters = {"q", "from", "to", *(choice.key for choice in spec.choices)}
    return ListPage(
        spec=spec,
        headings=[_heading(spec, col, query) for col in spec.columns],
        rows=[[_cell(col, row) for col in spec.columns] for row in shown],
        page=page,
        choices=[_choice_state(choice, query) for choice in spec.choices],
        words=query.get("q", ""),
        start=_day(query, "from"),
        end=_day(query, "to"),
        filtered=any(query.get(key) for key in filters),
        clear_url=_with(query, **dict.fromkeys(filters, "")),
        export_url=_with(query, export="xlsx"),
        newer_url=_with(query, page=str(page.previous_page_number())) if page.has_previous() else "",
        older_url=_with(query, page=str(page.next_page_number())) if page.has_next() else "",
        kept=[(key, str(value)) for key, value in query.items() if key not in {"q", "from", "to", "page"}],
    )


def _prepared(spec: ListSpec, rows: list[Any]) -> list[Any]:
    if spec.prepare:
        spec.prepare(rows)
    return rows


def _heading(spec: ListSpec, col: Col, query: QueryDict) -> Heading:
    if not col.order:
        return Heading(col, "", "")
    current = query.get("sort") or spec.default_order
    by_this = current.lstrip("-") in {col.key, col.order}
    direction = ("descending" if current.startswith("-") else "ascending") if by_this else "none"
    return Heading(col, _with(query, sort=f"-{col.key}" if direction == "ascending" else col.key), direction)


def _cell(col: Col, row: Any) -> Cell:
    value = col.value(row)
    text = value.isoformat() if isinstance(value, date) else value
    return Cell(text, col.link(row) if col.link else "", col, col.state(row) if col.state else "")


def _choice_state(choice: Choice, query: QueryDict) -> ChoiceState:
    chosen = query.get(choice.key, "")
    options = [(str(value), str(label)) for value, label in choice.choices()]
    current = next((label for value, label in options if value == chosen), _("全部"))
    listed = [(_("全部"), _with(query, **{choice.key: ""}), not chosen)]
    listed += [(label, _with(query, **{choice.key: value}), value == chosen) for value, label in options]
    return ChoiceState(choice, current, listed)


def wants_export(request: HttpRequest) -> bool:
    return request.GET.get("export") == "xlsx"


def export(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest, *, name: str) -> FileResponse:
    """The rows that the address asks for as a workbook, as they stand on the page, all pages of them."""
    found = narrowed(spec, rows, request.GET)
    if found.count() > EXPORT_LIMIT:
        raise Refused(_("一次最多导出 10 万行"), mend=_("先用日期或类别筛小一点"))
    buffer = BytesIO()
    lines = ([_plain(col.value(row)) for col in spec.columns] for row in _all_prepared(spec, found))
    write_table(buffer, sheet=name[:31], headings=[str(col.label) for col in spec.columns], rows=lines)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _all_prepared(spec: ListSpec, found: QuerySet[Any]) -> Iterator[Any]:
    remaining = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(remaining, CHUNK)):
        yield from _prepared(spec, chunk)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | date) or value is None else str(value)
