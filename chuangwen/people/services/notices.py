"""Telling persons something. Not a verb of its own: the service that does a thing tells of it, in its transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.people.access import Viewer, deputies_on
from chuangwen.people.models import Deputy, Notice, Person

AT_ONCE = 500


@transaction.atomic
def tell(
    persons: Person | Iterable[Person],
    kind: str,
    *,
    noun: str,
    subject_uid: UUID | None,
    data: Mapping[str, object] | None = None,
    urgent: bool = False,
    once: str = "",
    deputies: bool = True,
    without: Person | None = None,
) -> int:
    """Tell each of the persons, and today's deputy of each, unless `deputies` is off; returns how many were told.

    `kind` is one that `core.notices` knows; `data` holds ids, codes and counts, no words. With `once`, a person who
    was told of that occasion is not told again, even by two at the same time. Pupils and those who left are not told,
    nor is `without`: nobody is told of what they did themself.
    """
    wanted = [persons] if isinstance(persons, Person) else list(persons)
    to = {person.pk for person in wanted if not person.is_pupil and person.left_on is None}
    if deputies and to:
        standing = Deputy.objects.filter(deputies_on(clock.today()), person__in=to, deputy__left_on__isnull=True)
        to |= set(standing.values_list("deputy", flat=True))
    if without:
        to.discard(without.pk)
    if once and to:
        to -= set(Notice.objects.filter(person__in=to, once=once).values_list("person", flat=True))
    now = clock.now()
    rows = [
        Notice(
            person_id=key, at=now, kind=kind, noun=noun, subject_uid=subject_uid, data=dict(data or {}), urgent=urgent,
            once=once,
        )
        for key in sorted(to)
    ]  # fmt: skip
    # Of two at once, the constraint lets one through.
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(rows)


def mark_read(actor: Viewer, *, uid: UUID) -> Notice:
    """The person's own notice; again changes nothing. Raises Missing for somebody else's."""
    notice = Notice.objects.filter(person=actor.person, uid=uid).first()
    if notice is None:
        raise Missing
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return notice


def mark_all_read(actor: Viewer, *, until: datetime | None = None) -> int:
    """The person's own, all of them or those that are not younger than a moment."""
    rows = Notice.objects.filter(person=actor.person, read_at__isnull=True)
    return (rows.filter(at__lte=until) if until else rows).update(read_at=clock.now())
