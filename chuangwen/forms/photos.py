"""The one place where forms ask evidence: which photos may stand in an answer, and that a filled copy uses them.

Called by the services of this app, and by the page of a filled copy.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from chuangwen.people.access import Viewer


@dataclass(frozen=True)
class Photo:
    """A photo as a filled copy shows it. `thumbnail` is empty while its copies are being made."""

    uid: UUID
    url: str
    thumbnail: str


def usable(actor: Viewer, uids: Collection[UUID]) -> set[UUID]:
    """Of these, those that the actor handed in and that stand: nobody answers with somebody else's photo."""
    return set()


def declare(actor: Viewer, uids: Iterable[UUID], *, submission: UUID) -> None:
    """Say that the filled copy uses them as its proof, within its transaction."""


def shown(viewer: Viewer, uids: Collection[UUID]) -> dict[UUID, Photo]:
    """Those that the viewer may see."""
    return {}


def upload_address() -> str:
    """Where the page that fills a form sends a photo; empty where none can be taken."""
    return ""
