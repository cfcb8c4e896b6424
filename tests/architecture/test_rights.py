"""The walk: every address of the URL table and of the API, as six persons, against what each may do.

Routes come from Django's own URL table, so that a new one fails here until it has its object in OWN and its line in
EXPECTED. The objects are the first school's; `other_clerk` is the clerk of the second one.
"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chuangwen.core import clock
from chuangwen.people import services as people
from chuangwen.reports import services as reports
from chuangwen.urls import api
from tests.architecture.rights import API, EXPECTED, OWN, POSTED, ROLES, WITHOUT_GUARD
from tests.factories import records
from tests.factories.city import ANONYMOUS, City
from tests.factories.ground import put
from tests.factories.records import LITTER, NOTE, Records
from tests.factories.stage import Stage
from tests.factories.state import everything

pytestmark = pytest.mark.django_db

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


def everything_of_the_school(city: City) -> Records:
    records.build_second(city)
    put(city["school"], "school", (111.69, 29.03), name="校门")
    return records.build(city)


@pytest.fixture(scope="module")
def the_own(stage: Stage) -> Records:
    return stage(everything_of_the_school)


@pytest.fixture
def city(stage: Stage, the_own: Records, db: None) -> City:
    return deepcopy(stage.city)


@pytest.fixture
def own(the_own: Records, db: None) -> Records:
    return deepcopy(the_own)


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
    bodies: dict[str, dict[str, object]] = {
        "outcomes": {"kind": "litter_picked", "amount": 1, "unit": city["c98"].code, "day": str(clock.today())},
        "cases": {"title": "路灯不亮", "opened_for": city["school"].code},
        "moves": {"verb": "file", "category": "manhole"},
    }
    answered = {}
    for entry in API:
        method, address = entry.split()
        with transaction.atomic():
            response = Client().generic(
                method,
                address.format(uid=own.case.uid if "/cases" in address else own.outcome.uid),
                json.dumps(bodies[address.rpartition("/")[2]]) if method == "POST" else "",
                content_type="application/json",
                headers=headers,
            )
            transaction.set_rollback(method == "POST")
        answered[entry] = str(response.status_code)
        if role in {ANONYMOUS, "stranger", "other_clerk"}:
            assert str(LITTER) not in response.content.decode()
    assert answered == {entry: expected(line, role, "get") for entry, line in API.items()}


def test_the_api_takes_no_session(city: City) -> None:
    assert city.client("office").get("/api/v1/outcomes").status_code == 401
