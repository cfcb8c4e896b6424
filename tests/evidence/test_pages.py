"""The pages of evidence and the upload that other pages call."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangwen.core.registry import resolve
from chuangwen.evidence import lists, queries, services
from chuangwen.evidence.models import Evidence
from tests.evidence.samples import LAT, LON, encoded, exif, handed_in, jpeg, picture, place
from tests.factories.city import City

pytestmark = pytest.mark.django_db


def sent(data: bytes | None = None, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data)


class TestUpload:
    def ask(self, client: Client, **fields: Any) -> tuple[int, dict[str, Any]]:
        data = {"unit": "demo-primary", "file": sent()} | fields
        response = client.post(reverse("upload-evidence"), data, headers={"Accept": "application/json"})
        return response.status_code, json.loads(response.content)

    def test_it_answers_with_the_receipt(self, city: City, client_of: Callable[[str], Client]) -> None:
        uid, where = uuid4(), place(city["school"], code="DW-7")
        status, said = self.ask(client_of("clerk"), uid=str(uid), place="DW-7", only_photo="1")
        row = Evidence.objects.get(uid=uid)
        assert (status, said["uid"], said["kind"], said["state"]) == (201, str(uid), "photo", "ready")
        assert said["place"] == {"uid": str(where.uid), "name": "文庙路口"}
        assert (said["thumbnail"], said["public"]) == (queries.thumbnail_url(row), queries.public_url(row))
        assert (said["problem"], said["warnings"], said["alike"], said["alike_elsewhere"]) == (None, [], [], 0)
        again = client_of("clerk").get(said["state_url"], headers={"Accept": "application/json"})
        assert json.loads(again.content) == said

    def test_it_warns_of_the_same_with_both_places(self, city: City, client_of: Callable[[str], Client]) -> None:
        handed_in(city, jpeg(5), place=place(city["school"], "文庙路口"))
        place(city["school"], "学府路口", LON + 0.01, LAT)
        _status, said = self.ask(client_of("clerk"), file=sent(jpeg(5)), place="学府路口")
        (warning,) = said["warnings"]
        assert warning["code"] == "alike"
        assert "文庙路口" in warning["message"]
        assert "学府路口" in warning["message"]
        assert (said["alike"][0]["same"], 900 < said["alike"][0]["metres"] < 1100) == (True, True)

    def test_it_says_that_there_is_one_elsewhere_and_not_where(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        handed_in(city, jpeg(5), part="other_clerk", unit="second", place=place(city["second"], "别处的路口"))
        status, said = self.ask(client_of("clerk"), file=sent(jpeg(5)))
        assert (status, said["alike"], said["alike_elsewhere"]) == (201, [], 1)
        assert "别处的路口" not in json.dumps(said, ensure_ascii=False)

    def test_time_and_point_may_be_told(self, city: City, client_of: Callable[[str], Client]) -> None:
        taken = (timezone.localtime() - timedelta(hours=4)).replace(second=0, microsecond=0)
        told = {"taken_at": f"{taken:%Y-%m-%dT%H:%M}", "lon": "111.7", "lat": "29.0"}
        _status, said = self.ask(client_of("clerk"), **told)
        row = Evidence.objects.get(uid=said["uid"])
        assert (row.taken_at, row.point) == (taken, (111.7, 29.0))

    @pytest.mark.parametrize(
        ("fields", "status", "where"),
        [
            ({"file": ""}, 422, "file"),
            ({"uid": "seven"}, 422, "uid"),
            ({"place": "没有的路口"}, 404, ""),
            ({"place": str(uuid4())}, 404, ""),
            ({"taken_at": "yesterday"}, 422, "taken_at"),
            ({"taken_at": "2026-02-31T10:00"}, 422, "taken_at"),
            ({"lon": "x", "lat": "29"}, 422, "point"),
            ({"lon": "111"}, 422, "point"),
            ({"unit": "no-such-unit"}, 404, ""),
            ({"unit": "demo-second-primary"}, 404, ""),
        ],
    )
    def test_what_is_wrong_is_answered_as_json(
        self, city: City, client_of: Callable[[str], Client], fields: dict[str, str], status: int, where: str
    ) -> None:
        answered, said = self.ask(client_of("clerk"), **fields)
        assert (answered, said["error"]["where"]) == (status, where)
        assert said["error"]["message"]
        assert not Evidence.objects.exists()

    def test_a_file_that_is_not_taken_says_how_to_mend_it(self, city: City, client_of: Callable[[str], Client]) -> None:
        status, said = self.ask(client_of("clerk"), file=sent(b"<!doctype html><p>x", "照片.jpg"))
        assert (status, said["error"]["where"]) == (422, "file")
        assert "保存图片" in said["error"]["mend"]

    def test_two_people_with_one_uid_do_not_share_it(self, city: City, client_of: Callable[[str], Client]) -> None:
        uid = str(uuid4())
        assert self.ask(client_of("clerk"), uid=uid)[0] == 201
        assert self.ask(client_of("clerk"), uid=uid)[0] == 201
        status, said = self.ask(client_of("head"), uid=uid)
        assert (status, said["error"]["code"]) == (409, "conflict")
        assert Evidence.objects.count() == 1

    def test_who_is_not_signed_in_is_told_so_as_json(self, city: City, client: Client) -> None:
        status, said = self.ask(client)
        assert (status, said["error"]["code"]) == (401, "sign_in")

    def test_a_name_that_several_places_have_asks_for_the_number(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        place(city["school"], code="1")
        place(city["school"], code="2")
        status, said = self.ask(client_of("clerk"), place="文庙路口")
        assert (status, said["error"]["where"]) == (422, "place")
        assert self.ask(client_of("clerk"), place="2")[0] == 201

    def test_a_number_that_two_schools_have_is_written_with_the_school(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        rows = [place(city[unit], code="1") for unit in ("school", "second")]
        ways = [f"1 {row.unit.label}" for row in rows]
        client = client_of("office")
        status, said = self.ask(client, place="1")
        assert status == 422
        assert all(way in said["error"]["mend"] for way in ways)
        assert {way for way, _label in queries.place_choices(city.viewer("office"))} == set(ways)
        for number, (row, way) in enumerate(zip(rows, ways, strict=True)):
            _status, said = self.ask(client, place=way, file=sent(jpeg(number)))
            assert said["place"]["uid"] == str(row.uid)
        assert self.ask(client, place=f"2 {rows[0].unit.label}", file=sent(jpeg(3)))[0] == 404

    def test_two_of_one_name_in_one_unit_are_to_be_numbered(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        place(city["school"])
        place(city["school"])
        status, said = self.ask(client_of("clerk"), place="文庙路口")
        assert (status, "编号" in said["error"]["mend"]) == (422, True)

    def test_a_place_of_another_unit_is_not_there(self, city: City, client_of: Callable[[str], Client]) -> None:
        theirs = place(city["second"])
        for written in (str(theirs.uid), theirs.name):
            assert self.ask(client_of("clerk"), place=written)[0] == 404

    def test_a_place_that_ones_unit_answers_for_is(self, city: City, client_of: Callable[[str], Client]) -> None:
        theirs = place(city["city"])
        charge = theirs.responsibilities.create(unit=city["school"], since="2026-01-01")
        assert self.ask(client_of("clerk"), place=str(theirs.uid))[0] == 201
        assert self.ask(client_of("clerk"), place=theirs.name, file=sent(jpeg(2)))[0] == 201
        assert queries.place_choices(city.viewer("clerk")) == [(theirs.name, f"{theirs.name} · {theirs.unit.label}")]
        charge.until = charge.since
        charge.save()
        for written in (str(theirs.uid), theirs.name):
            assert self.ask(client_of("clerk"), place=written, file=sent(jpeg(3)))[0] == 404
        assert queries.place_choices(city.viewer("clerk")) == []


class TestHandInPage:
    def test_several_files_come_at_once_and_each_has_its_result(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        data = {"unit": "demo-primary", "sent": [sent(), sent(b"", "空.jpg"), sent(b"no photo", "假.jpg")]}
        text = client_of("clerk").post(reverse("new-evidence"), data).content.decode()
        assert Evidence.objects.count() == 1
        assert "文件是空的" in text
        assert "这不是照片" in text

    def test_one_file_leads_to_its_page(self, city: City, client_of: Callable[[str], Client]) -> None:
        response = client_of("clerk").post(reverse("new-evidence"), {"unit": "demo-primary", "sent": sent()})
        assert response["Location"] == reverse("evidence-piece", args=[Evidence.objects.get().uid])

    def test_no_file_is_said_beside_the_field(self, city: City, client_of: Callable[[str], Client]) -> None:
        response = client_of("clerk").post(reverse("new-evidence"), {"unit": "demo-primary"})
        assert "还没有选文件" in str(response.context["form"].errors["sent"])

    @pytest.mark.parametrize("written", ["没有的", "两个"])
    def test_a_place_that_is_not_clear_is_said_beside_the_field(
        self, city: City, client_of: Callable[[str], Client], written: str
    ) -> None:
        place(city["school"], "两个")
        place(city["school"], "两个")
        data = {"unit": "demo-primary", "sent": sent(), "place": written}
        response = client_of("clerk").post(reverse("new-evidence"), data)
        assert response.context["form"].errors["place"]
        assert not Evidence.objects.exists()

    def test_ones_own_unit_is_chosen_and_known_places_are_offered(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        place(city["school"], code="DW-7")
        place(city["second"], "别处的路口")
        text = client_of("clerk").get(reverse("new-evidence"), {"place": "DW-7"}).content.decode()
        assert '<option value="demo-primary" selected>' in text
        assert '<option value="DW-7">文庙路口' in text
        assert 'value="DW-7"' in text
        assert "别处的路口" not in text


class TestList:
    def shown(self, client: Client, **query: Any) -> list[str]:
        page = client.get(reverse("evidence"), query).context["list"].page
        return [row.file.name for row in page]

    def test_newest_first_and_only_ones_own(self, city: City, client_of: Callable[[str], Client]) -> None:
        for number in range(3):
            handed_in(city, jpeg(number), name=f"{number}.jpg")
        handed_in(city, jpeg(9), part="other_clerk", unit="second", name="theirs.jpg")
        assert self.shown(client_of("clerk")) == ["2.jpg", "1.jpg", "0.jpg"]
        assert len(self.shown(client_of("office"))) == 4

    def test_it_narrows_by_unit_place_maker_day_and_what_to_look_at(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        where = place(city["school"])
        handed_in(city, jpeg(1), name="plain.jpg")
        handed_in(city, jpeg(2), name="placed.jpg", place=where)
        handed_in(city, jpeg(3), name="class.jpg", unit="c98", part="recorder")
        handed_in(city, jpeg(1), name="again.jpg")
        handed_in(city, jpeg(4, exif=exif(taken="1980:01:01 00:00:00")), name="clock.jpg")
        handed_in(city, jpeg(6, (400, 300))[:3000], name="broken.jpg")
        handed_in(city, b"%PDF-1.7", name="a.pdf")
        old = timezone.now() - timedelta(days=20)
        handed_in(city, jpeg(7), name="old.jpg", taken_at=old)
        clerk = client_of("clerk")
        assert self.shown(clerk, unit=city["c98"].code) == ["class.jpg"]
        assert self.shown(clerk, place=where.uid) == ["placed.jpg"]
        assert self.shown(clerk, maker=city.persons["recorder"].uid) == ["class.jpg"]
        assert self.shown(clerk, look="alike") == ["again.jpg"]
        assert self.shown(clerk, look="doubt") == ["clock.jpg"]
        assert self.shown(clerk, look="refused") == ["broken.jpg"]
        assert self.shown(clerk, kind="document") == ["a.pdf"]
        day = f"{timezone.localtime(old):%Y-%m-%d}"
        assert self.shown(clerk, **{"from": day, "to": day}) == ["old.jpg"]

    def test_a_place_or_a_maker_beyond_the_offered_choices_is_found_all_the_same(
        self, city: City, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lists, "MOST_CHOICES", 0)
        where = place(city["school"])
        handed_in(city, name="placed.jpg", place=where)
        handed_in(city, jpeg(2), part="recorder", unit="c98", name="class.jpg")
        clerk = client_of("clerk")
        assert self.shown(clerk, place=where.uid) == ["placed.jpg"]
        assert self.shown(clerk, maker=city.persons["recorder"].uid) == ["class.jpg"]
        assert clerk.get(reverse("evidence"), {"place": "nowhere"}).status_code == 404

    @pytest.mark.parametrize("key", ["unit", "place", "maker"])
    def test_what_one_may_not_see_is_no_filter(self, city: City, client_of: Callable[[str], Client], key: str) -> None:
        theirs = place(city["second"])
        handed_in(city, part="other_clerk", unit="second", place=theirs)
        values: dict[str, Any] = {
            "unit": "demo-second-primary",
            "place": theirs.uid,
            "maker": city.persons["other_clerk"].uid,
        }
        assert client_of("clerk").get(reverse("evidence"), {key: values[key]}).status_code == 404

    def test_an_empty_list_says_what_to_do_next(self, city: City, client_of: Callable[[str], Client]) -> None:
        assert "还没有佐证" in client_of("clerk").get(reverse("evidence")).content.decode()

    def test_a_full_page_costs_few_queries(
        self, city: City, client_of: Callable[[str], Client], django_assert_max_num_queries: Any
    ) -> None:
        where = place(city["school"])
        for number in range(12):
            handed_in(city, jpeg(number, (48, 36)), place=where)
        client = client_of("clerk")
        with django_assert_max_num_queries(12):
            client.get(reverse("evidence"))


class TestPiece:
    def test_it_says_what_where_when_who_and_how_it_is_known(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        data = jpeg(exif=exif(lon=LON + 0.001, lat=LAT))
        row = handed_in(city, data, place=place(city["school"]), name="IMG_7.jpg")
        text = client_of("clerk").get(reverse("evidence-piece", args=[row.uid])).content.decode()
        for said in ("文庙路口", "IMG_7.jpg", "上传时间", "离点位 97 米", row.file.sha256[:16], "下载原件", "遮挡"):
            assert said in text, said

    def test_who_may_only_see_it_gets_no_verbs(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = handed_in(city, unit="c98")
        text = client_of("recorder").get(reverse("evidence-piece", args=[row.uid])).content.decode()
        assert "下载公开版" in text
        for verb in ("下载原件", "存说明", reverse("redact-evidence", args=[row.uid])):
            assert verb not in text

    def test_a_photo_that_does_not_open_says_why_and_what_to_do(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row = handed_in(city, jpeg(6, (400, 300))[:3000])
        text = client_of("clerk").get(reverse("evidence-piece", args=[row.uid])).content.decode()
        assert "照片打不开" in text
        assert "再传一次" in text

    def test_the_caption_form_takes_six_elements_and_says_what_is_wrong(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row, client = handed_in(city), client_of("clerk")
        address = reverse("caption-evidence", args=[row.uid])
        assert client.post(address, {"theme": "清扫", "said_who": "志愿者"}).status_code == 302
        row.refresh_from_db()
        assert (row.theme, row.said_who) == ("清扫", "志愿者")
        response = client.post(address, {"theme": "清扫", "taken_at": "2099-01-01T10:00"})
        assert "现在之后" in str(response.context["form"].errors["taken_at"])

    def test_a_doubt_is_answered_with_a_tick(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = handed_in(city, jpeg(exif=exif(taken="1980:01:01 00:00:00")))
        client = client_of("clerk")
        page = reverse("evidence-piece", args=[row.uid])
        assert "看过了" in client.get(page).content.decode()
        client.post(reverse("caption-evidence", args=[row.uid]), {"settled": "on"})
        row.refresh_from_db()
        assert row.doubts == []
        assert "看过了" not in client.get(page).content.decode()

    def test_it_is_a_line_for_whoever_refers_to_it(self, city: City) -> None:
        row = handed_in(city, place=place(city["school"]))
        refs = resolve("evidence", city.viewer("clerk"), [row.uid])
        assert "文庙路口" in refs[row.uid].label
        # Early in the morning it is still yesterday in Greenwich.
        Evidence.objects.update(taken_at=datetime(2026, 11, 19, 22, 30, tzinfo=UTC))
        assert resolve("evidence", city.viewer("clerk"), [row.uid])[row.uid].label.startswith("2026-11-20 ")
        assert resolve("evidence", city.viewer("other_clerk"), [row.uid]) == {}

    def test_a_page_costs_few_queries_however_many_are_alike(
        self, city: City, client_of: Callable[[str], Client], django_assert_max_num_queries: Any
    ) -> None:
        rows = [handed_in(city, encoded(picture(3), quality=40 + number)) for number in range(8)]
        client = client_of("clerk")
        with django_assert_max_num_queries(16):
            client.get(reverse("evidence-piece", args=[rows[0].uid]))


def test_a_places_page_can_show_its_newest_photos(city: City) -> None:
    where = place(city["school"])
    assert queries.place_panel(city.viewer("clerk"), where) is None
    for number in range(8):
        handed_in(city, jpeg(number), place=where)
    panel: dict[str, Any] = queries.place_panel(city.viewer("clerk"), where) or {}
    assert (panel["total"], len(panel["photos"])) == (8, 6)
    assert all(each.thumbnail for each in panel["photos"])
    assert queries.place_panel(city.viewer("other_clerk"), where) is None
    assert services.__all__
