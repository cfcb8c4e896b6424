"""Covering: what is in the rectangle is in no file that others get, and never comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from chuangwen.core import files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.evidence import queries, rules, services
from chuangwen.evidence.models import CopyRole, Evidence, EvidenceCopy, Redaction, State
from chuangwen.evidence.rules import Cover
from tests.evidence.samples import RED, encoded, greys, handed_in, opened, picture, reds, with_red
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db
FACE = Cover(2000, 2000, 5000, 6000)


def red_face(city: City, size: tuple[int, int] = (400, 300)) -> Evidence:
    """Red from 20 to 50 per cent across and from 20 to 60 down."""
    width, height = size
    box = (width // 5, height // 5, width // 2 - 1, height * 3 // 5 - 1)
    return handed_in(city, encoded(with_red(box, size=size)), unit="c98")


def body(response: HttpResponseBase) -> bytes:
    return response.getvalue() if response.streaming else response.content  # type: ignore[attr-defined]


def test_its_pixels_are_gone_from_every_file_that_others_get(city: City, client_of: Callable[[str], Client]) -> None:
    row = red_face(city)
    assert reds(opened(files.read(row.copies.get(role=CopyRole.PUBLIC).file))) > 1000
    services.redact(city.viewer("clerk"), row, [FACE], "行人面部")
    row = queries.piece(city.viewer("recorder"), row.uid)
    client, seen = client_of("recorder"), 0
    addresses = [queries.file_url(row, role) for role in CopyRole]
    addresses += [reverse("download-evidence", args=[row.uid]) + mark for mark in ("", "?mark=1")]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        image = opened(body(response))
        assert reds(image) == 0, address
        across, down = image.width / 100, image.height / 100
        inside = image.crop((round(22 * across), round(22 * down), round(48 * across), round(58 * down)))
        assert max(greys(inside)) < 60, address
        seen += 1
    assert seen == 4


def test_the_copies_before_it_are_served_to_nobody(city: City, client_of: Callable[[str], Client]) -> None:
    row = red_face(city)
    before = [queries.file_url(row, role) for role in CopyRole]
    assert [client_of("head").get(address).status_code for address in before] == [200, 200]
    services.redact(city.viewer("clerk"), row, [FACE], "行人面部")
    for part in ("recorder", "clerk", "head", "office"):
        assert [client_of(part).get(address).status_code for address in before] == [404, 404]


def test_until_the_new_copies_are_made_nothing_is_served(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    row = red_face(city)
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    services.redact(city.viewer("clerk"), row, [FACE], "行人面部")
    row = queries.piece(city.viewer("clerk"), row.uid)
    assert (row.state, queries.public_url(row), queries.thumbnail_url(row)) == (State.RECEIVED, "", "")


def test_the_original_is_as_it_was(city: City) -> None:
    row = red_face(city)
    before = files.read(row.file)
    services.redact(city.viewer("clerk"), row, [FACE], "行人面部")
    row.refresh_from_db()
    assert files.read(row.file) == before


def test_what_was_covered_stays_covered_when_more_is_covered(city: City) -> None:
    row = red_face(city)
    services.redact(city.viewer("clerk"), row, [FACE], "行人面部")
    services.redact(city.viewer("clerk"), row, [Cover(8000, 8000, 9000, 9000)], "车牌")
    row = queries.piece(city.viewer("clerk"), row.uid)
    found = queries.current_copy(row, CopyRole.PUBLIC)
    assert found is not None
    image = opened(files.read(found))
    assert (row.edition, reds(image)) == (2, 0)
    assert max(greys(image.crop((330, 246, 354, 264)))) < 60


def test_no_verb_takes_a_covering_back() -> None:
    """Who adds one must change this line, and ADR 0034 with it."""
    assert set(services.__all__) == {
        "bundle", "caption", "describe", "give_up_lost", "hand_in", "locate", "make_copies", "public_file", "redact",
        "release", "retry", "stop_using", "use", "withdraw",
    }  # fmt: skip


def test_it_writes_one_event_of_numbers_with_the_reason_beside_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    row = red_face(city)
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    with one_event("evidence.redacted") as written:
        services.redact(city.viewer("clerk"), row, [FACE, Cover(0, 0, 10, 10)], " 行人面部 ")
    assert written.event.data == {"edition": 1, "rectangles": 2}
    assert written.event.detail.text == "行人面部"
    assert next((each.cover, each.made_by) for each in row.redactions.all()) == (FACE, city.persons["clerk"])


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "recorder", "reader"])
def test_who_may_not_cover_learns_nothing(city: City, part: str) -> None:
    row = red_face(city)
    with nothing_changes(), pytest.raises(Missing):
        services.redact(city.viewer(part), row, [FACE], "面部")


@pytest.mark.parametrize(
    ("rectangles", "reason", "where"),
    [
        ([], "面部", "rectangles"),
        ([FACE] * 41, "面部", "rectangles"),
        ([Cover(-1, 0, 10, 10)], "面部", "rectangles"),
        ([Cover(0, 0, 10_001, 10)], "面部", "rectangles"),
        ([Cover(50, 0, 50, 10)], "面部", "rectangles"),
        ([FACE], "  ", "reason"),
    ],
)
def test_what_is_no_rectangle_or_has_no_reason_is_refused(
    city: City, rectangles: list[Cover], reason: str, where: str
) -> None:
    row = red_face(city)
    with nothing_changes(), pytest.raises(Refused) as no:
        services.redact(city.viewer("clerk"), row, rectangles, reason)
    assert (no.value.where, bool(no.value.mend)) == (where, True)


def test_only_a_photo_that_opens_and_stands_can_be_covered(city: City) -> None:
    document = handed_in(city, b"%PDF-1.7\n", name="a.pdf")
    broken = handed_in(city, encoded(picture(size=(400, 300)))[:3000])
    gone = red_face(city)
    services.withdraw(city.viewer("clerk"), gone, reason="传错")
    for row in (document, broken, gone):
        with nothing_changes(), pytest.raises(Refused):
            services.redact(city.viewer("clerk"), row, [FACE], "面部")


def test_two_coverings_at_once_are_told_apart(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    row = red_face(city)
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    services.redact(city.viewer("clerk"), row, [FACE], "面部")
    with nothing_changes(), pytest.raises(Conflict):
        services.redact(city.viewer("head"), row, [Cover(0, 0, 10, 10)], "车牌")


def test_a_thin_rectangle_at_the_edge_covers_whole_pixels(city: City) -> None:
    """Edges go outward, so that half a pixel of what was to go does not stay."""
    row = handed_in(city, encoded(with_red((0, 0, 99, 9), size=(100, 75))), unit="c98")
    services.redact(city.viewer("clerk"), row, [Cover(0, 0, rules.WHOLE, 1334)], "面部")
    row = queries.piece(city.viewer("clerk"), row.uid)
    found = queries.current_copy(row, CopyRole.PUBLIC)
    assert found is not None
    assert reds(opened(files.read(found))) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"left": 50, "right": 50}, {"right": 10_001}, {"top": 70, "bottom": 60}, {"reason": ""}],
)
def test_the_database_keeps_no_rectangle_that_is_none(city: City, wrong: dict[str, Any]) -> None:
    row = red_face(city)
    values: dict[str, Any] = {"left": 0, "top": 0, "right": 50, "bottom": 50, "reason": "面部", "edition": 1}
    values |= {"made_by": city.persons["clerk"], "made_at": row.received_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.create(evidence=row, **(values | wrong))


class TestPage:
    def test_the_form_takes_numbers_without_any_script(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = red_face(city)
        data = {"rectangles": "20, 20, 50, 60\n80，80，90，90", "reason": "面部"}
        response = client_of("clerk").post(reverse("redact-evidence", args=[row.uid]), data)
        assert response.status_code == 302
        covers = [each.cover for each in row.redactions.all()]
        assert covers == [FACE, Cover(8000, 8000, 9000, 9000)]

    @pytest.mark.parametrize(
        ("written", "said"),
        [("", "还没有框出要遮的地方"), ("10,20,30", "不是四个百分数"), ("a,b,c,d", "不是四个百分数"),
         ("nan,0,1,1", "不是四个百分数"), ("90,0,110,5", "有一个框在照片外面")],
    )  # fmt: skip
    def test_what_is_wrong_stands_beside_the_field(
        self, city: City, client_of: Callable[[str], Client], written: str, said: str
    ) -> None:
        row = red_face(city)
        response = client_of("clerk").post(
            reverse("redact-evidence", args=[row.uid]), {"rectangles": written, "reason": "面部"}
        )
        assert response.status_code == 200
        assert said in str(response.context["form"].errors["rectangles"])

    def test_who_may_not_cover_gets_no_page(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = red_face(city)
        assert client_of("recorder").get(reverse("redact-evidence", args=[row.uid])).status_code == 404


def test_copies_are_stored_files_so_that_verify_hashes_them(city: City) -> None:
    row = red_face(city)
    kept = set(StoredFile.objects.values_list("pk", flat=True))
    assert {each.file_id for each in EvidenceCopy.objects.filter(evidence=row)} <= kept
    assert RED == (250, 0, 0)
