"""What the tests of the citizens' door share: a visitor, what they send, and a report that has come."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chuangwen.cases import services
from chuangwen.cases.models import Case
from tests.evidence.samples import encoded, exif, jpeg, picture
from tests.factories.city import City

# Spread into a request: the page's script asks, not a form.
JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}
KEY = "a-secret-of-this-phone"
POINT = "111.69,29.03"


def visitor(address: str = "203.0.113.7") -> Client:
    return Client(REMOTE_ADDR=address)


def sent(**more: Any) -> dict[str, Any]:
    """A whole report, as the page sends it."""
    values = {"uid": str(uuid4()), "key": KEY, "kind": "report", "category": "bicycle_parking"}
    values |= {"text": "盲道被占", "point": POINT}
    return values | {key: value for key, value in more.items() if value is not None}


def upload(client: Client, number: int = 1, *, uid: str = "", data: bytes | None = None, **more: Any) -> Any:
    content = jpeg(number) if data is None else data
    fields = {"uid": uid or str(uuid4()), "file": SimpleUploadedFile("IMG.jpg", content)} | more
    return client.post("/report/photo/", fields, **JSON)


def photographed(lon: float, lat: float, number: int = 1) -> bytes:
    """A photo with its position."""
    return encoded(picture(number), exif=exif(lon=lon, lat=lat))


def report(client: Client | None = None, **more: Any) -> Any:
    """The answer to a report that is sent as the page's script does it."""
    return (client or visitor()).post("/report/", sent(**more), **JSON)


def reported(city: City, *, photos: int = 0, **more: Any) -> tuple[Case, str]:
    """A report that came, and its code."""
    client = visitor("198.51.100.9")
    uids = [upload(client, 50 + number).json()["uid"] for number in range(photos)]
    answer = report(client, photos=",".join(uids), **more)
    assert answer.status_code == 201, answer.content.decode()
    code = "".join(answer.json()["code"].split())
    return services.case_of_code(code), code
