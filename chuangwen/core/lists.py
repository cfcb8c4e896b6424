"""One kind of list for the whole product: filter, sort, pages, export, an empty state that says what to do next.

A page declares a ListSpec and gives a queryset that is already limited to what the viewer may see. The address of a
list says everything about it, so that it can be kept, sent and opened again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, QueryDict
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.list_spec import Action, Bulk, Choice, Col, Kept, ListSpec, Text, View
from chuangwen.core.marks import Due
from chuangwen.core.paging import COUNTED, CappedPaginator, as_count, capped_count
from chuangwen.core.tabular import write_table

__all__ = [
    "Action",
    "Bulk",
    "Choice",
    "Col",
    "Kept",
    "ListSpec",
    "View",
    "export",
    "list_page",
    "narrowed",
    "wants_export",
]

PER_PAGE = 50
EXPORT_LIMIT = 100_000
CHUNK = 2000
# What one act on all found rows may touch: as many as a person can answer for, and a server can do in a request.
BULK_LIMIT = 500
# What of an address a saved view does not keep.
NOT_KEPT = {"page", "export", "saved"}
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


@dataclass
class Tab:
    """A view as the page shows it; a saved one has a uid."""

    label: Text
    url: str
    count: str
    current: bool
    uid: UUID | None = None


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
    due: str = ""
    stamp: Text = ""
    second: Text = ""
    spot: str = ""


class Row(list[Cell]):
    """The cells of a row; `pick` is what its box sends when it is ticked."""

    pick: str = ""

    @property
    def name(self) -> str:
        return str(self[0].text)


@dataclass
class ListPage:
    """A list as the template draws it."""

    spec: ListSpec
    headings: list[Heading]
    rows: list[Row]
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
    tabs: list[Tab] = field(default_factory=list)
    keeps_views: bool = False
    query: str = ""
    actions: list[Action] = field(default_factory=list)
    act_url: str = ""

    @property
    def total(self) -> str:
        """How many rows were found, as far as they were counted: 219, or 1000+."""
        return as_count(COUNTED + 1 if self.page.paginator.more else self.page.paginator.count)

    @property
    def all_at_once(self) -> bool:
        """Whether one act on all found rows is offered: there are more than this page's, and not too many."""
        return len(self.rows) < self.page.paginator.count <= BULK_LIMIT and not self.page.paginator.more

    @property
    def bulk_limit(self) -> int:
        return BULK_LIMIT

    @property
    def too_many(self) -> bool:
        return bool(self.page.paginator.more or self.page.paginator.count > BULK_LIMIT)

    @property
    def current_kept(self) -> Tab | None:
        return next((tab for tab in self.tabs if tab.uid and tab.current), None)


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
    view = chosen_view(spec, query)
    if view:
        rows = rows.filter(view.where())
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


def chosen_view(spec: ListSpec, query: QueryDict) -> View | None:
    """The view that the address names; the first one where it names none that there is."""
    return next((view for view in spec.views if view.key == query.get("view")), next(iter(spec.views), None))


def kept_query(query: QueryDict) -> str:
    """The address as a saved view keeps it: what narrows and orders, without the page; a bad day is left out."""
    pairs = {key: str(value) for key, value in query.items() if value and key not in NOT_KEPT}
    for key in ("from", "to"):
        try:
            _day(query, key)
        except Refused:
            del pairs[key]
    return urlencode(sorted(pairs.items()))


def list_page(
    spec: ListSpec,
    rows: QuerySet[Any],
    request: HttpRequest,
    *,
    kept: Iterable[Kept] | None = None,
    bulk: Bulk | None = None,
) -> ListPage:
    """The page of the list that the request's address asks for.

    `kept` are the viewer's saved views of this list, None where it keeps none; `bulk` says what the viewer may do
    with many rows, None where nothing.
    """
    query = request.GET
    page = CappedPaginator(narrowed(spec, rows, query), PER_PAGE).get_page(query.get("page"))
    shown = _prepared(spec, list(page))
    filters = filter_keys(spec)
    return ListPage(
        spec=spec,
        headings=[_heading(spec, col, query) for col in spec.columns],
        rows=[_row(spec, row, picked=bool(bulk and bulk.keys)) for row in shown],
        page=page,
        choices=[_choice_state(choice, query) for choice in spec.choices],
        words=query.get("q", ""),
        start=_day(query, "from"),
        end=_day(query, "to"),
        filtered=any(query.get(key) for key in filters),
        clear_url=_with(query, saved="", **dict.fromkeys(filters, "")),
        export_url=_with(query, export="xlsx"),
        newer_url=_with(query, page=str(page.previous_page_number())) if page.has_previous() else "",
        older_url=_with(query, page=str(page.next_page_number())) if page.has_next() else "",
        kept=[(key, str(value)) for key, value in query.items() if key not in {"q", "from", "to", "page"}],
        tabs=_tabs(spec, rows, query, list(kept or ())),
        keeps_views=kept is not None,
        query=kept_query(query),
        actions=[action for action in spec.actions if bulk and action.key in bulk.keys],
        act_url=bulk.url + _with(query) if bulk else "",
    )


def filter_keys(spec: ListSpec) -> set[str]:
    return {"q", "from", "to", *(choice.key for choice in spec.choices)}


def _tabs(spec: ListSpec, rows: QuerySet[Any], query: QueryDict, kept: list[Kept]) -> list[Tab]:
    """The views of the page and then those that were saved. What the page itself reads from its address stays."""
    now = kept_query(query)
    own = {view.uid for view in kept if view.query == now}
    there = chosen_view(spec, query)
    off = dict.fromkeys({*filter_keys(spec), "sort", "saved"}, "")
    tabs = []
    for view in spec.views:
        count = as_count(capped_count(rows.filter(view.where()))) if view.counted else ""
        tabs.append(Tab(view.label, _with(query, **off, view=view.key), count, not own and view is there))
    saved = (Tab(each.name, f"?{each.query}&saved={each.uid}", "", each.uid in own, each.uid) for each in kept)
    return [*tabs, *saved]


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


def _row(spec: ListSpec, row: Any, *, picked: bool) -> Row:
    drawn = Row(_cell(spec, col, row) for col in spec.columns)
    if picked:
        drawn.pick = pick_of(spec, row)
    return drawn


def pick_of(spec: ListSpec, row: Any) -> str:
    """What a ticked row sends: its uid, and the mark under which it was seen."""
    return f"{row.uid}~{spec.mark(row)}" if spec.mark else str(row.uid)


def _cell(spec: ListSpec, col: Col, row: Any) -> Cell:
    value = col.value(row)
    return Cell(
        text=value.isoformat() if isinstance(value, date) else value,
        url=col.link(row) if col.link else "",
        col=col,
        state=col.state(row) if col.state else "",
        due=value.kind if isinstance(value, Due) else "",
        stamp=col.stamp(row) if col.stamp else "",
        second=col.second(row) if col.second else "",
        spot=_spot(spec, col.key),
    )


def _spot(spec: ListSpec, key: str) -> str:
    """Where a cell stands on a narrow screen: 1a, 1b, 2a or 2b, off for those that are hidden."""
    if not spec.phone:
        return ""
    spots = {
        name: f"{line}{side}" for line, pair in enumerate(spec.phone, 1) for side, name in zip("ab", pair, strict=True)
    }
    return spots.get(key, "off")


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
