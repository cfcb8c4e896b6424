"""The citizens' door: whom citizens act through, what the city says of it, and the code that a reporter gets."""

from uuid import UUID

from chuangwen.core.secrets import index_of
from chuangwen.core.throttle import Limit
from chuangwen.people import services as people
from chuangwen.people.access import Viewer

# Signs that are not taken for one another when they are read out.
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
# How many photos a report brings, and how often an address may try what is not a report, by the hour.
MOST_PHOTOS = 6
PHOTOS_PER_REPORT = 10
LOOKS_PER_REPORT = 20
WRONG_CODES = 20


def door() -> Viewer:
    """The person through whom citizens act; there from the first use on."""
    return people.open_door()


def reports(per_hour: int) -> Limit:
    return Limit("report", per_hour)


def photos(per_hour: int) -> Limit:
    return Limit("report-photo", per_hour * PHOTOS_PER_REPORT)


def looks(per_hour: int) -> Limit:
    """Asking what was reported nearby."""
    return Limit("report-near", per_hour * LOOKS_PER_REPORT)


def wrong_codes() -> Limit:
    """Guessing: of some 10¹⁵ codes this tries none that matters."""
    return Limit("follow", WRONG_CODES)


def code_for(uid: UUID, key: str) -> str:
    """The code of a report, from its uid, a secret that the citizen's device made, and the key of this installation:
    whoever sends the same report again, because the answer was lost on the way, gets the same code again.
    """
    number = int(index_of(f"report code {uid} {key}"), 16)
    signs = []
    for _sign in range(CODE_LENGTH):
        number, sign = divmod(number, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[sign])
    return "".join(signs)


def tight(code: str) -> str:
    """A code as it was given, however it was written down."""
    return "".join(code.split()).replace("-", "").upper()


def grouped(code: str) -> str:
    """As one reads it out: ABC DEF GHJK."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"
