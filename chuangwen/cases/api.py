"""Cases over the API: what a token's person sees, enters and moves on, by the same table as the pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from chuangwen.cases import queries, services, standing
from chuangwen.cases.services import Given, Opening
from chuangwen.core.api import ERRORS
from chuangwen.core.idempotency import once
from chuangwen.people.access import Viewer, get_unit
from chuangwen.people.middleware import viewer_of_call
from chuangwen.people.rules import Perm

router = Router(tags=["cases"])
PAGE = 200


class CaseOut(Schema):
    uid: UUID
    number: str
    external: str = ""
    kind: str
    category: str = ""
    title: str
    state: str
    revision: int = Field(description="Send it back as `seen`, so that a change in between is told")
    unit: str = Field(description="Code of the unit that keeps it")
    lead: str = ""
    place: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    received_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    on_time: bool | None = None
    verbs: list[str] | None = Field(None, description="What you may do with it now; only of a single case")


class CaseIn(Schema):
    uid: UUID | None = Field(None, description="Made by the client; the same uid again returns the case that is there")
    kind: str = Field("finding", max_length=12)
    title: str = Field(max_length=120)
    text: str = Field("", max_length=4000)
    category: str = Field("", max_length=40)
    opened_for: str = Field("", max_length=60, description="Code of the unit that you speak for; yours where empty")
    address: str = Field("", max_length=200)
    lon: float | None = Field(None, ge=-180, le=180, description="WGS-84")
    lat: float | None = Field(None, ge=-90, le=90)
    external: str = Field("", max_length=60)


class MoveIn(Schema):
    """What a verb needs is in the table of docs/cases.md."""

    verb: str = Field(max_length=20)
    seen: int | None = Field(None, description="The revision that you read")
    reason: str = Field("", max_length=2000)
    reply: str = Field("", max_length=2000)
    lead: str = Field("", max_length=60, description="Code of a unit")
    category: str = Field("", max_length=40)
    until: datetime | None = None
    into: str = Field("", max_length=20, description="Number of a case")


class CasePage(Schema):
    items: list[CaseOut]
    next_offset: int | None


class CaseQuery(Schema):
    unit: str = Field("", max_length=60)
    state: str = Field("", max_length=12)
    kind: str = Field("", max_length=12)
    offset: int = Field(0, ge=0, le=100_000)


def _shown(row: Any, verbs: list[str] | None = None) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "number": row.number,
        "external": row.external,
        "kind": row.kind,
        "category": row.category_id or "",
        "title": row.title,
        "state": row.state,
        "revision": row.revision,
        "unit": row.unit.code,
        "lead": row.lead.code if row.lead else "",
        "place": row.place.name if row.place else "",
        "address": row.address,
        "lon": row.lon,
        "lat": row.lat,
        "received_at": row.received_at.isoformat(),
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "on_time": row.on_time,
        "verbs": verbs,
    }


def _whole(viewer: Viewer, uid: UUID) -> dict[str, Any]:
    row = queries.case(viewer, uid)
    offers = standing.offers(standing.of(viewer, row))
    return _shown(row, [offer.row.verb for offer in offers if not offer.why_not])


@router.get("", response={200: CasePage, **ERRORS}, summary="Cases that you see, newest first")
def list_cases(request: HttpRequest, asked: Query[CaseQuery]) -> Status[Any]:
    viewer = viewer_of_call(request)
    unit = get_unit(viewer, Perm.CASE_VIEW, code=asked.unit) if asked.unit else None
    rows = queries.cases(viewer, unit=unit).order_by("-received_at", "-pk")
    for key in ("state", "kind"):
        if value := getattr(asked, key):
            rows = rows.filter(**{key: value})
    found = list(rows[asked.offset : asked.offset + PAGE + 1])
    after = asked.offset + PAGE if len(found) > PAGE else None
    return Status(200, {"items": [_shown(row) for row in found[:PAGE]], "next_offset": after})


@router.get("/{uid}", response={200: CaseOut, **ERRORS}, summary="One case, with what you may do with it now")
def get_case(request: HttpRequest, uid: UUID) -> Status[Any]:
    return Status(200, _whole(viewer_of_call(request), uid))


@router.post("", response={201: CaseOut, **ERRORS}, summary="Enter a case")
@once
def enter_case(request: HttpRequest, body: CaseIn) -> Status[Any]:
    viewer = viewer_of_call(request)
    speaks_for = get_unit(viewer, Perm.CASE_REPORT, code=body.opened_for) if body.opened_for else None
    opening = Opening(
        uid=body.uid,
        kind=body.kind,
        title=body.title,
        text=body.text,
        category=queries.category_written(body.category),
        opened_for=speaks_for or viewer.person.unit,
        address=body.address,
        point=(body.lon, body.lat) if body.lon is not None and body.lat is not None else None,
        external=body.external,
    )
    return Status(201, _whole(viewer, services.open_case(viewer, opening).case.uid))


@router.post("/{uid}/moves", response={200: CaseOut, **ERRORS}, summary="Use a verb on a case")
@once
def move_case(request: HttpRequest, uid: UUID, body: MoveIn) -> Status[Any]:
    viewer = viewer_of_call(request)
    queries.case(viewer, uid)
    given = Given(
        reason=body.reason,
        reply=body.reply,
        lead=queries.unit_written(body.lead),
        category=queries.category_written(body.category),
        until=body.until,
        into=queries.case_written(viewer, body.into),
    )
    services.move(viewer, uid=uid, verb=body.verb, given=given, seen=body.seen)
    return Status(200, _whole(viewer, uid))
