"""Reads the reference files and hands each app its part. Called by `load_reference`, the demo and the tests."""

from collections.abc import Mapping
from typing import Any

import yaml
from django.conf import settings

from chuangwen.core import calendar, reference
from chuangwen.duties import services as duties
from chuangwen.metrics import services as metrics
from chuangwen.people import services as people
from chuangwen.places import services as places
from chuangwen.reports import services as reports


def load() -> dict[str, int]:
    """Bring every table of reference data to what its file says; safe to repeat. Returns rows by table."""
    forms: list[tuple[Mapping[str, Any], bytes]] = []
    for manifest in sorted(settings.REFERENCE_DIR.glob("report_forms/*/manifest.yaml")):
        read: dict[str, Any] = yaml.safe_load(manifest.read_text(encoding="utf-8"))
        forms.append((read, (manifest.parent / "template.docx").read_bytes()))
    return (
        calendar.load_reference(reference.read("calendar.yaml"))
        | people.load_reference(reference.read("organisation.yaml"))
        | places.load_reference(reference.read("place_types.yaml"))
        | duties.load_reference(reference.read("outcome_kinds.yaml"))
        | metrics.load_reference(reference.read("metrics.yaml"))
        | reports.load_reference(forms)
    )
