"""What the pages about one person ask: notices, deputies, what hangs on them, and the list of telephones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, FilteredRelation, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock, notices
from chuangwen.core.errors import Missing
from chuangwen.core.notices import Told
from chuangwen.core.work import MOST, Item, Waiting
from chuangwen.people.access import Viewer
from chuangwen.people.models import Deputy, Grant, Membership, Notice, Person, Unit
from chuangwen.people.rules import NEVER_LENT, Perm, ancestor_paths

# ---- notices ----


@dataclass(frozen=True)
class Shown:
    """A notice with what it says to its reader; None where they may no longer see what it is about."""

    notice: Notice
    told: Told | None


def notices_of(viewer: Viewer) -> QuerySet[Notice]:
    """The viewer's own, unread first, the latest first."""
    unread = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1))
    return viewer.person.notices.order_by(unread, "-id")


def notice(viewer: Viewer, uid: UUID) -> Shown:
    found = viewer.person.notices.filter(uid=uid).first()
    if found is None:
        raise Missing
    return shown(viewer, [found])[0]


def shown(viewer: Viewer, rows: Sequence[Notice]) -> list[Shown]:
    told = notices.told(viewer, rows)
    return [Shown(row, told.get(row.uid)) for row in rows]


def tell_of_deputies(viewer: Viewer, rows: list[Notice]) -> dict[UUID, Told]:
    """The teller of `deputy`: the deputy and the absent person read of it, nobody else has such a notice."""
    own = Deputy.objects.filter(Q(deputy=viewer.person) | Q(person=viewer.person)).select_related("person")
    found = {row.uid: row for row in own.filter(uid__in=[each.subject_uid for each in rows])}
    return {
        each.uid: Told(_said_of_deputy(found[each.subject_uid]), reverse("profile"))
        for each in rows
        if each.subject_uid in found
    }


def _said_of_deputy(row: Deputy) -> str:
    days = {"person": row.person, "since": row.since, "until": row.until}
    if row.ended_at:
        return _("您代理%(person)s（%(since)s 到 %(until)s）已提前结束") % days
    return _("%(since)s 到 %(until)s 由您代理%(person)s") % days


def said_of_hand_over(label: str, row: Notice) -> str:
    return _("%(person)s手上的 %(count)s 件交给了您") % {"person": label, "count": row.data.get("count", 0)}


# ---- deputies ----


def may_appoint(viewer: Viewer, person: Person) -> bool:
    """The person themself, or whoever manages grants over every unit over which the person holds one, and holds there
    all that would be lent: nobody lends more than they have.
    """
    if viewer.person.pk == person.pk:
        return True
    lasting = Q(until__isnull=True) | Q(until__gte=clock.today())
    grants = list(person.grants.filter(lasting).select_related("unit", "role"))
    units = {grant.unit for grant in grants} or {person.unit}
    lent = ((Perm(perm), each.unit) for each in grants for perm in each.role.permissions if perm not in NEVER_LENT)
    manages = all(viewer.own.can(Perm.GRANT_MANAGE, unit) for unit in units)
    return manages and all(viewer.own.can(perm, unit) for perm, unit in lent)


def related(person: Person, deputy: Person) -> bool:
    """The same unit, one above it or one below it."""
    one, other = person.unit.path, deputy.unit.path
    return one.startswith(other) or other.startswith(one)


def candidates(person: Person) -> QuerySet[Person]:
    """Who could be the person's deputy: in their unit first, then above it or below it, with a login."""
    near = Q(unit__path__startswith=person.unit.path) | Q(unit__path__in=ancestor_paths(person.unit.path))
    found = Person.objects.filter(near, left_on__isnull=True, is_pupil=False, account__is_active=True)
    found = found.exclude(pk=person.pk).exclude(code="operator").select_related("unit")
    return found.order_by(_same_unit_first(person), "unit__path", "code")


def _same_unit_first(person: Person) -> Case:
    return Case(When(unit=person.unit, then=Value(0)), default=Value(1))


def deputies_of(person: Person) -> QuerySet[Deputy]:
    """Who acts for the person now or will; and for whom the person does."""
    rows = Deputy.objects.filter(Q(person=person) | Q(deputy=person), ended_at__isnull=True, until__gte=clock.today())
    return rows.select_related("person__unit", "deputy__unit").order_by("since", "id")


def grants_to_lend(person: Person) -> QuerySet[Grant]:
    """What a deputy of the person holds today, but for what is never lent."""
    today = clock.today()
    in_force = person.grants.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)
    return in_force.select_related("role", "unit")


