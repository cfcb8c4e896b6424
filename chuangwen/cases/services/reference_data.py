"""The tables of cases that come from a file."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from chuangwen.cases.models import CaseCategory, CasePolicy, ResponseTemplate, RoutingRule
from chuangwen.core import reference

HOURS = ("time_from", "time_to")


def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring categories, rules, replies and the policy to what the file says, but for what was edited here."""
    return {
        "case_categories": reference.bring(CaseCategory, tables["categories"]),
        "routing_rules": reference.bring(RoutingRule, routing_rules(tables["routing_rules"])),
        "response_templates": reference.bring(ResponseTemplate, tables["response_templates"]),
        "case_policies": reference.bring(CasePolicy, tables["policies"]),
    }


def routing_rules(rows: Any) -> list[dict[str, Any]]:
    """Rows of the file, with times read: 18:00 is a text there."""
    return [{key: time.fromisoformat(value) if key in HOURS else value for key, value in row.items()} for row in rows]
