"""What pages ask about units, groups and persons."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing, SignInNeeded
from chuangwen.core.reference import offered
from chuangwen.core.registry import Ref
from chuangwen.people.access import Viewer, units_with
from chuangwen.people.models import Account, ApiToken, Grant, Membership, Person, Position, Role, Unit, UnitKind
from chuangwen.people.rules import DOOR, Perm, token_digest

PERSON_LABEL = pgettext_lazy("noun", "人员")
UNIT_LABEL = pgettext_lazy("noun", "单位")
GRANT_LABEL = pgettext_lazy("noun", "授权")


def unit_tree(viewer: Viewer) -> QuerySet[Unit]:
    """Every unit that the viewer may see, parents first, with head-counts of their own."""
    persons = Count("persons", filter=Q(persons__left_on__isnull=True, persons__withdrawn_at__isnull=True))
    return units_with(viewer, Perm.UNIT_VIEW).annotate(head_count=persons).order_by("path")


def children(viewer: Viewer, unit: Unit) -> QuerySet[Unit]:
    return unit_tree(viewer).filter(parent=unit, kind__is_group=False)


def groups(viewer: Viewer, unit: Unit) -> QuerySet[Unit]:
    return unit_tree(viewer).filter(parent=unit, kind__is_group=True).select_related("charter__office")


def memberships(unit: Unit) -> QuerySet[Membership]:
    rank = Case(*(When(position=position, then=order) for order, position in enumerate(Position)), default=9)
    standing = Membership.objects.filter(group=unit, until__isnull=True).select_related("person__unit")
    return standing.annotate(rank=rank).order_by("rank", "since", "id")


def persons(viewer: Viewer) -> QuerySet[Person]:
    found = Person.objects.filter(viewer.scope(Perm.PERSON_VIEW), left_on__isnull=True)
    return found.select_related("unit", "account", "source__file")


def the_door() -> Q:
    """The condition of the person through whom citizens act, who is chosen for nothing."""
    return Q(code=DOOR, unit__parent__isnull=True)


def person(viewer: Viewer, uid: UUID) -> Person:
    found = persons(viewer).filter(uid=uid).first()
    if found is None:
        raise Missing
    return found


def grants_of(viewer: Viewer, person_row: Person) -> QuerySet[Grant]:
    """The person's grants over units that the viewer may see."""
    seen = person_row.grants.filter(viewer.scope(Perm.UNIT_VIEW))
    return seen.select_related("role", "unit").order_by("-since")


def memberships_of(viewer: Viewer, person_row: Person) -> QuerySet[Membership]:
    """As grants_of, for places in groups."""
    seen = person_row.memberships.filter(viewer.scope(Perm.UNIT_VIEW, "group"), until__isnull=True)
    return seen.select_related("group")


def grants_on(viewer: Viewer, unit: Unit) -> QuerySet[Grant]:
    return Grant.objects.filter(viewer.scope(Perm.PERSON_VIEW), unit=unit).select_related("person__unit", "role")


def roles() -> QuerySet[Role]:
    return offered(Role.objects.exclude(code__in=("operator", DOOR)))


def unit_kinds() -> QuerySet[UnitKind]:
    return offered(UnitKind.objects.filter(is_group=False).exclude(code="city"))


def group_kinds() -> QuerySet[UnitKind]:
    return offered(UnitKind.objects.filter(is_group=True))


def tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(person=viewer.person, revoked_at__isnull=True).order_by("-created_at")


def viewer_of_token(secret: str) -> Viewer:
    """The viewer behind an API token; SignInNeeded when it is unknown, revoked, or its account is closed."""
    token = (
        ApiToken.objects.filter(digest=token_digest(secret), revoked_at__isnull=True)
        .select_related("person__unit", "person__account")
        .first()
    )
    account: Account | None = getattr(token.person, "account", None) if token else None
    if token is None or account is None or not account.is_active or account.must_change_password:
        raise SignInNeeded(_("令牌不对或已收回"), mend=_("在“我的”页面重新发一个令牌"))
    # A program never acts for somebody whose deputy its person is.
    return Viewer(token.person, stands_in=False)


def person_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    rows = Person.everything.filter(viewer.scope(Perm.PERSON_VIEW), uid__in=uids).select_related("unit", "source__file")
    return {
        row.uid: Ref(row.uid, f"{row.unit.label} {row}", reverse("person", args=[row.uid]), row.source_label)
        for row in rows
    }


def person_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Person.objects.filter(uid__in=uids).values_list("uid", "unit_id", "code", "left_on")
    return {uid: digest(values) for uid, *values in rows}


def unit_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    rows = units_with(viewer, Perm.UNIT_VIEW).filter(uid__in=uids)
    return {row.uid: Ref(row.uid, row.label, reverse("unit", args=[row.code])) for row in rows}


def unit_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """A group's day of founding too: a figure may say it."""
    rows = Unit.objects.filter(uid__in=uids).values_list("uid", "charter__founded_on", "code", "closed_on")
    return {uid: digest([*values, founded] if founded else values) for uid, founded, *values in rows}
