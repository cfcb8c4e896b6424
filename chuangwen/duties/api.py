"""Activity records over the API: the outcomes that a token's person may see and record."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from chuangwen.core.api import ERRORS
from chuangwen.core.errors import Refused
from chuangwen.core.idempotency import once
from chuangwen.duties import queries, services
from chuangwen.people.access import get_unit
from chuangwen.people.middleware import viewer_of_call
from chuangwen.people.rules import Perm

router = Router(tags=["outcomes"])
PAGE = 200


class OutcomeOut(Schema):
    uid: UUID
    kind: str
    amount: int
    unit: str
    person: str = Field("", description="Code of the pupil or person credited; empty when it is the unit")
    shift: str = ""
    day: date
    handling: str
    note: str = ""
    withdrawn: bool = Field(default=False, description="Taken back: it counts nowhere any more")
    source: str = Field("", description="File, sheet and row of the workbook from which the record came")


class OutcomeIn(Schema):
    uid: UUID | None = Field(None, description="Made by the client; the same uid again returns the row that is there")
    kind: str = Field(max_length=40)
    amount: int = Field(ge=1, le=100_000)
    unit: str = Field(max_length=60, description="Code of the unit credited")
    day: date
    handling: str = Field("handled", pattern="^(seen|handled|self_initiated)$")
    note: str = Field("", max_length=200)


class OutcomePage(Schema):
    items: list[OutcomeOut]
    total: int
    next_offset: int | None


class OutcomeQuery(Schema):
    unit: str = Field("", max_length=60)
    kind: str = Field("", max_length=40)
    start: date | None = None
    end: date | None = None
    offset: int = Field(0, ge=0, le=10_000_000)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "kind": row.kind_id,
        "amount": row.amount,
        "unit": row.unit.code,
        "person": row.person.code if row.person else "",
        "shift": row.shift.number if row.shift else "",
        "day": row.day.isoformat(),
        "handling": row.handling,
        "note": row.note,
        "withdrawn": row.withdrawn_at is not None,
        "source": row.source_label,
    }


@router.get("", response={200: OutcomePage, **ERRORS}, summary="Outcomes that stand, newest first")
def list_outcomes(request: HttpRequest, asked: Query[OutcomeQuery]) -> Status[Any]:
    viewer = viewer_of_call(request)
    unit = get_unit(viewer, Perm.ACTIVITY_VIEW, code=asked.unit) if asked.unit else None
    rows = queries.chosen_outcomes(viewer, unit=unit, kind=asked.kind, start=asked.start, end=asked.end)
    total = rows.count()
    end = asked.offset + PAGE
    items = [_shown(row) for row in rows[asked.offset : end]]
    return Status(200, {"items": items, "total": total, "next_offset": end if end < total else None})


@router.get("/{uid}", response={200: OutcomeOut, **ERRORS}, summary="One outcome")
def get_outcome(request: HttpRequest, uid: UUID) -> Status[Any]:
    return Status(200, _shown(queries.outcome(viewer_of_call(request), uid)))


@router.post("", response={201: OutcomeOut, **ERRORS}, summary="Record an outcome")
@once
def record_outcome(request: HttpRequest, body: OutcomeIn) -> Status[Any]:
    viewer = viewer_of_call(request)
    unit = get_unit(viewer, Perm.ACTIVITY_RECORD, code=body.unit)
    kind = queries.countable_kinds().filter(code=body.kind).first()
    if kind is None:
        codes = ", ".join(queries.countable_kinds().values_list("code", flat=True))
        raise Refused(f"kind: {body.kind}", where="kind", mend=codes)
    row = services.record_outcome(
        viewer,
        unit=unit,
        kind=kind,
        amount=body.amount,
        day=body.day,
        handling=body.handling,
        note=body.note,
        uid=body.uid,
    )
    return Status(201, _shown(row))
