"""What is searched of units and persons. Pupils are not."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from chuangwen.people.models import Person, Unit


def unit_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Unit.objects.filter(uid__in=uids).select_related("kind")
    return {
        row.uid: f"{row.name} {row.short_name} {row.name_en} {row.code} {row.division_code} {row.credit_code}\n"
        f"{row.kind.name} {row.kind.name_en}"
        for row in rows
    }


def every_unit() -> Iterable[UUID]:
    return Unit.objects.order_by("pk").values_list("uid", flat=True)


def units_of_import(imports: Collection[UUID]) -> Iterable[UUID]:
    return Unit.everything.filter(source__uid__in=imports).values_list("uid", flat=True)


def units_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    """Several units founded at once have one event, which names the unit above them."""
    return Unit.objects.filter(parent__uid__in=uids).values_list("uid", flat=True) if noun == "unit" else ()


def person_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Person.objects.filter(uid__in=uids, is_pupil=False, left_on__isnull=True).select_related("unit")
    return {
        row.uid: f"{row.name} {row.code}\n{row.title} {row.unit.name} {row.unit.short_name} {row.unit.name_en}"
        for row in rows
    }


def every_person() -> Iterable[UUID]:
    return Person.objects.filter(is_pupil=False).order_by("pk").values_list("uid", flat=True)


def persons_of_import(imports: Collection[UUID]) -> Iterable[UUID]:
    return Person.everything.filter(source__uid__in=imports, is_pupil=False).values_list("uid", flat=True)


def persons_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    if noun != "unit":
        return ()
    return Person.objects.filter(unit__uid__in=uids, is_pupil=False).values_list("uid", flat=True)


UNITS = (unit_texts, every_unit, units_of_import, units_leaning)
PERSONS = (person_texts, every_person, persons_of_import, persons_leaning)
