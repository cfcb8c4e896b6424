"""A case begins: whatever the door, one way in."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.cases import nearby, rules, workflow
from chuangwen.cases.deadlines import Reckoner, begin
from chuangwen.cases.door import CODE_LENGTH, CODE_SIGNS, tight
from chuangwen.cases.models import Case, CaseCategory, Channel, Petition, Reporter
from chuangwen.cases.services.given import Given, PartGiven
from chuangwen.cases.services.moving import move, record_step
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.numbering import next_number
from chuangwen.core.secrets import hidden, index_of
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer, require, require_open
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm, token_digest
from chuangwen.places import queries as places
from chuangwen.places.models import Place

TITLE, TEXT = 120, 4000


@dataclass(frozen=True)
class ReporterGiven:
    """Who brought it from outside; all of it may be empty. A code is made for them to follow it with, where the door
    has not made one.
    """

    name: str = ""
    contact: str = ""
    code: str = ""


@dataclass(frozen=True)
class PetitionGiven:
    received_by: Person
    day: date
    heads: int = 1
    repeated: bool = False


@dataclass(frozen=True)
class Opening:
    """What a door hands in. `opened_for` is the unit that the actor speaks for, `unit` the keeper: one above it, or
    itself for what stays in the house; without it, the city. `origin` is (noun, uid) of what gave rise to it.
    """

    kind: str
    title: str
    text: str = ""
    opened_for: Unit | None = None
    unit: Unit | None = None
    category: CaseCategory | None = None
    place: Place | None = None
    address: str = ""
    point: tuple[float, float] | None = None
    channel: str = Channel.STAFF
    external: str = ""
    photos: list[Evidence] = field(default_factory=list)
    reporter: ReporterGiven | None = None
    petition: PetitionGiven | None = None
    parent: Case | None = None
    origin: tuple[str, UUID] | None = None
    leader: Person | None = None
    uid: UUID | None = None


@dataclass(frozen=True)
class Opened:
    """The case, and the code with which its reporter follows it: said once, kept nowhere."""

    case: Case
    code: str = ""


def open_case(actor: Viewer, opening: Opening) -> Opened:
    """Enter a case; it waits for the keeper's office. The same uid from the same person is the same case.

    Raises Missing without the right over the unit spoken for, Refused for what will not do, Conflict for a uid of
    somebody else.
    """
    speaks_for = opening.opened_for or actor.person.unit
    require(actor, Perm.CASE_REPORT, speaks_for)
    there = Case.everything.filter(uid=opening.uid).first() if opening.uid else None
    if there:
        return _same_again(actor, there)
    keeper = opening.unit or Unit.objects.get(parent__isnull=True)
    _check(opening, keeper, speaks_for)
    try:
        with transaction.atomic():
            return _open(actor, opening, keeper)
    except IntegrityError:
        # Two requests with one uid came together: the second one finds the first one's case.
        there = Case.everything.filter(uid=opening.uid).first() if opening.uid else None
        if there is None:
            raise
        return _same_again(actor, there)


def _same_again(actor: Viewer, there: Case) -> Opened:
    if there.opened_by_id != actor.person.pk:
        raise Conflict(_("这个编号的事项是别人登记的"), mend=_("换一个编号再登记"))
    return Opened(there)


def _check(opening: Opening, keeper: Unit, speaks_for: Unit) -> None:
    if opening.kind not in workflow.KINDS:
        raise Refused(_("没有这种事项"), where="kind", mend=_("从列表里选"))
    if not opening.title.strip():
        raise Refused(_("没有写是什么事"), where="title", mend=_("写一句，如“盲道被共享单车占用”"))
    if len(opening.title) > TITLE or len(opening.text) > TEXT:
        raise Refused(
            _("写得太长"),
            where="title" if len(opening.title) > TITLE else "text",
            mend=_("标题 120 字、说明 4000 字以内"),
        )
    if not speaks_for.path.startswith(keeper.path):
        raise Refused(_("归口单位要是本单位或它的上级"), where="unit", mend=_("选上级，或不填（归市里）"))
    require_open(keeper)
    _check_place(opening)


def _check_place(opening: Opening) -> None:
    place = opening.place
    if place and place.closed_on and place.closed_on <= clock.today():
        raise Refused(_("点位“%(place)s”已停用") % {"place": place}, where="place", mend=_("选在用的点位，或只写地址"))
    if opening.point and not places.in_city(*opening.point):
        raise Refused(_("这个位置在本市之外"), where="point", mend=_("在地图上点事情发生的地方，或只写地址"))


def _open(actor: Viewer, opening: Opening, keeper: Unit) -> Opened:
    now = clock.now()
    reckoner = Reckoner()
    case = _row(actor, opening, keeper)
    case.received_at, case.number = now, next_case_number(now)
    case.due_at = reckoner.end(workflow.FILE, now, None)
    case.relapse_of = nearby.relapse_of(case, reckoner.policy)
    case.save(force_insert=True)
    begin(case, workflow.FILE, now, case.due_at)
    code = _keep_reporter(case, opening.reporter)
    _keep_petition(case, opening.petition)
    data: dict[str, Any] = {"channel": opening.channel, "number": case.number}
    given = Given(photos=opening.photos)
    record_step(actor, case, "case.open", given, capacity=workflow.REPORTER, before="", data=data, now=now)
    return Opened(case, code)


def _row(actor: Viewer, opening: Opening, keeper: Unit) -> Case:
    """The case as it was handed in, without number and moments."""
    place = opening.place
    lon, lat = opening.point or ((place.lon, place.lat) if place else (None, None))
    noun, origin = opening.origin or ("", None)
    return Case(
        uid=opening.uid or uuid4(),
        kind=opening.kind,
        title=opening.title.strip(),
        text=opening.text.strip(),
        unit=keeper,
        opened_by=actor.person,
        opened_for=opening.opened_for,
        category=opening.category,
        place=place,
        address=opening.address.strip(),
        lon=lon,
        lat=lat,
        channel=opening.channel,
        external=opening.external.strip(),
        parent=opening.parent,
        leader=opening.leader,
        origin_noun=noun,
        origin_uid=origin,
        confidential=workflow.KINDS[opening.kind].confidential,
    )


def _keep_petition(case: Case, given: PetitionGiven | None) -> None:
    if given:
        Petition.objects.create(
            case=case, received_by=given.received_by, day=given.day, heads=given.heads, repeated=given.repeated
        )


def next_case_number(now: Any) -> str:
    here = timezone.localtime(now)
    return rules.number(here.year, here.month, next_number(f"case:{here:%y%m}"))


def _keep_reporter(case: Case, given: ReporterGiven | None) -> str:
    """Gives the code; only its digest stays here."""
    if given is None:
        return ""
    code = given.code or "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    Reporter.objects.create(
        case=case,
        name=hidden(given.name.strip()),
        contact=hidden(given.contact.strip()),
        contact_index=index_of(given.contact),
        code_digest=token_digest(code),
    )
    return code


def case_of_code(code: str) -> Case:
    """The case that this code follows. Missing for a code never given."""
    found = Reporter.objects.filter(code_digest=token_digest(tight(code))).select_related("case__unit").first()
    if found is None or found.case.withdrawn_at:
        raise Missing
    return found.case


@transaction.atomic
def open_and_send(
    actor: Viewer,
    opening: Opening,
    *,
    lead: Unit,
    parts: tuple[PartGiven, ...] = (),
    until: Any = None,
    reason: str = "",
) -> Opened:
    """Enter a case, file it and hand it over at once: for who sits at the keeper's desk, as with a task or an order."""
    opened = open_case(actor, opening)
    if opened.case.state != workflow.RECEIVED:
        return opened
    uid = opened.case.uid
    category = opening.category or CaseCategory.objects.filter(pk=WORK).first()
    move(actor, uid=uid, verb="file", given=Given(category=category))
    given = Given(lead=lead, parts=parts, until=until, leader=opening.leader, reason=reason)
    return Opened(move(actor, uid=uid, verb="dispatch", given=given), opened.code)


WORK = "work"
