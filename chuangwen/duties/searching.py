"""What is searched of duties: the standing arrangements, not each of their shifts."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from chuangwen.duties.models import Duty


def duty_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Duty.objects.filter(uid__in=uids).select_related("unit")
    return {
        row.uid: f"{row.name}\n{row.place} {row.unit.name} {row.unit.short_name} {row.get_kind_display()}"
        for row in rows
    }


def every_duty() -> Iterable[UUID]:
    return Duty.objects.order_by("pk").values_list("uid", flat=True)


def duties_of_import(imports: Collection[UUID]) -> Iterable[UUID]:
    return Duty.everything.filter(source__uid__in=imports).values_list("uid", flat=True)


def duties_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    return Duty.objects.filter(unit__uid__in=uids).values_list("uid", flat=True) if noun == "unit" else ()


DUTIES = (duty_texts, every_duty, duties_of_import, duties_leaning)
