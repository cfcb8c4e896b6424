"""Which cases wait for a person's hand: for `core.work`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case as Cases
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.cases import queries, standing, workflow
from chuangwen.cases.models import OPEN, Case, CasePart, CaseStep, Part
from chuangwen.cases.wording import MARKS
from chuangwen.core import clock
from chuangwen.core.marks import State
from chuangwen.core.paging import capped_count
from chuangwen.core.work import MOST, Item, Waiting
from chuangwen.people.access import Viewer
from chuangwen.people.models import Notice
from chuangwen.people.rules import Perm, ancestor_paths

# Why a case waits for somebody: what the page says of it.
WHY = {
    "file": gettext_lazy("待立案"),
    "dispatch": gettext_lazy("待派遣"),
    "decide": gettext_lazy("待裁定"),
    "answer": gettext_lazy("有申请待答复"),
    "sign": gettext_lazy("长期整改待签批"),
    "accept": gettext_lazy("待签收"),
    "mine": gettext_lazy("您经办，整改中"),
    "fix": gettext_lazy("整改中"),
    "part": gettext_lazy("待配合"),
    "verify": gettext_lazy("待核验"),
    "late": gettext_lazy("您包案，已逾期"),
    "read": gettext_lazy("有人请您看"),
}


def waiting(viewer: Viewer) -> Waiting:
    """What the viewer is to do next, the earliest end first: one query, and one that counts where there are many. What
    they may not see does not wait for them. The count stops where lists stop.
    """
    if not viewer.grants:
        return Waiting()
    reasons = {key: condition for key, condition in _reasons(viewer).items() if condition is not None}
    wanted = Q(pk__in=[])
    for key, condition in reasons.items():
        if key != "read":
            wanted |= condition
    # First what is open, which an index knows: what has ended waits for nobody but who is asked to read it.
    wanted = OPEN & wanted | reasons["read"] if "read" in reasons else OPEN & wanted
    rows = queries.all_cases(viewer).filter(wanted)
    # Of what is open every row has an end, so that an index gives the order, and the first are found without the rest.
    order = [F("due_at").asc(nulls_last=True)] if "read" in reasons else ["due_at"]
    return _of(rows.annotate(why=_why(reasons)), rows, order)


def _reasons(viewer: Viewer) -> dict[str, Q | None]:
    """Reason → which cases; the first that holds is the one that is said."""
    mine, desk = Q(handler__in=viewer.as_persons), viewer.scope(Perm.CASE_DISPATCH)
    under_way = Q(state__in=workflow.UNDER_WAY)
    hands = _hands(viewer)
    loose = Q(handler__isnull=True) | Q(handler__left_on__isnull=False)
    at_unit = Q(state__in=(workflow.WORKING, workflow.PLANNED))
    return {
        "file": desk & Q(state=workflow.RECEIVED),
        "dispatch": desk & Q(state=workflow.FILED),
        "decide": desk & Q(state=workflow.DISPUTED),
        "sign": under_way & Q(asked=workflow.PLAN) & viewer.scope(Perm.CASE_SIGN),
        "answer": under_way & Q(asked__in=(workflow.EXTENSION, workflow.SUSPENSION)) & desk,
        "accept": hands & Q(state=workflow.SENT) & (loose | mine),
        "mine": mine & at_unit,
        "verify": _to_verify(viewer),
        "part": _parts(viewer),
        "fix": hands & loose & at_unit,
        "late": Q(leader__in=viewer.as_persons) & queries.overdue(),
        "read": _to_read(viewer),
    }


def _hands(viewer: Viewer, lead: str = "lead", keeper: str = "unit") -> Q:
    """The condition that `standing.acts_for` holds of the unit at `lead`."""
    own = viewer.person.unit.path
    house = Q(**{f"{lead}__path__startswith": own}) | Q(**{f"{lead}__path__in": ancestor_paths(own)})
    found = Q(pk__in=[])
    # Each grant for itself: one over the keeper does not take away what one over the lead gives.
    for path in {grant.unit.path for grant in viewer.grants if viewer.holds(grant, Perm.CASE_HANDLE)}:
        under = Q(**{f"{lead}__path__startswith": path})
        found |= under & (house | ~Q(**{f"{keeper}__path__startswith": path}))
    return found


def _parts(viewer: Viewer) -> Q | None:
    if not viewer.can(Perm.CASE_HANDLE):
        return None
    open_parts = CasePart.objects.filter(
        _hands(viewer, "unit", "case__unit"), part=Part.ASSIST, done_at__isnull=True, ended_at__isnull=True
    )
    return Q(state__in=workflow.VERBS["do_part"].sources, pk__in=open_parts.values("case"))


def _to_verify(viewer: Viewer) -> Q | None:
    """As `standing` judges a fix: by another one and, of most kinds, by somebody of another unit."""
    if not viewer.can(Perm.CASE_VERIFY):
        return None
    own = viewer.person.unit.path
    may = viewer.scope(Perm.CASE_VERIFY) | viewer.scope(Perm.CASE_VERIFY, "opened_for")
    took = CasePart.objects.filter(case=OuterRef("pk"), ended_at__isnull=True).exclude(part=Part.COPY)
    acts = CaseStep.objects.filter(case=OuterRef("pk"), verb__in=standing.FIXING, at__gte=OuterRef("sent_at"))
    own_took = Exists(took.filter(unit__path__in=ancestor_paths(own))) | Exists(
        acts.filter(by__unit__path__in=ancestor_paths(own))
    )
    below_took = Exists(took.filter(unit__path__startswith=own)) | Exists(acts.filter(by__unit__path__startswith=own))
    another = ~own_took & (viewer.scope(Perm.CASE_DISPATCH) | ~Q(below_took))
    same_unit = [code for code, kind in workflow.KINDS.items() if kind.verify_by == workflow.SAME_UNIT_OTHER_PERSON]
    did_it = Exists(acts.filter(by=viewer.person))
    return Q(state=workflow.FIXED) & may & ~Q(did_it) & (Q(kind__in=same_unit) | another)


def _to_read(viewer: Viewer) -> Q | None:
    """The cases in which somebody calls the viewer, looked up first: there are few, and mostly none."""
    unread = Notice.objects.filter(person=viewer.person, read_at__isnull=True, kind="case.comment")
    found = list(unread.order_by("-id").values_list("subject_uid", flat=True)[: MOST + 1])
    return Q(uid__in=found) if found else None


def _why(reasons: dict[str, Q]) -> Cases:
    whens = [When(condition, then=Value(key)) for key, condition in reasons.items()]
    return Cases(*whens, default=Value(""), output_field=CharField())


def _of(shown: QuerySet[Any], counted: QuerySet[Case], order: Sequence[Any]) -> Waiting:
    found = list(shown.select_related("lead", "unit").order_by(*order, "id")[: MOST + 1])
    count = len(found) if len(found) <= MOST else capped_count(counted)
    return Waiting(count, [item(row, str(WHY.get(getattr(row, "why", ""), ""))) for row in found[:MOST]])


def item(row: Case, word: str = "") -> Item:
    late = row.due_at is not None and row.due_at < clock.now()
    due = timezone.localtime(row.due_at).date() if row.due_at else None
    said = word or row.get_state_display()
    if late and row.is_open:
        said = _("%(what)s，逾期") % {"what": said}
    unit = row.lead or row.unit
    return Item(
        str(row), reverse("case", args=[row.uid]), State.OVER if late else MARKS[row.state], said, due, unit.label
    )
