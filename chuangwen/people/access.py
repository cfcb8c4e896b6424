"""Who may do what to whose: the one guard through which every page, export, file and API gets its objects.

A Viewer is made once per request from the grants in force today. A query starts from `viewer.scope(perm)`, a
service from `require`. Not yours and not there are the same answer: Missing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.models import Deputy, Grant, Person, Unit
from chuangwen.people.permissions import name_of
from chuangwen.people.rules import NEVER_LENT, Perm, ancestor_paths

# Without these nobody could open the pages of settings again, or let anybody in.
KEYS_OF_THE_HOUSE = (Perm.REFERENCE_MANAGE, Perm.GRANT_MANAGE)
MOST_UNREAD = 100


def deputies_on(day: date) -> Q:
    """The condition under which a Deputy stands on a day."""
    return Q(since__lte=day, until__gte=day, ended_at__isnull=True)


@dataclass(frozen=True)
class Viewer:
    """The person behind a request, a token or a command, with what they may reach."""

    person: Person
    # Whether the rights of those count too for whom the person is deputy today.
    stands_in: bool = True

    @property
    def uid(self) -> UUID:
        return self.person.uid

    @cached_property
    def own(self) -> "Viewer":
        """The same person with what they hold themself: what one passes on must be one's own."""
        return Viewer(self.person, stands_in=False)

    @cached_property
    def grants(self) -> list[Grant]:
        """In force today: the person's own, and those of whom they act for; `holds` says what of them counts."""
        today = clock.today()
        in_force = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
        whose = Q(person=self.person)
        if self.stands_in:
            absent = Deputy.objects.filter(deputies_on(today), deputy=self.person, person__left_on__isnull=True)
            whose |= Q(person__in=absent.values("person"))
        return list(Grant.objects.filter(in_force & whose).select_related("role", "unit"))

    def holds(self, grant: Grant, perm: Perm) -> bool:
        """Whether one of `grants` gives the permission: a deputy's never gives what is not lent."""
        return lent_or_own(grant, perm, self.person)

    @cached_property
    def standing_in(self) -> list[Deputy]:
        """For whom the person acts today, until when; no query where nothing is lent."""
        if all(grant.person_id == self.person.pk for grant in self.grants):
            return []
        lenders = {grant.person_id for grant in self.grants} - {self.person.pk}
        rows = Deputy.objects.filter(deputies_on(clock.today()), deputy=self.person, person__in=lenders)
        return list(rows.select_related("person").order_by("until", "id"))

    @cached_property
    def as_persons(self) -> frozenset[int]:
        """Keys of the person and of all for whom they act today: whatever names one of these names the viewer."""
        return frozenset({self.person.pk, *(each.person_id for each in self.standing_in)})

    def acts_for(self, perm: Perm, unit: Unit) -> dict[str, str]:
        """{"for": uid} where only a deputy's right allows it, for the data of an event; {} where one's own does."""
        if self.own.can(perm, unit):
            return {}
        holding = [grant for grant in self.grants if self.holds(grant, perm)]
        lenders = {grant.person_id for grant in holding if unit.path.startswith(grant.unit.path)}
        found = next((each for each in self.standing_in if each.person_id in lenders), None)
        return {"for": str(found.person.uid)} if found else {}

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read; a hundred stands for more."""
        return self.person.notices.filter(read_at__isnull=True).order_by()[:MOST_UNREAD].count()

    def paths(self, perm: Perm) -> list[str]:
        """The units over which the viewer holds the permission, as path prefixes, nested ones left out."""
        found = sorted({grant.unit.path for grant in self.grants if self.holds(grant, perm)})
        return [path for path in found if not any(path != other and path.startswith(other) for other in found)]

    def can(self, perm: Perm, unit: Unit | None = None) -> bool:
        """Over this unit, or, without one, over any unit at all."""
        paths = self.paths(perm)
        return bool(paths) if unit is None else any(unit.path.startswith(path) for path in paths)

    def can_over_city(self, perm: Perm) -> bool:
        """Over the root of the tree, and so over everything: what changes a table of the whole city asks for."""
        return any(len(ancestor_paths(path)) == 1 for path in self.paths(perm))

    def scope(self, perm: Perm, field: str = "unit") -> Q:
        """The filter that every query starts from: `field` leads from the queried row to its unit; "" is the unit."""
        lookup = f"{field}__path__startswith" if field else "path__startswith"
        condition = Q(pk__in=[])
        for path in self.paths(perm):
            condition |= Q(**{lookup: path})
        return condition


def require(actor: Viewer, perm: Perm, unit: Unit) -> None:
    """First line of every service. Raises Missing: a stranger does not learn that the unit is there."""
    if not actor.can(perm, unit):
        raise Missing


def require_over_city(actor: Viewer, perm: Perm) -> None:
    """As `require`, for tables that belong to the city and not to a unit."""
    if not actor.can_over_city(perm):
        raise Missing


def holders_over_city(perm: Perm, *, without: str = "") -> set[int]:
    """The persons who hold the permission over the whole city today, with no end in sight, and can sign in.

    `without` leaves out a role: who would hold it if that role lost the permission.
    """
    grants = Grant.objects.filter(
        since__lte=clock.today(),
        until__isnull=True,
        unit__parent__isnull=True,
        person__account__is_active=True,
        person__left_on__isnull=True,
    )
    rows = grants.exclude(role=without).select_related("role")
    return {grant.person_id for grant in rows if perm in grant.role.permissions}


def require_open(unit: Unit) -> None:
    """Nothing new is put under a unit that was closed. Raises Refused."""
    if unit.closed_on and unit.closed_on <= clock.today():
        raise Refused(_("“%(unit)s”已停用") % {"unit": unit}, mend=_("选在用的单位，或先恢复它"))


def require_somebody(person: Person) -> None:
    """The door is nobody: it signs in nowhere, is given nothing and leaves never. Raises Refused."""
    if person.is_door:
        raise Refused(_("“市民入口”不是一个人，是市民反映问题的入口"), mend=_("要关掉入口，到设置的“事项规矩”里关"))


def one_at_a_time() -> Unit | None:
    """What changes the tree or a table of the whole city waits for the one before: the root is the door. Within a
    transaction; gives the root.
    """
    return Unit.everything.select_for_update().filter(parent__isnull=True).order_by("pk").first()


@contextmanager
def keys_kept() -> Iterator[None]:
    """Around what takes rights away: somebody who can sign in must still hold the keys of the house afterwards.

    Where nobody held a key before, as in a city that has no account yet, there is nothing to keep.
    """
    one_at_a_time()
    held = [perm for perm in KEYS_OF_THE_HOUSE if holders_over_city(perm)]
    yield
    for perm in held:
        if not holders_over_city(perm):
            raise Refused(
                _("这样一来，全市就没有人有“%(perm)s”了") % {"perm": name_of(perm)},
                mend=_("先把它授给另一个能登录的人"),
            )


def may_set_password(viewer: Viewer, person: Person) -> bool:
    """Who gives out a password could sign in with it: so nobody does for a person who may more than they may, by
    their own grants or by those that are lent to them, now or later.
    """
    if not viewer.can(Perm.PERSON_MANAGE, person.unit):
        return False
    lasting = Q(until__isnull=True) | Q(until__gte=clock.today())
    lenders = Deputy.objects.filter(deputy=person, ended_at__isnull=True, until__gte=clock.today()).values("person")
    grants = Grant.objects.filter(lasting, Q(person=person) | Q(person__in=lenders)).select_related("role", "unit")
    held = [(Perm(perm), grant) for grant in grants for perm in grant.role.permissions]
    return all(viewer.own.can(perm, grant.unit) for perm, grant in held if lent_or_own(grant, perm, person))


def lent_or_own(grant: Grant, perm: str, person: Person) -> bool:
    """Whether a grant gives the permission to the person: their own does, a lent one but for what is never lent."""
    return perm in grant.role.permissions and (grant.person_id == person.pk or perm not in NEVER_LENT)


def holders(perm: Perm, unit: Unit, *, nearest: bool = False) -> list[Person]:
    """Who holds the permission over the unit today and can sign in, in the order of the tree: whom to tell of a thing.

    `nearest` asks for those alone whose grant is over the unit itself or, where there are none, over the next one above
    it. Deputies are not among them; `services.tell` tells those too.
    """
    return holders_of([(perm, unit)], nearest=nearest)[0]


def holders_of(wanted: Sequence[tuple[Perm, Unit]], *, nearest: bool = False) -> list[list[Person]]:
    """As `holders`, for several permissions and units in one query, in their order."""
    today = clock.today()
    paths = {path for _perm, unit in wanted for path in ancestor_paths(unit.path)}
    grants = Grant.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        since__lte=today,
        unit__path__in=paths,
        person__account__is_active=True,
        person__left_on__isnull=True,
    )
    rows = list(grants.select_related("role", "unit", "person__unit").order_by("unit__path", "id")) if paths else []
    rows = [grant for grant in rows if grant.person.code != "operator"]
    return [_holding(rows, perm, unit, nearest=nearest) for perm, unit in wanted]


def _holding(rows: list[Grant], perm: Perm, unit: Unit, *, nearest: bool) -> list[Person]:
    found = [row for row in rows if unit.path.startswith(row.unit.path) and perm in row.role.permissions]
    if nearest and found:
        deepest = max(len(grant.unit.path) for grant in found)
        found = [grant for grant in found if len(grant.unit.path) == deepest]
    return list({grant.person_id: grant.person for grant in found}.values())


def require_password_right(actor: Viewer, person: Person) -> None:
    if not may_set_password(actor, person):
        raise Missing


def units_with(viewer: Viewer, perm: Perm) -> QuerySet[Unit]:
    return Unit.objects.filter(viewer.scope(perm, "")).select_related("kind", "level")


def open_units(viewer: Viewer, perm: Perm, *, keep: Unit | None = None) -> QuerySet[Unit]:
    """The units that one may choose for a new record: those that are not closed, and the one that it has already."""
    today = clock.today()
    standing = Q(closed_on__isnull=True) | Q(closed_on__gt=today) | Q(pk=keep.pk if keep else None)
    return units_with(viewer, perm).filter(standing)


def get_unit(viewer: Viewer, perm: Perm, *, uid: UUID | None = None, code: str | None = None) -> Unit:
    """The unit, if the viewer holds the permission over it; Missing otherwise."""
    wanted = Q(uid=uid) if uid else Q(code=code)
    unit = units_with(viewer, perm).filter(wanted).first()
    if unit is None:
        raise Missing
    return unit


def pick_unit(viewer: Viewer, perm: Perm, code: str | None) -> Unit:
    """The unit that a page is about: the one named, else the highest one over which the viewer may do this."""
    if code:
        return get_unit(viewer, perm, code=code)
    paths = viewer.paths(perm)
    if not paths:
        raise Missing
    return Unit.objects.select_related("kind", "level").get(path=min(paths, key=len))


def below(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything under it."""
    return Unit.objects.filter(path__startswith=unit.path)


def label_of_units(uids: Iterable[UUID]) -> dict[UUID, str]:
    return {unit.uid: str(unit) for unit in Unit.everything.filter(uid__in=set(uids))}


def label_of_persons(uids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Name or code by uid, for logs and lists that hold only uids."""
    return {person.uid: str(person) for person in Person.everything.filter(uid__in={uid for uid in uids if uid})}
