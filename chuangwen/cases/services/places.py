"""A list of places becomes cases: one above, one for each place below it, each handed to its own unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.cases import queries
from chuangwen.cases.models import Case, CaseCategory, Channel
from chuangwen.cases.services.moving import held
from chuangwen.cases.services.opening import Opening, open_and_send
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

# As many as one person can answer for, and a request can open.
MOST_PLACES = 200


@dataclass(frozen=True)
class PlaceGiven:
    """A place and who puts it right there. `even_so` opens a case though one of the same category is open there."""

    place: Place
    owner: Unit
    even_so: bool = False


@dataclass(frozen=True)
class Campaign:
    """What is to be done at many places. `uid` becomes the case above; `unit` keeps all of them."""

    uid: UUID
    unit: Unit
    title: str
    text: str
    category: CaseCategory
    rows: Sequence[PlaceGiven]
    until: datetime | None = None


@dataclass(frozen=True)
class OpenedForPlaces:
    """`passed` are the places that were left out, each with the open case that stands there."""

    parent: Case
    made: list[Case]
    passed: list[tuple[Place, Case]] = field(default_factory=list)


@transaction.atomic
def open_for_places(actor: Viewer, campaign: Campaign) -> OpenedForPlaces:
    """Open one task for the whole and one for each place, all or none of them. The same campaign sent twice, with
    whatever rows were added, makes nothing twice. Raises Missing without the desk of the keeper, Refused for what will
    not do.
    """
    require(actor, Perm.CASE_DISPATCH, campaign.unit)
    _check(campaign)
    standing = queries.standing_at([row.place for row in campaign.rows if not row.even_so], campaign.category)
    own = Case.everything.filter(parent__uid=campaign.uid)
    mine = set(own.values_list("place_id", flat=True))
    passed = [(row.place, standing[row.place.pk]) for row in campaign.rows if row.place.pk in standing]
    rows = [row for row in campaign.rows if row.place.pk not in standing or row.place.pk in mine]
    if not rows:
        raise Refused(
            _("选的点位上都已有同类事项在办，没有可开的"), where="rows", mend=_("看那几件办得怎样，或另选点位")
        )
    above = Opening(
        kind="task", uid=campaign.uid, title=campaign.title, text=campaign.text, category=campaign.category,
        unit=campaign.unit, opened_for=campaign.unit, channel=Channel.PLACES,
    )  # fmt: skip
    seat = actor.person.unit
    lead = seat if seat.path.startswith(campaign.unit.path) else campaign.unit
    parent = open_and_send(actor, above, lead=lead, until=campaign.until).case
    # Whoever sends the same list at the same moment waits here.
    parent = held(parent)
    made = [_one(actor, campaign, parent, row) for row in rows]
    return OpenedForPlaces(parent, made, [pair for pair in passed if pair[0].pk not in mine])


def _one(actor: Viewer, campaign: Campaign, parent: Case, row: PlaceGiven) -> Case:
    opening = Opening(
        kind="task", uid=uuid5(campaign.uid, str(row.place.uid)), parent=parent, place=row.place,
        title=f"{campaign.title}：{row.place.name}"[:120], text=campaign.text, category=campaign.category,
        unit=campaign.unit, opened_for=campaign.unit, address=row.place.address[:200], channel=Channel.PLACES,
    )  # fmt: skip
    return open_and_send(actor, opening, lead=row.owner, until=campaign.until).case


def _check(campaign: Campaign) -> None:
    if not campaign.rows:
        raise Refused(_("没有选点位"), where="rows", mend=_("至少留一个点位"))
    if len(campaign.rows) > MOST_PLACES:
        raise Refused(_("一次最多 %(most)s 个点位") % {"most": MOST_PLACES}, where="rows", mend=_("缩小距离或分几次开"))
    uids = [row.place.pk for row in campaign.rows]
    if len(uids) != len(set(uids)):
        raise Refused(_("同一个点位写了两次"), where="rows", mend=_("每个点位留一行"))
    for row in campaign.rows:
        if not row.owner.path.startswith(campaign.unit.path):
            raise Refused(
                _("%(owner)s不归%(unit)s派") % {"owner": row.owner.label, "unit": campaign.unit.label},
                where="rows", mend=_("换一个本级的单位，或请上级来开"),
            )  # fmt: skip
    there = Case.everything.filter(uid=campaign.uid).exclude(channel=Channel.PLACES)
    if there.exists():
        raise Missing
