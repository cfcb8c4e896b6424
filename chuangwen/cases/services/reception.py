"""A leader's reception day, and the hotline: matters that somebody brings and another one writes down."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from chuangwen.cases import queries
from chuangwen.cases.models import Case, CaseCategory, Channel
from chuangwen.cases.services.opening import Opened, Opening, PetitionGiven, ReporterGiven, open_and_send, open_case
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

MOST_HEADS = 10_000


@dataclass(frozen=True)
class Matter:
    """What was brought to a leader's reception. `leader` answers for it (包案), `lead` handles it: without one it waits
    at the keeper's desk. `until` is a moment.
    """

    uid: UUID
    unit: Unit
    received_by: Person
    day: date
    title: str
    text: str = ""
    heads: int = 1
    repeated: bool = False
    reporter: ReporterGiven | None = None
    category: CaseCategory | None = None
    leader: Person | None = None
    lead: Unit | None = None
    until: datetime | None = None


def receive(actor: Viewer, matter: Matter) -> Opened:
    """Write down one matter of a reception day; the same uid is the same matter. It is confidential from the first
    moment. Raises Missing without the right to confidential cases over the keeper, and, to hand it over, its desk.
    """
    require(actor, Perm.CASE_CONFIDENTIAL, matter.unit)
    if matter.day > clock.today():
        raise Refused(_("接访日还没有到"), where="day", mend=_("写今天或以前的日子"))
    if not 1 <= matter.heads <= MOST_HEADS:
        raise Refused(_("人数不对"), where="heads", mend=_("写来了几个人，至少 1"))
    opening = Opening(
        kind="petition", uid=matter.uid, title=matter.title, text=matter.text, category=matter.category,
        unit=matter.unit, opened_for=matter.unit, channel=Channel.RECEPTION, leader=matter.leader,
        reporter=matter.reporter,
        petition=PetitionGiven(matter.received_by, matter.day, matter.heads, repeated=matter.repeated),
    )  # fmt: skip
    return _opened(actor, opening, matter.lead, matter.until)


@dataclass(frozen=True)
class Ticket:
    """A ticket of the hotline, as it came. `number` is the hotline's own; `until` the end that it set."""

    number: str
    unit: Unit
    title: str
    text: str = ""
    caller: ReporterGiven | None = None
    category: CaseCategory | None = None
    address: str = ""
    lead: Unit | None = None
    until: datetime | None = None


def take_ticket(actor: Viewer, ticket: Ticket) -> tuple[Opened, bool]:
    """Enter a ticket of the hotline; says whether it is new. One that is open under this number is given back as it
    is; one that was closed and comes again is a new case. Raises Missing without the keeper's desk.
    """
    require(actor, Perm.CASE_DISPATCH, ticket.unit)
    if not ticket.number.strip():
        raise Refused(_("没有写工单号"), where="number", mend=_("抄 12345 平台上的编号"))
    there = queries.open_ticket(ticket.number)
    if there:
        return Opened(there), False
    # The number and how often it came before: two who enter it at the same moment make one case.
    before = Case.everything.filter(external=ticket.number.strip(), channel=Channel.HOTLINE).count()
    opening = Opening(
        kind="hotline", uid=uuid5(NAMESPACE_URL, f"hotline:{ticket.number.strip()}:{before}"), title=ticket.title,
        text=ticket.text, category=ticket.category, unit=ticket.unit, opened_for=ticket.unit, address=ticket.address,
        channel=Channel.HOTLINE, external=ticket.number, reporter=ticket.caller,
    )  # fmt: skip
    return _opened(actor, opening, ticket.lead, ticket.until), True


def _opened(actor: Viewer, opening: Opening, lead: Unit | None, until: datetime | None) -> Opened:
    if lead is None:
        return open_case(actor, opening)
    if until and until <= clock.now():
        raise Refused(_("写的日子已经过了"), where="until", mend=_("写一个今天以后的日子"))
    return open_and_send(actor, opening, lead=lead, until=until)
