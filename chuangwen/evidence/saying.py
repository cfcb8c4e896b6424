"""Sentences about evidence: how a time is known, what is alike and how far apart, what a receipt tells a program.

Called by views. Gets rows that queries gave, and asks nothing more.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.evidence import messages, queries
from chuangwen.evidence.models import Evidence, State
from chuangwen.evidence.queries import Alike, Twin

MOST_TWINS = 12


def apart(metres: int | None) -> str:
    """350 → 350 米, 1234 → 1.2 公里; empty where one of the two points is not known."""
    if metres is None:
        return ""
    if metres < 1000:
        return _("%(count)s 米") % {"count": metres}
    return _("%(count)s 公里") % {"count": f"{metres / 1000:.1f}"}


def where(row: Evidence) -> str:
    """The place, else what the caption says of it, else nothing."""
    return row.place.name if row.place else row.said_where


def moment(row: Evidence) -> str:
    return f"{timezone.localtime(row.taken_at):%Y-%m-%d %H:%M}"


def twin_sentence(row: Evidence, twin: Twin) -> str:
    """Names both places and how far they are from each other."""
    said = {
        "unit": twin.evidence.unit.label,
        "when": moment(twin.evidence),
        "there": where(twin.evidence) or _("没有写点位"),
        "here": where(row),
        "apart": apart(twin.metres),
    }
    same = (
        _("和%(unit)s的一张相同（%(when)s，%(there)s）")
        if twin.same_bytes
        else _("和%(unit)s的一张几乎一样（%(when)s，%(there)s）")
    )
    here = _("；这一张在%(here)s") if where(row) else _("；这一张没有写点位")
    return (same + here) % said + (_("，两处相距 %(apart)s") % said if twin.metres is not None else "")


def elsewhere_sentence(count: int) -> str:
    """That there is one, and nothing of what it is."""
    return ngettext(
        "别的单位有 %(count)s 张和它相同或几乎一样，您看不到内容",
        "别的单位有 %(count)s 张和它相同或几乎一样，您看不到内容",
        count,
    ) % {"count": count}


def doubts(row: Evidence) -> list[dict[str, str]]:
    said = [(code, *messages.DOUBTS[code]) for code in row.doubts]
    return [{"code": code, "message": str(what), "mend": str(mend)} for code, what, mend in said]


def problem(row: Evidence) -> dict[str, str] | None:
    """Why a photo whose receipt was given cannot be shown."""
    if row.state != State.REFUSED:
        return None
    what, mend = messages.REFUSED[row.refusal]
    return {"code": row.refusal, "message": str(what), "mend": str(mend)}


def receipt(row: Evidence, alike: Alike) -> dict[str, Any]:
    """What an upload is answered with, and what its state says later; docs/evidence.md has the fields."""
    warnings = doubts(row)
    for twin in alike.twins[:MOST_TWINS]:
        warnings.append({"code": "alike", "message": twin_sentence(row, twin), "mend": _("确是另一次，就不必改")})
    if alike.elsewhere:
        warnings.append({"code": "alike", "message": elsewhere_sentence(alike.elsewhere), "mend": ""})
    return {
        "uid": str(row.uid),
        "name": row.file.name,
        "kind": row.kind,
        "state": row.state,
        "url": reverse("evidence-piece", args=[row.uid]),
        "state_url": reverse("evidence-state", args=[row.uid]),
        "thumbnail": queries.thumbnail_url(row),
        "public": queries.public_url(row),
        "taken_at": row.taken_at.isoformat(),
        "taken_known": row.taken_known,
        "place": {"uid": str(row.place.uid), "name": row.place.name} if row.place else None,
        "problem": problem(row),
        "warnings": warnings,
        "alike": [_twin(twin) for twin in alike.twins[:MOST_TWINS]],
        "alike_elsewhere": alike.elsewhere,
    }


def _twin(twin: Twin) -> dict[str, Any]:
    return {
        "uid": str(twin.evidence.uid),
        "url": reverse("evidence-piece", args=[twin.evidence.uid]),
        "thumbnail": queries.thumbnail_url(twin.evidence),
        "same": twin.same_bytes,
        "bits": twin.bits,
        "place": where(twin.evidence),
        "unit": twin.evidence.unit.label,
        "taken_at": twin.evidence.taken_at.isoformat(),
        "metres": twin.metres,
    }
