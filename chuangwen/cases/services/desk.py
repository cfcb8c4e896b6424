"""The one act of the dispatch desk: a matter is filed and handed over at once, or not at all."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chuangwen.cases.models import Case, CaseCategory
from chuangwen.cases.services.given import Given, PartGiven
from chuangwen.cases.services.moving import move
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit


@transaction.atomic
def file_and_dispatch(
    actor: Viewer,
    *,
    uid: UUID,
    category: CaseCategory | None,
    lead: Unit | None,
    parts: Sequence[PartGiven] = (),
    until: datetime | None = None,
    leader: Person | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Case:
    """File a case and hand it over: two verbs, two steps, one transaction. If the second will not do, neither was done.

    `until` is the end of the fix where the category's own is not meant. Raises what `move` raises.
    """
    move(actor, uid=uid, verb="file", given=Given(category=category), seen=seen)
    given = Given(lead=lead, parts=parts, until=until, leader=leader, reason=reason)
    return move(actor, uid=uid, verb="dispatch", given=given)
