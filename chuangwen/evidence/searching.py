"""What is searched of evidence: what its caption says, save who is in the picture."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from chuangwen.evidence.models import Evidence

LEANS_ON = {"unit": "unit__uid__in", "place": "place__uid__in"}


def evidence_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Evidence.objects.filter(uid__in=uids).select_related("file", "unit", "place")
    return {
        row.uid: f"{row}\n{row.place.name if row.place else ''} {row.said_where} {row.background} {row.cause}"
        f" {row.unit.name} {row.unit.short_name}"
        for row in rows
    }


def every_piece() -> Iterable[UUID]:
    return Evidence.objects.order_by("pk").values_list("uid", flat=True)


def evidence_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    lookup = LEANS_ON.get(noun)
    return Evidence.objects.filter(**{lookup: uids}).values_list("uid", flat=True) if lookup else ()


# Photos do not come with workbooks.
EVIDENCE = (evidence_texts, every_piece, None, evidence_leaning)
