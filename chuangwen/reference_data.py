"""Reads the reference files and hands each app its part. Called by `load_reference`, the demo and the tests."""

from collections.abc import Mapping
from typing import Any

import yaml
from django.conf import settings

from chuangwen.cases import services as cases
from chuangwen.core import calendar, reference
from chuangwen.duties import services as duties
from chuangwen.forms import services as forms
from chuangwen.metrics import services as metrics
from chuangwen.people import services as people
from chuangwen.places import services as places
from chuangwen.reports import services as reports


def _checklists() -> dict[str, Any]:
    """The items of all files, in the order of their numbers."""
    files = sorted((settings.REFERENCE_DIR / "checklists").glob("items_*.yaml"))
    items = [item for file in files for item in reference.read(f"checklists/{file.name}")["items"]]
    ordered = sorted(items, key=lambda item: (item["n"], item.get("part", 0)))
    return {"head": reference.read("checklists/sources.yaml"), "items": ordered}


def load() -> dict[str, int]:
    """Bring every table of reference data to what its file says; safe to repeat. Returns rows by table."""
    manifests: list[tuple[Mapping[str, Any], bytes]] = []
    for manifest in sorted(settings.REFERENCE_DIR.glob("report_forms/*/manifest.yaml")):
        read: dict[str, Any] = yaml.safe_load(manifest.read_text(encoding="utf-8"))
        manifests.append((read, (manifest.parent / "template.docx").read_bytes()))
    return (
        calendar.load_reference(reference.read("calendar.yaml"))
        | people.load_reference(reference.read("organisation.yaml"))
        | places.load_reference(reference.read("place_types.yaml"))
        | forms.load_reference(_checklists())
        | cases.load_reference(reference.read("cases.yaml"))
        | duties.load_reference(reference.read("outcome_kinds.yaml"))
        | metrics.load_reference(reference.read("metrics.yaml"))
        | reports.load_reference(manifests)
    )
