"""What hangs on a person goes to another in one act, so that nothing is orphaned."""

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import events, work
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Person
from chuangwen.people.rules import Perm
from chuangwen.people.services.notices import tell


@transaction.atomic
def hand_over(actor: Viewer, *, person: Person, to: Person, reason: str) -> dict[str, int]:
    """Everything that hangs on the person and can be moved comes to hang on the successor; returns the counts by kind.

    The right is `person.manage` over both; each kind of work refuses a successor who cannot take it, and then nothing
    is moved.
    """
    require(actor, Perm.PERSON_MANAGE, person.unit)
    held = Person.objects.select_for_update(of=("self",)).select_related("unit").order_by("pk")
    rows = {row.pk: row for row in held.filter(pk__in=[person.pk, to.pk])}
    if len(rows) < 2:
        raise Refused(_("不能交给本人"), where="to", mend=_("选另一个人")) if person.pk == to.pk else Missing()
    person, to = rows[person.pk], rows[to.pk]
    if not actor.can(Perm.PERSON_MANAGE, to.unit):
        raise Missing
    if to.left_on or to.is_pupil:
        raise Refused(_("%(person)s已不在岗") % {"person": to}, where="to", mend=_("选在岗的人"))
    counts = {each.key: each.hand_over(actor, person, to) for each in work.works() if each.hand_over}
    counts = {key: count for key, count in counts.items() if count}
    if not counts:
        raise Refused(_("%(person)s手上没有要交接的") % {"person": person})
    event = events.record(
        "person.handed_over",
        actor_uid=actor.uid,
        noun="person",
        subject_uid=person.uid,
        unit_uid=person.unit.uid,
        data={"to": str(to.uid), "counts": counts},
        detail=reason.strip(),
    )
    tell(
        to, "handed_over", noun="person", subject_uid=person.uid, data={"count": sum(counts.values())},
        once=f"handed_over:{event.uid}",
    )  # fmt: skip
    return counts