def person_to_stand_for(viewer: Viewer, uid: UUID) -> Person:
    """The person for whom the viewer may appoint a deputy; Missing otherwise."""
    found = Person.objects.filter(uid=uid, is_pupil=False, left_on__isnull=True).select_related("unit").first()
    if found is None or not may_appoint(viewer, found):
        raise Missing
    return found


# ---- contact ----


def may_edit_contact(viewer: Viewer, person: Person) -> bool:
    """The person themself, and who manages persons there; a pupil has neither telephone nor address."""
    if person.is_pupil or person.left_on:
        return False
    return viewer.person.pk == person.pk or viewer.can(Perm.PERSON_MANAGE, person.unit)


def person_to_edit(viewer: Viewer, uid: UUID) -> Person:
    found = Person.objects.filter(uid=uid).select_related("unit").first()
    if found is None or not may_edit_contact(viewer, found):
        raise Missing
    return found


# ---- what hangs on a person ----


def person_to_relieve(viewer: Viewer, uid: UUID) -> Person:
    """The person whose work the viewer may hand over; Missing otherwise."""
    found = Person.objects.filter(viewer.scope(Perm.PERSON_MANAGE), uid=uid, is_pupil=False)
    row = found.select_related("unit").first()
    if row is None:
        raise Missing
    return row


def successors(viewer: Viewer, person: Person) -> QuerySet[Person]:
    """Who could take over: persons whom the viewer manages, those of the same unit first."""
    found = Person.objects.filter(viewer.scope(Perm.PERSON_MANAGE), left_on__isnull=True, is_pupil=False)
    found = found.exclude(pk=person.pk).exclude(code="operator").select_related("unit")
    return found.order_by(_same_unit_first(person), "unit__path", "code")


def memberships_held(viewer: Viewer, person: Person) -> Waiting:
    rows = Membership.objects.filter(person=person, until__isnull=True)
    seen = rows.filter(viewer.scope(Perm.UNIT_VIEW, "group")).select_related("group")[:MOST]
    items = [
        Item(f"{row.group} {row.get_position_display()}", reverse("unit", args=[row.group.code]), unit=row.group.label)
        for row in seen
    ]
    return Waiting(rows.count(), items)


def grants_held(viewer: Viewer, person: Person) -> Waiting:
    rows = Grant.objects.filter(Q(until__isnull=True) | Q(until__gte=clock.today()), person=person)
    seen = rows.filter(viewer.scope(Perm.UNIT_VIEW)).select_related("role", "unit")[:MOST]
    items = [Item(str(row.role), reverse("unit", args=[row.unit.code]), unit=row.unit.label) for row in seen]
    return Waiting(rows.count(), items)


# ---- the list of telephones ----


def phones(viewer: Viewer) -> QuerySet[Unit]:
    """The units that the viewer may see, in the order of the tree, classes left out. `holder` are today's grants on the
    unit itself, so that the words of a search find names.
    """
    today = clock.today()
    in_force = Q(grants__since__lte=today) & (Q(grants__until__isnull=True) | Q(grants__until__gte=today))
    rows = Unit.objects.filter(viewer.scope(Perm.UNIT_VIEW, ""), closed_on__isnull=True).exclude(kind="class")
    return rows.annotate(holder=FilteredRelation("grants", condition=in_force)).select_related("kind").distinct()


@dataclass(frozen=True)
class Contact:
    """A person of the list: who, and the number of their office (may be empty)."""

    name: str
    phone: str


def contacts_of(units: Sequence[Unit]) -> dict[int, tuple[list[Contact], list[Contact]]]:
    """unit's key → (who answers for it, who does its desk work), by what today's roles over the unit itself allow."""
    today = clock.today()
    grants = Grant.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), since__lte=today, unit__in=units, person__left_on__isnull=True
    )
    found: dict[int, tuple[list[Contact], list[Contact]]] = defaultdict(lambda: ([], []))
    rows = grants.exclude(role="operator").select_related("person", "role").order_by("since", "id")
    for grant in rows:
        perms = grant.role.permissions
        side = 0 if Perm.REPORT_SIGN in perms else 1 if Perm.REPORT_WRITE in perms else None
        contact = Contact(str(grant.person), grant.person.office_phone)
        if side is not None and contact not in found[grant.unit_id][side]:
            found[grant.unit_id][side].append(contact)
    return found
