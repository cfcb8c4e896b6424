"""The event log: services record, one sealer links, `verify` checks.

Called by every service inside its transaction. Handlers are connected by `wiring`, the only way upward.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from django.db import transaction

from chuangwen.core import clock
from chuangwen.core.digests import digest
from chuangwen.core.models import ChainHead, Event, EventDetail

Handler = Callable[[Event], None]
SEAL_BATCH = 2000

_handlers: dict[str, list[Handler]] = defaultdict(list)


def on(verb: str, handler: Handler) -> None:
    """Connect a handler to a verb; connecting twice counts once.

    Handlers run in the service's own transaction. What should happen later is a job: enqueueing commits with the
    data, so that neither is there without the other.
    """
    if handler not in _handlers[verb]:
        _handlers[verb].append(handler)


def record(
    verb: str,
    *,
    actor_uid: UUID | None,
    noun: str,
    subject_uid: UUID | None,
    unit_uid: UUID | None = None,
    data: Mapping[str, object] | None = None,
    detail: str = "",
) -> Event:
    """Write the event of a service, within the service's transaction.

    `data` takes ids, codes and amounts; a personal old value goes into `detail`.
    """
    event = Event(
        at=clock.now(),
        actor_uid=actor_uid,
        unit_uid=unit_uid,
        verb=verb,
        noun=noun,
        subject_uid=subject_uid,
        data=dict(data or {}),
    )
    salt = secrets.token_hex(16)
    if detail:
        event.detail_digest = salted(salt, detail)
    event.digest = digest_of(event)
    event.save(force_insert=True)
    if detail:
        EventDetail.objects.create(event=event, salt=salt, text=detail)
    for handler in _handlers[verb]:
        handler(event)
    return event


def salted(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def digest_of(event: Event) -> str:
    """The event's own digest: everything it says, and nothing of its place in the chain."""
    return digest(
        {
            "uid": event.uid,
            "at": event.at.astimezone(UTC).isoformat(),
            "actor": event.actor_uid,
            "unit": event.unit_uid,
            "verb": event.verb,
            "noun": event.noun,
            "subject": event.subject_uid,
            "data": event.data,
            "detail": event.detail_digest,
        }
    )


def link_hash(sequence: int, previous: str, event_digest: str) -> str:
    return hashlib.sha256(f"{sequence}:{previous}:{event_digest}".encode()).hexdigest()


@transaction.atomic
def seal() -> int:
    """Link the events committed since last time into the chain; returns how many. Safe to call from anywhere."""
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    events = list(Event.objects.filter(sequence__isnull=True).order_by("id")[:SEAL_BATCH])
    for event in events:
        head.sequence += 1
        event.sequence = head.sequence
        event.previous_hash = head.hash
        event.hash = head.hash = link_hash(event.sequence, event.previous_hash, event.digest)
    Event.objects.bulk_update(events, ["sequence", "previous_hash", "hash"], batch_size=200)
    head.save()
    return len(events)


@dataclass(frozen=True)
class Fault:
    """Something that `verify` found wrong; `subject` says where, `what` says what."""

    subject: str
    what: str


def verify_chain() -> Iterator[Fault]:
    """Every event whose digest, detail or place in the chain does not hold.

    The head is read first and the walk ends at it, so that a sealer at work meanwhile is no fault.
    """
    head = ChainHead.objects.filter(pk=1).first()
    sealed = Event.objects.filter(sequence__isnull=False).select_related("detail").order_by("sequence")
    if head is None and sealed.exists():
        yield Fault("chain", "its head is gone, so nobody can say how long it was")
    previous, sequence = "", 0
    up_to = head.sequence if head else sealed.count()
    for event in sealed.filter(sequence__lte=up_to).iterator(chunk_size=SEAL_BATCH):
        sequence += 1
        name = f"event {event.uid} ({event.verb}, {event.at:%Y-%m-%d %H:%M:%S})"
        if event.sequence != sequence:
            yield Fault(name, f"events {sequence} to {(event.sequence or 0) - 1} are gone from the chain")
            sequence = event.sequence or sequence
        if event.previous_hash != previous or event.hash != link_hash(sequence, previous, event.digest):
            yield Fault(name, "its link in the chain does not hold")
        yield from _verify_content(event, name)
        previous = event.hash
    if head and (head.sequence, head.hash) != (sequence, previous):
        yield Fault("chain", f"the head says {head.sequence} events, the log ends at {sequence}")
    for event in Event.objects.filter(sequence__isnull=True).select_related("detail").iterator():
        yield from _verify_content(event, f"event {event.uid} ({event.verb}, not yet sealed)")


def _verify_content(event: Event, name: str) -> Iterator[Fault]:
    if event.digest != digest_of(event):
        yield Fault(name, "its content was altered after it was written")
    detail = getattr(event, "detail", None)
    if detail and salted(detail.salt, detail.text) != event.detail_digest:
        yield Fault(name, "its detail was altered after it was written")


def unsealed() -> int:
    return Event.objects.filter(sequence__isnull=True).count()
