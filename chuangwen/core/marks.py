"""What a row says at a glance: its state and its deadline, as word, shape and colour.

A column gives a Due as its value (`Col("due", …, lambda row: marks.due(row.due_at))`) and a state by `Col.state`, one
of State. Both are words in the workbook that is exported.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock


class State(StrEnum):
    """The shapes of the look: ○ ◐ ◇ ✓ ▲ ‖."""

    NEW = "new"
    DOING = "doing"
    CHECK = "check"
    DONE = "done"
    OVER = "over"
    HOLD = "hold"


@dataclass(frozen=True)
class Due:
    """A deadline as a row shows it; `kind` is over, soon, ok or stop."""

    text: str
    kind: str

    def __str__(self) -> str:
        return self.text


def due(
    at: datetime | None, *, held_to: date | None = None, before: str = "", now: datetime | None = None
) -> Due | None:
    """The deadline as seen now: 逾 6 天, 今日 17:30, 余 2 天; while it is held, 缓至 12-05; None without one.

    `before` is a word that follows the time of day, such as 前派. Days are local days, so that 余 1 天 is tomorrow.
    """
    if held_to:
        return Due(_("缓至 %(day)s") % {"day": f"{held_to:%m-%d}"}, "stop")
    if at is None:
        return None
    here, moment = timezone.localtime(at), now or clock.now()
    if moment > at:
        return Due(_late(moment - at, (timezone.localtime(moment).date() - here.date()).days), "over")
    days = (here.date() - timezone.localtime(moment).date()).days
    if days == 0:
        time = f"{here:%H:%M}"
        return Due(f"{time} {before}" if before else _("今日 %(time)s") % {"time": time}, "soon")
    left = ngettext("余 %(days)d 天", "余 %(days)d 天", days) % {"days": days}
    return Due(left, "soon" if days == 1 else "ok")


def _late(by: timedelta, days: int) -> str:
    if days:
        return ngettext("逾 %(days)d 天", "逾 %(days)d 天", days) % {"days": days}
    hours = int(by.total_seconds() // 3600)
    if hours:
        return ngettext("逾 %(hours)d 小时", "逾 %(hours)d 小时", hours) % {"hours": hours}
    minutes = max(1, int(by.total_seconds() // 60))
    return ngettext("逾 %(minutes)d 分钟", "逾 %(minutes)d 分钟", minutes) % {"minutes": minutes}
