"""The walk: every address of the URL table and of the API, as six persons, against what each may do.

Routes come from Django's own URL table, so that a new one fails here until it has its object in OWN and its line in
EXPECTED. The objects are the first school's; `other_clerk` is the clerk of the second one.
"""

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chuangwen.core import clock
from chuangwen.people import services as people
from chuangwen.people.models import Role, Unit
from chuangwen.people.settings import ROLES as ROLES_SETTING
from chuangwen.people.unit_queries import unit_values
from chuangwen.places.models import Place
from chuangwen.reports import desk
from chuangwen.reports import services as reports
from chuangwen.urls import api
from tests.factories import records
from tests.factories.city import ANONYMOUS, City
from tests.factories.ground import put
from tests.factories.records import LITTER, NOTE, Records
from tests.factories.state import everything

pytestmark = pytest.mark.django_db

ROLES = (ANONYMOUS, "stranger", "other_clerk", "clerk", "head", "office")
WITHOUT_GUARD = {"set_language"}

SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[111, 29], [112, 29], [112, 30], [111, 30], [111, 29]]]})


def on_map(city: City) -> Place:
    """The school's place, as `own` has put it there."""
    return Place.objects.get(unit=city["school"], name="校门")


# Whose object stands in the address. A route with arguments that is not here fails the test.
OWN: dict[str, Callable[[City, Records], dict[str, object]]] = {
    "revoke-token": lambda _city, own: {"uid": own.token.uid},
    **dict.fromkeys(
        (
            "unit",
            "new-group",
            "new-units",
            "persons",
            "new-person",
            "new-grant",
            "edit-unit",
            "move-unit",
            "close-unit",
            "reopen-unit",
        ),
        lambda city, _own: {"code": city["school"].code},
    ),
    **dict.fromkeys(("group-document", "new-member"), lambda city, _own: {"code": city["group"].code}),
    "end-membership": lambda _city, own: {"uid": own.membership.uid},
    "end-grant": lambda _city, own: {"uid": own.grant.uid},
    **dict.fromkeys(("person", "reset-password", "let-go"), lambda _city, own: {"uid": own.teacher.uid}),
    **dict.fromkeys(("outcome", "correct-outcome", "withdraw-outcome"), lambda _city, own: {"uid": own.outcome.uid}),
    "judge-essay": lambda _city, own: {"uid": own.essay.uid},
    "shift": lambda _city, own: {"uid": own.shift.uid},
    "duty": lambda _city, own: {"uid": own.shift.duty.uid},
    **dict.fromkeys(
        ("place", "edit-place", "place-position", "close-place", "reopen-place", "withdraw-place", "new-charge"),
        lambda _city, own: {"uid": own.place.uid},
    ),
    "end-charge": lambda _city, own: {"uid": own.charge.uid},
    "metric": lambda _city, _own: {"urn": "outcome.litter@1"},
    **dict.fromkeys(("form", "fill-form", "submit-form", "retire-form"), lambda _city, own: {"code": own.form.code}),
    **dict.fromkeys(("submission", "withdraw-submission"), lambda _city, own: {"uid": own.copy.uid}),
    **dict.fromkeys(
        (
            "report",
            "check-report",
            "report-document",
            "report-ranking",
            "moved-report",
            "others-at-report",
            "edit-report",
            "comment-report",
            "reissue-report",
            "report-pdf",
            "report-pdf-file",
        ),
        lambda _city, own: {"uid": own.report.uid},
    ),
    "move-report": lambda _city, own: {"uid": own.report.uid, "verb": "submit"},
    "settle-comment": lambda _city, own: {"uid": own.report.uid, "comment": own.comment.uid},
    "arrange-report": lambda _city, own: {"uid": own.report.uid, "subject": own.shift.uid, "act": "keep"},
    "templates": lambda city, _own: {"code": city["school"].code, "form_code": "primary-school"},
    "template-file": lambda city, own: {"code": city["school"].code, "uid": own.template.uid},
    "open-code": lambda _city, own: {"code": own.figure.code},
    **dict.fromkeys(
        (
            "import",
            "import-state",
            "confirm-import",
            "import-file",
            "import-problems",
            "undo-import",
            "dismiss-import",
            "import-columns",
            "import-bad-rows",
            "mend-import",
        ),
        lambda _city, own: {"uid": own.import_row.uid},
    ),
    **dict.fromkeys(
        (
            "evidence-piece",
            "evidence-state",
            "caption-evidence",
            "redact-evidence",
            "withdraw-evidence",
            "download-evidence",
        ),
        lambda _city, own: {"uid": own.photo.uid},
    ),
    "evidence-file": lambda _city, own: {
        "uid": own.photo.uid,
        "role": "public",
        "sha256": own.photo.copies.get(role="public").file.sha256,
    },
    "forget-column": lambda _city, own: {"key": own.column_name.pk},
    "import-template": lambda city, _own: {"code": city["school"].code, "noun": "outcome"},
    "move-on-map": lambda city, _own: {"uid": on_map(city).uid},
    **dict.fromkeys(("setting", "new-setting-row"), lambda _city, _own: {"table": "roles"}),
    "setting-row": lambda _city, _own: {"table": "roles", "code": "reader"},
    "act-on-setting-row": lambda _city, _own: {"table": "roles", "code": "reader", "verb": "retire"},
    "return-holidays": lambda _city, _own: {"year": 2026},
}


