"""Permissions as named constants, and pure facts of units. Roles are data: reference/organisation.yaml."""

import hashlib
from enum import StrEnum


class Perm(StrEnum):
    """Code asks for a permission, never for a role. The value is what organisation.yaml and the Grant pages show."""

    UNIT_VIEW = "unit.view"
    UNIT_MANAGE = "unit.manage"
    PERSON_VIEW = "person.view"
    PERSON_MANAGE = "person.manage"
    GRANT_MANAGE = "grant.manage"
    PLACE_VIEW = "place.view"
    PLACE_MANAGE = "place.manage"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_ADD = "evidence.add"
    EVIDENCE_REDACT = "evidence.redact"
    FORM_VIEW = "form.view"
    FORM_FILL = "form.fill"
    FORM_MANAGE = "form.manage"
    REFERENCE_MANAGE = "reference.manage"
    ACTIVITY_VIEW = "activity.view"
    ACTIVITY_RECORD = "activity.record"
    IMPORT_RUN = "import.run"
    FIGURE_VIEW = "figure.view"
    REPORT_VIEW = "report.view"
    REPORT_WRITE = "report.write"
    REPORT_CHECK = "report.check"
    REPORT_SIGN = "report.sign"
    REPORT_ISSUE = "report.issue"
    TEMPLATE_MANAGE = "template.manage"
    EVENT_VIEW = "event.view"


def child_path(parent_path: str, key: int) -> str:
    """The path of a unit below another: parents first, each as six digits and a slash."""
    return f"{parent_path}{key:06d}/"


def ancestor_paths(path: str) -> list[str]:
    """The paths of a unit and of everything above it, the root first."""
    steps = path.rstrip("/").split("/")
    return ["/".join(steps[: count + 1]) + "/" for count in range(len(steps))]


def token_digest(secret: str) -> str:
    """What is kept of an API token."""
    return hashlib.sha256(secret.encode()).hexdigest()
