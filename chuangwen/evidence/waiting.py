"""Which photos wait for a word of the person who handed them in: for `core.work`."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core.work import MOST, Item, Waiting
from chuangwen.evidence.messages import DOUBTS
from chuangwen.evidence.models import Evidence, State
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person
from chuangwen.people.rules import Perm


def _odd() -> QuerySet[Evidence]:
    """Photos with an open doubt, and those of which no copy could be made."""
    return Evidence.objects.filter(~Q(doubts=[]) | Q(state=State.REFUSED))


def waiting(viewer: Viewer) -> Waiting:
    """The viewer's own, as far as they may still say something about them."""
    return _of(_odd().filter(viewer.scope(Perm.EVIDENCE_ADD), made_by=viewer.person))


def held_by(viewer: Viewer, person: Person) -> Waiting:
    rows = _odd().filter(made_by=person)
    return Waiting(rows.count(), _of(rows.filter(viewer.scope(Perm.EVIDENCE_VIEW))).items)


def _of(rows: QuerySet[Evidence]) -> Waiting:
    found = list(rows.select_related("file", "unit", "place").order_by("-received_at", "-id")[: MOST + 1])
    count = len(found) if len(found) <= MOST else rows.count()
    return Waiting(count, [_item(row) for row in found[:MOST]])


def _item(row: Evidence) -> Item:
    where = row.place.name if row.place else row.said_where
    text = " ".join(part for part in (f"{timezone.localtime(row.taken_at):%m-%d %H:%M}", where or str(row)) if part)
    word = (
        row.get_state_display()
        if row.state == State.REFUSED
        else _("待说明：%(doubt)s") % {"doubt": "、".join(str(DOUBTS[code][0]) for code in row.doubts)}
    )
    sign = "over" if row.state == State.REFUSED else "check"
    return Item(text, reverse("evidence-piece", args=[row.uid]), sign, word, unit=row.unit.label)
