"""The one place where forms ask evidence: which photos may stand in an answer, and that a filled copy uses them.

Called by the services of this app, and by the page of a filled copy.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from chuangwen.evidence import queries as evidence
from chuangwen.evidence import services as evidence_services
from chuangwen.evidence.models import Evidence, Kind, State
from chuangwen.people.access import Viewer


@dataclass(frozen=True)
class Photo:
    """A photo as a filled copy shows it. `thumbnail` is empty while its copies are being made."""

    uid: UUID
    url: str
    thumbnail: str


def usable(actor: Viewer, uids: Collection[UUID]) -> dict[UUID, Evidence]:
    """Of these, those that the actor handed in and that stand: nobody answers with somebody else's photo."""
    return {
        uid: row
        for uid, row in evidence.photos(actor, uids).items()
        if row.made_by_id == actor.person.pk and row.kind == Kind.PHOTO and row.state != State.REFUSED
    }


def declare(actor: Viewer, rows: Iterable[Evidence], *, submission: UUID) -> None:
    """Say that the filled copy uses them as its proof, within its transaction; Refused where one was just withdrawn."""
    for row in rows:
        evidence_services.use(actor, row, noun="submission", uid=submission)


def give_back(actor: Viewer, *, submission: UUID) -> None:
    """The filled copy is withdrawn: it needs its photos no longer, whoever sees them."""
    evidence_services.release(actor, noun="submission", uid=submission)


def shown(viewer: Viewer, uids: Collection[UUID]) -> dict[UUID, Photo]:
    """Those that the viewer may see."""
    return {
        uid: Photo(uid, reverse("evidence-piece", args=[uid]), evidence.thumbnail_url(row))
        for uid, row in evidence.photos(viewer, uids).items()
    }


def upload_address() -> str:
    """Where the page that fills a form sends a photo."""
    return reverse("upload-evidence")
