"""Persons of the demo city at their browsers, and what a document says."""

import html
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import Client

from chuangwen.people.access import Viewer
from chuangwen.people.models import Account, Person, Unit
from chuangwen.reports import docx, queries, services
from chuangwen.reports.models import Report
from tests.factories.city import BACKEND

START, END = date(2026, 3, 1), date(2026, 6, 30)


def client(login: str) -> Client:
    browser = Client()
    browser.force_login(Account.objects.get(login=login), backend=BACKEND)
    return browser


def viewer(login: str) -> Viewer:
    return Viewer(Person.objects.select_related("unit").get(account__login=login))


def write(actor: Viewer, unit: Unit, start: date = START, end: date = END) -> Report:
    return services.write_report(actor, form=queries.form("primary-school"), unit=unit, start=start, end=end)


def carry(actor: Viewer, report: Report) -> Report:
    """From draft to issued, in the name of one person who may do all of it."""
    return services.carry_through(actor, uid=report.uid)


def page(browser: Client, address: str, **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def paragraphs(document: bytes) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in docx.blocks(document)]


def command(name: str, *arguments: str) -> tuple[int, str]:
    """(exit code, what it printed)."""
    out, code = StringIO(), 0
    try:
        call_command(name, *arguments, stdout=out, stderr=StringIO())
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, out.getvalue()
