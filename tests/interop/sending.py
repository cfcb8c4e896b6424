"""Sends a workbook as a clerk does on the page, or as an operator does with the command."""

import html
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from chuangwen.core.models import Import
from chuangwen.people.models import Unit
from chuangwen.people.services import found_city
from tests.interop.workbooks import upload


def send(client: Client, unit: Unit, data: bytes, name: str = "登记表.xlsx") -> Import:
    """Upload on the page; the test run checks it at once."""
    answer = client.post(reverse("imports"), {"unit": unit.pk, "file": upload(data, name)})
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    return Import.objects.select_related("file").get(uid=answer["Location"].strip("/").split("/")[-1])


def confirm(client: Client, sent: Import) -> Import:
    answer = client.post(reverse("confirm-import", args=[sent.uid]))
    assert answer.status_code == 302
    sent.refresh_from_db()
    return sent


def page(client: Client, sent: Import, **headers: str) -> str:
    answer = client.get(reverse("import", args=[sent.uid]), headers=headers)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def run_command(folder: Path, data: bytes, *options: str, name: str = "登记表.xlsx") -> tuple[int, dict[str, Any]]:
    """(exit code, what --json says)."""
    found_city(code="anlan", name="安澜市", name_en="Anlan City", division_code="430700")
    path = folder / name
    path.write_bytes(data)
    out, code = StringIO(), 0
    try:
        call_command("import_workbook", str(path), "--unit", "demo-primary", "--json", *options, stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    said: dict[str, Any] = json.loads(out.getvalue())
    return code, said


def told(text: str) -> str:
    """A page as it is read: without its tags, cells and lines apart, every run of blanks as one."""
    return " ".join(re.sub(r"<[^>]+>", "", re.sub(r"</(td|th|li|dt|dd|p)>", " ", text)).split())


def undo(client: Client, sent: Import, reason: str = "传错了") -> Import:
    """Take the import back on its page; the test run does it at once."""
    answer = client.post(reverse("undo-import", args=[sent.uid]), {"reason": reason})
    assert answer.status_code == 302, told(html.unescape(answer.content.decode()))
    sent.refresh_from_db()
    return sent


def undo_page(client: Client, sent: Import) -> str:
    answer = client.get(reverse("undo-import", args=[sent.uid]))
    assert answer.status_code == 200
    return told(html.unescape(answer.content.decode()))
