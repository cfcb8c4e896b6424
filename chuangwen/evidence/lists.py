"""The list of evidence: rows with a picture, which the page shows as tiles."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.lists import Choice, Col, ListSpec, Shown
from chuangwen.evidence import queries
from chuangwen.evidence.models import CopyRole, Evidence, Kind, State
from chuangwen.people.access import Viewer, units_with
from chuangwen.people.rules import Perm

MOST_CHOICES = 300
STATES = {State.RECEIVED: "doing", State.READY: "done", State.REFUSED: "over"}
Options = list[tuple[str, str]]


def _picture(row: Evidence) -> Shown:
    address = queries.thumbnail_url(row)
    if not address:
        word = row.file.name.rpartition(".")[2].upper()[:5] if not row.is_photo else row.get_state_display()
        return Shown(str(row), format_html('<span class="cw-ph__none">{}</span>', word))
    return Shown(str(row), format_html('<img src="{}" alt="{}" loading="lazy" decoding="async">', address, row))


def _tick(row: Evidence) -> Shown | str:
    if queries.current_copy(row, CopyRole.PUBLIC) is None:
        return ""
    named = gettext("选 %(name)s") % {"name": row}
    tick = '<input class="cw-check" type="checkbox" name="uid" value="{}" form="chosen" aria-label="{}">'
    return Shown("", format_html(tick, row.uid, named))


def _state(row: Evidence) -> str:
    """Only what asks for a look: a photo that is as it should be says nothing."""
    if row.state == State.REFUSED:
        return str(row.get_state_display())
    if row.doubts:
        return row.doubt_labels[0]
    return gettext("与先前的相同或相近") if row.repeats else ""


def _state_mark(row: Evidence) -> str:
    return "" if not _state(row) else "over" if row.state == State.REFUSED else "check"


def _open(row: Any) -> str:
    return reverse("evidence-piece", args=[row.uid])


PICK = Col("pick", _("选"), _tick, width=32)
COLUMNS = (
    Col("picture", _("照片"), _picture, link=_open),
    Col("taken", _("时间"), lambda row: f"{timezone.localtime(row.taken_at):%Y-%m-%d %H:%M}", "taken_at"),
    Col("place", _("地点"), lambda row: row.place or row.said_where, "place__name"),
    Col("theme", _("主题"), lambda row: row.theme, "theme"),
    Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit.label, "unit__path"),
    Col("maker", _("上传人"), lambda row: row.made_by, "made_by__code"),
    Col("state", _("要看的"), _state, state=_state_mark),
)


def listing(viewer: Viewer, asked: Mapping[str, Any], *, picking: bool) -> ListSpec:
    """The list as this viewer may narrow it: by the units, places and makers of what they see.

    `asked` is what the address says: what it names can be chosen, however many others there are.
    """
    units = {unit.code: unit for unit in units_with(viewer, Perm.EVIDENCE_VIEW)}
    places, makers = _places(viewer, asked.get("place", "")), _makers(viewer, asked.get("maker", ""))
    return ListSpec(
        key="evidence",
        columns=(PICK, *COLUMNS) if picking else COLUMNS,
        default_order="-received_at",
        choices=(
            Choice(
                "unit",
                pgettext_lazy("noun", "单位"),
                lambda: [(code, unit.label) for code, unit in units.items()],
                lambda value: Q(unit__path__startswith=units[value].path),
            ),
            Choice("place", _("地点"), lambda: places, lambda value: Q(place__uid=value)),
            Choice("maker", _("上传人"), lambda: makers, lambda value: Q(made_by__uid=value)),
            Choice("kind", _("照片或文件"), lambda: Kind.choices, lambda value: Q(kind=value)),
            Choice("look", _("要看的"), lambda: LOOKS, _look),
        ),
        search=("theme", "said_where", "place__name", "file__name", "cause", "unit__name", "unit__short_name"),
        day="taken_at",
        day_is_moment=True,
        empty_title=_("还没有佐证"),
        empty_text=_("点右上角“上传”，选照片或文件；手机上可以直接拍。"),
    )


LOOKS = (
    ("alike", _("与先前的相同或相近")),
    ("doubt", _("时间或坐标有疑问")),
    ("refused", _("打不开")),
)


def _look(value: str) -> Q:
    return {"alike": Q(repeats=True), "doubt": ~Q(doubts=[]), "refused": Q(state=State.REFUSED)}[value]


def _places(viewer: Viewer, asked: str) -> Options:
    seen = queries.evidence(viewer).filter(place__isnull=False).order_by("place__name")
    rows = seen.values_list("place__uid", "place__name").distinct()
    return _distinct([*rows[:MOST_CHOICES], *_asked(rows, "place__uid", asked)])


def _makers(viewer: Viewer, asked: str) -> Options:
    rows = queries.makers(viewer)
    return _distinct([(each.uid, str(each)) for each in (*rows[:MOST_CHOICES], *_asked(rows, "uid", asked))])


def _asked(rows: QuerySet[Any, Any], field: str, written: str) -> QuerySet[Any, Any]:
    """The one that the address asks for, which may stand beyond the choices that are offered."""
    try:
        return rows.filter(**{field: UUID(written)})
    except ValueError:
        return rows.none()


def _distinct(rows: Iterable[tuple[Any, str]]) -> Options:
    return list(dict.fromkeys((str(value), label) for value, label in rows))
