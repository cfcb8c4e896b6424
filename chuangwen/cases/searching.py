"""What is searched of cases: number, title and where it is. Who brought it is never searched."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from chuangwen.cases.models import Case


def case_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Case.objects.filter(uid__in=uids).select_related("place", "lead", "category")
    return {row.uid: _text(row) for row in rows}


def _text(row: Case) -> str:
    around = [row.where, row.lead.label if row.lead else "", str(row.category or ""), row.text[:400]]
    return f"{row.number} {row.external} {row.title}\n{' '.join(around)}"


def every_case() -> Iterable[UUID]:
    return Case.objects.order_by("pk").values_list("uid", flat=True)


def cases_of_import(imports: Collection[UUID]) -> Iterable[UUID]:
    return Case.everything.filter(source__uid__in=imports).values_list("uid", flat=True)


def cases_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    return Case.objects.filter(place__uid__in=uids).values_list("uid", flat=True) if noun == "place" else ()


CASES = (case_texts, every_case, cases_of_import, cases_leaning)