def seen_of_unit(unit: Unit) -> str:
    return json.dumps(unit_values(unit))


def seen_of_role(code: str) -> str:
    return json.dumps(ROLES_SETTING.values(Role.objects.get(code=code)))


# What is posted, so that the one who may really does it.
POSTED: dict[str, Callable[[City, Records], dict[str, object]]] = {
    "issue-token": lambda _city, _own: {"name": "程序"},
    "new-group": lambda _city, _own: {
        "name": "专班", "code": "crew", "kind": "working_group", "founded_on": "2026-01-12", "remit": "整治",
        "document": SimpleUploadedFile("a.pdf", b"scan"),
    },
    "new-units": lambda _city, _own: {"kind": "class", "names": "c100 六年级 c100 班"},
    "new-member": lambda city, _own: {"person": city.persons["clerk"].pk, "position": "member"},
    "new-person": lambda _city, _own: {"code": "new", "name": "新人", "login": "new"},
    "new-grant": lambda city, _own: {"person": city.persons["clerk"].pk, "role": "reader"},
    "new-outcome": lambda city, _own: {
        "unit": city["c98"].pk, "kind": "litter_picked", "amount": 1, "day": str(clock.today()), "handling": "handled",
    },
    "correct-outcome": lambda _city, _own: {"correct-amount": 5, "correct-reason": "数错"},
    "withdraw-outcome": lambda _city, _own: {"withdraw-reason": "重复"},
    "judge-essay": lambda _city, _own: {"excellent": "yes"},
    "new-place": lambda city, _own: {
        "name": "新点位", "type": "market", "unit": city["school"].pk, "lon": "111.7", "lat": "29", "system": "wgs84",
    },
    "edit-place": lambda _city, _own: {"name": NOTE, "type": "bank"},
    "place-position": lambda _city, _own: {"lon": "111.7", "lat": "29", "system": "wgs84"},
    "close-place": lambda _city, _own: {"reason": "拆迁"},
    "withdraw-place": lambda _city, _own: {"reason": "记错"},
    "new-charge": lambda city, _own: {"unit": city["school"].pk, "charge": "assist"},
    "comment-report": lambda _city, _own: {"text": NOTE},
    "edit-report": lambda _city, own: {
        "anchor": next(each.block.anchor for each in desk.paragraphs(own.report) if each.wording),
        "text": NOTE,
        "act": "add",
    },
    "new-report": lambda city, _own: {
        "unit": city["school"].pk, "form": "primary-school", "start": "2026-03-01", "end": "2026-03-31",
    },
    "new-evidence": lambda city, _own: {
        "unit": city["school"].code, "sent": SimpleUploadedFile("a.jpg", records.photo()),
    },
    "upload-evidence": lambda city, _own: {
        "unit": city["school"].code, "file": SimpleUploadedFile("a.jpg", records.photo()),
    },
    "redact-evidence": lambda _city, _own: {"rectangles": "10,10,20,20", "reason": "面部"},
    "withdraw-evidence": lambda _city, _own: {"reason": "传错"},
    "mend-import": lambda _city, _own: {"drop": "1"},
    "select-on-map": lambda _city, _own: {"geometry": SQUARE},
    "move-on-map": lambda _city, _own: {"geometry": json.dumps({"type": "Point", "coordinates": [111.7, 29.04]})},
    "add-on-map": lambda city, _own: {
        "uid": str(uuid4()), "unit": city["school"].code, "type": "school", "name": NOTE,
        "geometry": json.dumps({"type": "Point", "coordinates": [111.69, 29.03]}),
    },
    "edit-unit": lambda city, _own: {"name": "新校名", "kind": "school", "seen": seen_of_unit(city["school"])},
    "move-unit": lambda city, _own: {"parent": city["district"].pk},
    "new-setting-row": lambda _city, _own: {"code": "visitor", "name": "来访", "permissions": ["unit.view"]},
    "setting-row": lambda _city, _own: {
        "name": "看的人", "permissions": ["unit.view"], "seen": seen_of_role("reader"),
    },
    "holidays": lambda _city, _own: {"start": "2027-01-01", "kind": "off", "name": "元旦"},
    "enter-holidays": lambda _city, _own: {"text": "2027-01-01 放假 元旦"},
    "withdraw-submission": lambda _city, _own: {"reason": NOTE},
    "retire-form": lambda _city, _own: {"reason": NOTE},
    "imports": lambda city, _own: {"unit": city["school"].pk, "file": SimpleUploadedFile("a.xlsx", b"PK")},
}  # fmt: skip

