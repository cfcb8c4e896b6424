"""Who gets which file, how it is served, and the copies that leave the product."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from chuangwen.core import files
from chuangwen.evidence import fonts, pictures, queries, services
from chuangwen.evidence.models import CopyRole
from chuangwen.evidence.services.exporting import mark_lines
from tests.evidence.samples import exif, greys, handed_in, jpeg, opened, picture, place
from tests.factories.city import City

pytestmark = pytest.mark.django_db


class TestServing:
    @pytest.mark.parametrize(
        ("part", "status"),
        [("anonymous", 302), ("stranger", 404), ("other_clerk", 404), ("reader", 404), ("recorder", 404),
         ("clerk", 200), ("head", 200), ("office", 200)],
    )  # fmt: skip
    def test_the_original_is_for_its_maker_and_for_who_may_cover(
        self, city: City, client_of: Callable[[str], Client], part: str, status: int
    ) -> None:
        row = handed_in(city, jpeg(exif=exif()), unit="c98", part="head")
        response = client_of(part).get(queries.file_url(row, queries.ORIGINAL))
        assert response.status_code == status
        if status == 200:
            assert response.getvalue() == files.read(row.file)

    def test_a_maker_without_that_right_gets_their_own_original(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row = handed_in(city, unit="c98", part="recorder")
        response = client_of("recorder").get(queries.file_url(row, queries.ORIGINAL))
        assert response.getvalue() == jpeg()

    def test_a_document_is_for_everybody_who_may_see_it(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = handed_in(city, b"%PDF-1.7\n", name="通知.pdf", unit="c98")
        response = client_of("recorder").get(queries.file_url(row, queries.ORIGINAL))
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert response["Content-Disposition"].startswith("attachment")
        response.close()

    def test_a_copy_is_kept_by_the_browser_alone_and_its_type_is_not_guessed(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row = handed_in(city)
        response = client_of("clerk").get(queries.public_url(row))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "image/jpeg"
        assert response["Cache-Control"] == "private, max-age=31536000, immutable"
        assert response["Content-Disposition"].startswith("inline")
        response.close()

    @pytest.mark.parametrize("role", ["public", "thumbnail", "original", "secret"])
    def test_an_address_with_another_digest_leads_nowhere(
        self, city: City, client_of: Callable[[str], Client], role: str
    ) -> None:
        row = handed_in(city)
        address = reverse("evidence-file", args=[row.uid, role, "0" * 64])
        assert client_of("head").get(address).status_code == 404

    def test_the_digest_of_the_original_does_not_open_it_as_a_copy(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row = handed_in(city, unit="c98")
        for role in ("public", "original"):
            address = reverse("evidence-file", args=[row.uid, role, row.file.sha256])
            assert client_of("recorder").get(address).status_code == 404


class TestMark:
    def test_time_and_place_stand_on_the_copy_and_only_there(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row = handed_in(city, jpeg(1, (960, 720)), place=place(city["school"]))
        plain, marked = (
            opened(client_of("clerk").get(reverse("download-evidence", args=[row.uid]), {"mark": mark}).content)
            for mark in ("", "1")
        )
        assert plain.size == marked.size == (960, 720)
        corner = (0, 600, 300, 720)
        assert greys(plain.crop(corner)) != greys(marked.crop(corner))
        middle = (400, 100, 900, 500)
        apart = [abs(one - two) for one, two in zip(greys(plain.crop(middle)), greys(marked.crop(middle)), strict=True)]
        assert max(apart) < 20
        kept = opened(files.read(row.copies.get(role=CopyRole.PUBLIC).file))
        assert greys(kept) == greys(plain)

    def test_the_words_are_real_characters_and_no_boxes(self) -> None:
        """Two different characters look different; a font without them draws the same box for both."""
        font = fonts.chinese_font()
        assert font is not None
        data = jpeg(1, (640, 480))
        one, two = (greys(opened(pictures.marked(data, [word], font))) for word in ("文庙", "学府"))
        assert one != two

    def test_the_caption_speaks_before_what_is_known(self, city: City) -> None:
        row = handed_in(city, place=place(city["school"]))
        assert mark_lines(row)[1] == "文庙路口"
        services.caption(city.viewer("clerk"), row, elements={"said_when": "十一月下旬", "said_where": "校门口"})
        row.refresh_from_db()
        assert mark_lines(row) == ["十一月下旬", "校门口"]

    def test_without_a_place_the_point_is_written_and_without_both_nothing_is_invented(self, city: City) -> None:
        assert mark_lines(handed_in(city, point=(111.69, 29.03)))[1] == "29.03000 N, 111.69000 E"
        assert len(mark_lines(handed_in(city, jpeg(2)))) == 1

    def test_a_long_place_is_shortened_to_the_picture(self) -> None:
        font = fonts.chinese_font()
        assert font is not None
        assert opened(pictures.marked(jpeg(1, (320, 240)), ["文庙路口" * 40], font)).size == (320, 240)

    def test_without_a_chinese_font_it_says_so(
        self, city: City, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = handed_in(city)
        monkeypatch.setattr("chuangwen.evidence.fonts.shutil.which", lambda _name: None)
        fonts.chinese_font.cache_clear()
        try:
            response = client_of("clerk").get(reverse("download-evidence", args=[row.uid]), {"mark": "1"})
        finally:
            fonts.chinese_font.cache_clear()
        assert response.status_code == 422
        assert "没有中文字体" in response.content.decode()

    def test_a_font_may_be_named_in_the_settings(self, settings: LazySettings) -> None:
        settings.FONT = "/fonts/own.ttf"
        fonts.chinese_font.cache_clear()
        try:
            assert fonts.chinese_font() == ("/fonts/own.ttf", 0)
        finally:
            fonts.chinese_font.cache_clear()


class TestBundle:
    def test_chosen_photos_come_in_one_archive(self, city: City, client_of: Callable[[str], Client]) -> None:
        rows = [handed_in(city, jpeg(number)) for number in range(3)]
        response = client_of("clerk").get(reverse("evidence-zip"), {"uid": [str(row.uid) for row in rows[:2]]})
        with zipfile.ZipFile(BytesIO(response.getvalue())) as packed:
            assert len(packed.namelist()) == 2
            assert all(pictures.leftovers(packed.read(name)) == [] for name in packed.namelist())

    def test_what_one_may_not_see_is_not_in_it(self, city: City, client_of: Callable[[str], Client]) -> None:
        ours, theirs = handed_in(city), handed_in(city, jpeg(2), part="other_clerk", unit="second")
        chosen = {"uid": [str(ours.uid), str(theirs.uid), str(uuid4())]}
        response = client_of("clerk").get(reverse("evidence-zip"), chosen)
        with zipfile.ZipFile(BytesIO(response.getvalue())) as packed:
            assert len(packed.namelist()) == 1

    @pytest.mark.parametrize("chosen", [[], [str(uuid4())], ["no-uid"]])
    def test_nothing_to_download_is_said(
        self, city: City, client_of: Callable[[str], Client], chosen: list[str]
    ) -> None:
        assert client_of("clerk").get(reverse("evidence-zip"), {"uid": chosen}).status_code == 422
        assert picture().size == (96, 72)
