"""Permissions as named constants, and pure facts of units. Roles are data: reference/organisation.yaml."""

import hashlib
import re
from datetime import time
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
    CASE_VIEW = "case.view"
    CASE_REPORT = "case.report"
    CASE_DISPATCH = "case.dispatch"
    CASE_HANDLE = "case.handle"
    CASE_VERIFY = "case.verify"
    CASE_SUPERVISE = "case.supervise"
    CASE_SIGN = "case.sign"
    CASE_CONFIDENTIAL = "case.confidential"
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


# What a deputy never gets: what shapes who may do what, and the tables and forms of the house (ADR 0047).
NEVER_LENT = frozenset(
    {
        Perm.GRANT_MANAGE, Perm.REFERENCE_MANAGE, Perm.PERSON_MANAGE, Perm.UNIT_MANAGE, Perm.TEMPLATE_MANAGE,
        Perm.FORM_MANAGE,
    }
)  # fmt: skip

# The code of the person in the root unit through whom citizens act.
DOOR = "door"


def child_path(parent_path: str, key: int) -> str:
    """The path of a unit below another: parents first, each as six digits and a slash."""
    return f"{parent_path}{key:06d}/"


def is_below(path: str, other: str) -> bool:
    """Whether a unit lies below another one, by their paths; none lies below itself."""
    return path != other and path.startswith(other)


def ancestor_paths(path: str) -> list[str]:
    """The paths of a unit and of everything above it, the root first."""
    steps = path.rstrip("/").split("/")
    return ["/".join(steps[: count + 1]) + "/" for count in range(len(steps))]


def token_digest(secret: str) -> str:
    """What is kept of an API token."""
    return hashlib.sha256(secret.encode()).hexdigest()


# The first two digits of GB/T 2260: provinces, autonomous regions, municipalities, special administrative regions.
_PROVINCES = (11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82)
PROVINCES = frozenset(str(number) for first, last in _PROVINCES for number in range(first, last + 1))
# GB 32100-2015: digits and capitals without I, O, S, V, Z; the sum is weighted with powers of 3 and taken modulo 31.
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_division_code(written: str) -> bool:
    """GB/T 2260 with 6 digits, with 9 down to the town (GB/T 10114), with 12 down to the village."""
    return len(written) in {6, 9, 12} and written.isascii() and written.isdecimal() and written[:2] in PROVINCES


def credit_check_sign(first: str) -> str:
    """The eighteenth sign of a credit code, from its first seventeen. Raises ValueError for a sign that is none."""
    total = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first))
    return CREDIT_SIGNS[-total % 31]


def is_credit_code(written: str) -> bool:
    """GB 32100: eighteen signs whose last one follows from the others."""
    if len(written) != 18 or not set(written) <= set(CREDIT_SIGNS):
        return False
    return credit_check_sign(written[:17]) == written[17]


# Digits with what people write between them; up to two numbers of a switchboard, and an extension.
PHONE_SIGNS = re.compile(r"[0-9+()（）/、,，;； 转\-—x*#]+")
MOBILE = re.compile(r"1[3-9]\d{9}")


def is_office_phone(written: str) -> bool:
    """A number of an office: 3 to 12 digits a number, as 0736-7220001, 7220001-8012, 12345; no mobile telephone."""
    if not PHONE_SIGNS.fullmatch(written):
        return False
    plain = (re.sub(r"^\s*(\+|00)86", "", part) for part in re.split(r"[/、,，;；]", written))
    runs = [re.sub(r"\D", "", part) for part in plain]
    return all(3 <= len(digits) <= 16 and not MOBILE.match(digits) for digits in runs)


def dialled(written: str) -> str:
    """What a telephone dials of it: the digits of the first number, without the extension."""
    first = re.split(r"[/、,，;；]|转|x|\*|#", written)[0]
    return re.sub(r"[^0-9+]", "", first)


def is_quiet(now: time, quiet_from: time, quiet_to: time) -> bool:
    """Whether no mail goes out; the hours may go over midnight, and the same two times mean none."""
    if quiet_from <= quiet_to:
        return quiet_from <= now < quiet_to
    return now >= quiet_from or now < quiet_to


def retry_minutes(failures: int) -> int:
    """How long to wait after so many failures, in minutes: 2, 4, 8 … up to six hours."""
    return int(min(2 ** min(failures, 12), 360))