# route: what GET gives to ANONYMOUS, stranger, other_clerk, clerk, head, office | and POST, where it is not the same.
# "in" is a redirect to the sign-in page.
OPEN, SIGNED, LISTED = "200 200 200 200 200 200", "in 200 200 200 200 200", "in 404 200 200 200 200"
SCHOOL, MANAGED, METHOD = "in 404 404 200 200 200", "in 404 404 404 200 200", "in 405 405 405 405 405"
DONE, DONE_BY_HEAD = "in 404 404 302 302 302", "in 404 404 404 302 302"
CITY, DONE_BY_OFFICE = "in 404 404 404 404 200", "in 404 404 404 404 302"
EXPECTED = {
    "home": "in 302 302 302 302 302",
    "set_language": "302 302 302 302 302 302",
    "workbench": SIGNED,
    "workbench?unit=demo-primary": "in 200 404 200 200 200",
    "events": "in 404 404 404 200 200",
    "about": OPEN,
    "health": OPEN,
    "sign-in": "200 302 302 302 302 302",
    "sign-out": "405 405 405 405 405 405 | in in in in in in",
    "change-password": SIGNED,
    "profile": SIGNED,
    "issue-token": f"{METHOD} | in 302 302 302 302 302",
    "revoke-token": f"{METHOD} | in 404 404 302 404 404",
    "units": LISTED,
    "unit": SCHOOL,
    "new-group": f"{MANAGED} | {DONE_BY_HEAD}",
    "new-units": f"{MANAGED} | {DONE_BY_HEAD}",
    "group-document": SCHOOL,
    "new-member": f"{MANAGED} | {DONE_BY_HEAD}",
    "persons": SCHOOL,
    "persons?export=xlsx": SCHOOL,
    "new-person": f"{SCHOOL} | {DONE}",
    "new-grant": f"{MANAGED} | {DONE_BY_HEAD}",
    "edit-unit": f"{MANAGED} | {DONE_BY_HEAD}",
    # The head manages the school but not what is above it, so there is nowhere to move it: the form comes back.
    "move-unit": f"{MANAGED} | in 404 404 404 200 302",
    "close-unit": f"{MANAGED} | in 404 404 404 422 422",
    "reopen-unit": f"{METHOD} | in 404 404 404 409 409",
    "settings": CITY,
    "holidays": f"{CITY} | {DONE_BY_OFFICE}",
    "enter-holidays": f"{CITY} | {DONE_BY_OFFICE}",
    "return-holidays": f"{METHOD} | in 404 404 404 404 422",
    "setting": CITY,
    "setting?export=xlsx": CITY,
    "new-setting-row": f"{CITY} | {DONE_BY_OFFICE}",
    "setting-row": f"{CITY} | {DONE_BY_OFFICE}",
    "act-on-setting-row": f"{METHOD} | {DONE_BY_OFFICE}",
    "end-membership": f"{METHOD} | {DONE_BY_HEAD}",
    "end-grant": f"{METHOD} | {DONE_BY_HEAD}",
    "person": SCHOOL,
    "reset-password": f"{METHOD} | {DONE}",
    "let-go": f"{METHOD} | {DONE}",
    "outcomes": LISTED,
    "outcomes?export=xlsx": LISTED,
    "new-outcome": f"{LISTED} | in 404 200 302 302 302",
    "outcome": SCHOOL,
    "correct-outcome": f"{SCHOOL} | {DONE}",
    "withdraw-outcome": f"{SCHOOL} | {DONE}",
    "judge-essay": f"{METHOD} | {DONE}",
    "outcomes?unit=demo-primary": SCHOOL,
    "shifts?unit=demo-primary": SCHOOL,
    "attendances?unit=demo-primary": SCHOOL,
    "shifts": LISTED,
    "shifts?export=xlsx": LISTED,
    "shift": SCHOOL,
    "logs": LISTED,
    "logs?export=xlsx": LISTED,
    "logs?unit=demo-primary": SCHOOL,
    "duties?unit=demo-primary": SCHOOL,
    "duties": LISTED,
    "duties?export=xlsx": LISTED,
    "duty": SCHOOL,
    "attendances": LISTED,
    "attendances?export=xlsx": LISTED,
    "places": LISTED,
    "places?export=xlsx": LISTED,
    "places?unit=demo-primary": SCHOOL,
    "alike-places": LISTED,
    "new-place": f"{LISTED} | in 404 200 302 302 302",
    "place": SCHOOL,
    "edit-place": f"{SCHOOL} | {DONE}",
    "place-position": f"{SCHOOL} | {DONE}",
    "close-place": f"{SCHOOL} | {DONE}",
    "reopen-place": f"{METHOD} | {DONE}",
    # Somebody answers for it still, which the page says.
    "withdraw-place": f"{SCHOOL} | in 404 404 200 200 200",
    "new-charge": f"{SCHOOL} | {DONE}",
    "end-charge": f"{METHOD} | {DONE}",
    "evidence": LISTED,
    "evidence?export=xlsx": LISTED,
    "evidence?unit=demo-primary": SCHOOL,
    "new-evidence": f"{LISTED} | in 404 200 302 302 302",
    "upload-evidence": f"{METHOD} | in 404 404 201 201 201",
    "evidence-zip": f"in 404 422 422 422 422 | {METHOD}",
    "evidence-piece": SCHOOL,
    "evidence-state": f"{SCHOOL} | {METHOD}",
    "caption-evidence": f"{METHOD} | {DONE}",
    "redact-evidence": f"{SCHOOL} | {DONE}",
    "withdraw-evidence": f"{SCHOOL} | {DONE}",
    "download-evidence": f"{SCHOOL} | {METHOD}",
    "evidence-file": f"{SCHOOL} | {METHOD}",
    "forms": LISTED,
    "forms?export=xlsx": LISTED,
    "form": SCHOOL,
    "fill-form": SCHOOL,
    "submit-form": f"{METHOD} | in 404 404 422 422 422",
    "retire-form": "in 404 404 404 404 200 | in 404 404 404 404 302",
    "submissions": LISTED,
    "submissions?export=xlsx": LISTED,
    "submissions?unit=demo-primary": SCHOOL,
    "submission": SCHOOL,
    "withdraw-submission": f"{SCHOOL} | {DONE}",
    "metrics": LISTED,
    "metric": LISTED,
    "metric?unit=demo-primary": SCHOOL,
    "reports": LISTED,
    "reports?export=xlsx": LISTED,
    "new-report": f"{LISTED} | in 404 200 302 302 302",
    "report": SCHOOL,
    "check-report": SCHOOL,
    "report-document": SCHOOL,
    "report-ranking": SCHOOL,
    "moved-report": "in 404 404 404 404 404",
    "others-at-report": SCHOOL,
    "edit-report": f"{METHOD} | {DONE}",
    "comment-report": f"{METHOD} | {DONE}",
    "settle-comment": f"{METHOD} | {DONE}",
    "arrange-report": f"{METHOD} | {DONE}",
    "reissue-report": f"{METHOD} | in 404 404 422 422 422",
    "report-pdf": f"{SCHOOL} | {DONE}",
    "report-pdf-file": "in 404 404 404 404 404",
    "move-report": f"{METHOD} | {DONE}",
    "templates": SCHOOL,
    "template-file": SCHOOL,
    "find-document": OPEN,
    "open-code": OPEN,
    "imports": f"{LISTED} | in 404 200 302 302 302",
    "imports?export=xlsx": LISTED,
    "import": SCHOOL,
    "import-state": SCHOOL,
    "confirm-import": f"{METHOD} | {DONE}",
    "dismiss-import": f"{METHOD} | {DONE}",
    "undo-import": SCHOOL,
    "import-columns": SCHOOL,
    "import-bad-rows": SCHOOL,
    "mend-import": f"{METHOD} | {DONE}",
    "forget-column": f"{METHOD} | {DONE}",
    "import-file": SCHOOL,
    "import-problems": SCHOOL,
    "import-template": SCHOOL,
    "events?export=xlsx": "in 404 404 404 200 200",
    "map": LISTED,
    "map?unit=demo-primary": SCHOOL,
    "map-ground": LISTED,
    "map-places?bbox=111,29,112,30": LISTED,
    "map-places?bbox=111,29,112,30&unit=demo-primary": SCHOOL,
    "select-on-map": f"{METHOD} | in 404 200 200 200 200",
    "move-on-map": f"{METHOD} | {SCHOOL}",
    "add-on-map": f"{METHOD} | in 404 404 201 201 201",
}
API = {
    "GET /api/v1/outcomes": "401 200 200 200 200 200",
    "GET /api/v1/outcomes?unit=demo-primary": "401 404 404 200 200 200",
    "GET /api/v1/outcomes/{uid}": "401 404 404 200 200 200",
    "POST /api/v1/outcomes": "401 404 404 201 201 201",
}


