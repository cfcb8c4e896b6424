"""Who is at a draft now: each open page says so every few seconds, in the cache and not in the database."""

from dataclasses import dataclass

from django.core.cache import cache

from chuangwen.people.access import Viewer
from chuangwen.reports.models import Report

# A page asks every 10 seconds; one that missed three is gone.
HERE_SECONDS = 30
KNOWN_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Other:
    """Somebody else at the draft; `edit` is the anchor of the paragraph that they have open."""

    name: str
    edit: str


def seen(viewer: Viewer, report: Report, edit: str) -> None:
    """This person has the page open, and maybe a paragraph of it."""
    cache.set(_key(report, str(viewer.uid)), (str(viewer.person), edit), HERE_SECONDS)
    known = set(cache.get(_key(report, ""), ()))
    if str(viewer.uid) not in known:
        cache.set(_key(report, ""), sorted({*known, str(viewer.uid)}), KNOWN_SECONDS)


def others(viewer: Viewer, report: Report) -> list[Other]:
    """Everybody else who has it open now."""
    known = [uid for uid in cache.get(_key(report, ""), ()) if uid != str(viewer.uid)]
    here = cache.get_many([_key(report, uid) for uid in known])
    return [Other(name, edit) for name, edit in here.values()]


def _key(report: Report, person: str) -> str:
    return f"desk:{report.uid}:{person}"
