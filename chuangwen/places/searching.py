"""What is searched of places, the ground among them."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from chuangwen.places.models import Place


def place_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Place.objects.filter(uid__in=uids).select_related("unit", "type").defer("geometry")
    return {
        row.uid: f"{row.name} {row.code}\n"
        f"{row.address} {row.unit.name} {row.unit.short_name} {row.type.name} {row.type.name_en}"
        for row in rows
    }


def every_place() -> Iterable[UUID]:
    return Place.objects.order_by("pk").values_list("uid", flat=True)


def places_of_import(imports: Collection[UUID]) -> Iterable[UUID]:
    return Place.everything.filter(source__uid__in=imports).values_list("uid", flat=True)


def places_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    return Place.objects.filter(unit__uid__in=uids).values_list("uid", flat=True) if noun == "unit" else ()


PLACES = (place_texts, every_place, places_of_import, places_leaning)