# The school's number, note and class, not where a uid or a form's token happens to spell them.
SECRETS = re.compile(rf"(?<![0-9A-Za-z_-])({LITTER}|{LITTER:,}|c98)(?![0-9A-Za-z_])|{NOTE}|demo-primary-c")


def url_table(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product itself; the API's are read from its own description."""
    for each in patterns:
        if isinstance(each, URLResolver):
            if each.namespace != api.urls_namespace:
                yield from url_table(each.url_patterns, prefix + str(each.pattern))
        else:
            yield prefix + str(each.pattern), each


ROUTES = {pattern.name or address: (address, pattern) for address, pattern in url_table(get_resolver().url_patterns)}


def expected(line: str, role: str, method: str) -> str:
    parts = line.split(" | ")
    return parts[-1 if method == "post" else 0].split()[ROLES.index(role)]


def address_of(entry: str, city: City, own: Records, **nowhere: object) -> str:
    route, mark, query = entry.partition("?")
    kwargs = OWN[route](city, own) if route in OWN else {}
    return reverse(route, kwargs={**kwargs, **{key: nowhere[key] for key in kwargs if key in nowhere}}) + mark + query


def status_of(response: HttpResponseBase) -> str:
    location = response.headers.get("Location", "")
    return "in" if location.startswith(reverse("sign-in")) else str(response.status_code)


def body_of(response: Any) -> bytes:
    """The whole answer; a file that is not read to its end stays open."""
    data: bytes = response.getvalue() if response.streaming else response.content
    return data


class Walker:
    """One person of the cast going through the addresses, each request on an unchanged city."""

    def __init__(self, city: City, role: str) -> None:
        self.client = city.client(role)
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def ask(self, method: str, address: str, data: dict[str, object] | None = None, *, keep: bool) -> Any:
        """`keep` leaves what the request changed; a request that may change is taken back, with its cookies."""
        with transaction.atomic():
            response = getattr(self.client, method)(address, data or {})
            transaction.set_rollback(not keep)
        self.client.cookies.load(self.cookies)
        return response


@pytest.fixture
def own(city: City) -> Records:
    records.build_second(city)
    put(city["school"], "school", (111.69, 29.03), name="校门")
    return records.build(city)


def test_every_route_has_a_guard_a_line_and_an_object() -> None:
    unguarded = {
        name
        for name, (_address, pattern) in ROUTES.items()
        if getattr(pattern.callback, "guard", "") not in {"signed_in", "public"}
    }
    assert unguarded == WITHOUT_GUARD
    assert {entry.partition("?")[0] for entry in EXPECTED} == set(ROUTES)
    assert {name for name, (address, _pattern) in ROUTES.items() if "<" in address} == set(OWN)


def test_every_list_of_the_product_is_walked_as_an_export_too(city: City, own: Records) -> None:
    """An address that answers `export=xlsx` with a workbook has its own line above."""
    walker = Walker(city, "office")
    exporting = set()
    for entry in EXPECTED:
        if "?" not in entry:
            response = walker.ask("get", address_of(entry, city, own) + "?export=xlsx", keep=False)
            if "spreadsheetml" in response.headers.get("Content-Type", "") and entry not in {
                "import-template", "import-problems", "import-file", "import-bad-rows",
            }:  # fmt: skip
                exporting.add(f"{entry}?export=xlsx")
            body_of(response)
    assert exporting == {entry for entry in EXPECTED if entry.endswith("?export=xlsx")}


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_this_person_as_the_table_says(role: str, city: City, own: Records) -> None:
    walker, wrong, before = Walker(city, role), [], everything()
    for entry, line in EXPECTED.items():
        for method in ("get", "post"):
            said = expected(line, role, method)
            data = POSTED[entry](city, own) if method == "post" and entry in POSTED else {}
            if method == "get" and "?" in entry:
                data = {}
            # What somebody may do is done and taken back; what they may not must leave everything as it is.
            done = said == "302" or (method == "post" and entry in POSTED and said.startswith("2"))
            response = walker.ask(method, address_of(entry, city, own), data, keep=not done and entry != "sign-out")
            if status_of(response) != said:
                wrong.append(f"{method.upper()} {entry}: {status_of(response)}, not {said}")
            body_of(response)
    assert wrong == []
    assert everything() == before


@pytest.mark.parametrize("role", ["stranger", "other_clerk"])
def test_not_yours_is_the_same_page_as_not_there(role: str, city: City, own: Records) -> None:
    walker, compared, different = Walker(city, role), 0, []
    nowhere: dict[str, object] = {"uid": uuid4(), "code": "no-such-unit"}
    for entry, line in EXPECTED.items():
        for method in ("get", "post"):
            theirs = address_of(entry, city, own)
            absent = address_of(entry, city, own, **nowhere).replace("unit=demo-primary", "unit=no-such-unit")
            if expected(line, role, method) != "404" or theirs == absent:
                continue
            data = [POSTED[entry](city, own) if method == "post" and entry in POSTED else {} for _each in range(2)]
            pages = [
                page_of(walker.ask(method, where, sent, keep=True), where)
                for where, sent in zip((theirs, absent), data, strict=True)
            ]
            compared += 1
            if pages[0] != pages[1]:
                different.append(f"{method.upper()} {entry}")
    assert different == []
    assert compared >= 40


def page_of(response: Any, where: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers without what each request has of its own: the form's token and its own address."""
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]*', rb"\1", response.content)
    headers = sorted((name, value) for name, value in response.headers.items() if name != "Content-Length")
    return response.status_code, body.replace(where.encode(), b"here"), headers


@pytest.mark.parametrize("role", [ANONYMOUS, "stranger", "other_clerk"])
def test_nobody_reads_a_number_or_a_word_of_another_unit(role: str, city: City, own: Records) -> None:
    """The school's litter and its note stand in every record it has; here they stand nowhere."""
    walker = Walker(city, role)
    shown = []
    for entry in EXPECTED:
        body = body_of(walker.ask("get", address_of(entry, city, own), keep=True))
        if SECRETS.search(text_of_workbook(body) if body.startswith(b"PK") else body.decode()):
            shown.append(entry)
    assert shown == []


def test_the_same_words_are_found_where_they_belong(city: City, own: Records) -> None:
    """Else the test above could not fail."""
    client = city.client("clerk")
    for route in (
        "outcomes",
        "shifts",
        "attendances",
        "outcome",
        "shift",
        "duty",
        "import",
        "open-code",
        "profile",
        "submission",
    ):
        text = client.get(address_of(route, city, own)).content.decode()
        assert SECRETS.search(text), route


def text_of_workbook(data: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(data))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


@pytest.mark.parametrize("route", ["outcomes", "shifts", "attendances"])
def test_an_export_has_the_rows_of_ones_own_scope_and_no_other(route: str, city: City, own: Records) -> None:
    counted = {}
    for role in ("other_clerk", "clerk", "office"):
        response = city.client(role).get(reverse(route), {"export": "xlsx"})
        sheet = openpyxl.load_workbook(BytesIO(body_of(response))).worksheets[0]
        counted[role] = sheet.max_row - 1
    essays = int(route == "outcomes")
    assert counted == {"other_clerk": 1, "clerk": 1 + essays, "office": 2 + essays}


def test_the_page_behind_a_code_says_what_anybody_may_know_and_no_figure(city: City, own: Records) -> None:
    reports.carry_through(city.viewer("head"), uid=own.report.uid)
    for role in (ANONYMOUS, "stranger", "other_clerk"):
        for code in (own.figure.code, own.report.code):
            text = city.client(role).get(reverse("open-code", args=[code])).content.decode()
            assert "这份文书是真的" in text
            assert own.report.title in text
            assert city["school"].name in text
            assert f"{clock.today():%Y-%m-%d}" in text
            assert str(LITTER) not in text.replace(",", "")
    for role in ("clerk", "reader", "recorder"):
        response = city.client(role).get(reverse("open-code", args=[own.figure.code]))
        seen = str(LITTER) in response.content.decode().replace(",", "")
        # The recorder's grant is over a class: the school's figure is not theirs.
        assert seen == (role != "recorder")


def test_static_files_need_nobody(client: Client) -> None:
    response = client.get("/static/core/tokens.css")
    assert response.status_code == 200
    assert body_of(response).startswith(b"/*")


def test_the_api_is_walked_whole() -> None:
    described = {
        f"{method.upper()} {path}" for path, verbs in api.get_openapi_schema()["paths"].items() for method in verbs
    }
    assert {line.partition("?")[0] for line in API} == described


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_of_the_api_answers_this_person_as_the_table_says(role: str, city: City, own: Records) -> None:
    token = "cw_none" if role == ANONYMOUS else people.issue_token(city.viewer(role), name="程序")
    headers = {"Authorization": f"Bearer {token}"}
    body = {"kind": "litter_picked", "amount": 1, "unit": city["c98"].code, "day": str(clock.today())}
    answered = {}
    for entry in API:
        method, address = entry.split()
        with transaction.atomic():
            response = Client().generic(
                method,
                address.format(uid=own.outcome.uid),
                json.dumps(body) if method == "POST" else "",
                content_type="application/json",
                headers=headers,
            )
            transaction.set_rollback(response.status_code == 201)
        answered[entry] = str(response.status_code)
        if role in {ANONYMOUS, "stranger", "other_clerk"}:
            assert str(LITTER) not in response.content.decode()
    assert answered == {entry: expected(line, role, "get") for entry, line in API.items()}


def test_the_api_takes_no_session(city: City) -> None:
    assert city.client("office").get("/api/v1/outcomes").status_code == 401
