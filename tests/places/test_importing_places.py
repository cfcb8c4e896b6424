"""A unit's list of places comes in from a workbook or GeoJSON, in whatever coordinate system it says."""

import json
from typing import Any

import pytest

from chuangwen.core.models import Import, ImportState
from chuangwen.interop import queries as import_queries
from chuangwen.interop import services
from chuangwen.places.coordinates import CoordinateSystem, from_wgs84
from chuangwen.places.geometry import metres_between_points
from chuangwen.places.models import Charge, Place, PlaceType, Responsibility
from tests.factories.city import City
from tests.factories.places import MIDDLE, boundary, place
from tests.interop.sending import send as send_import
from tests.interop.sending import told
from tests.interop.workbooks import book, sheet

HEADINGS = ["编号", "名称", "类型", "地址", "经度", "纬度", "坐标系", "责任单位"]
Row = list[object]


def row(number: int, *, at: tuple[float, float] = MIDDLE, system: str = "WGS-84", **more: Any) -> Row:
    values = {"name": f"市场 {number}", "type": "集贸市场", "address": "", "lead": ""} | more
    return [f"M-{number}", values["name"], values["type"], values["address"], *at, system, values["lead"]]


def send(city: City, rows: list[Row], *, headings: list[str] | None = None, **more: Any) -> Import:
    data = book(sheet("点位", headings or HEADINGS, rows))
    return send_file(city, data, "点位.xlsx", **more)


def send_file(city: City, data: bytes, name: str, *, part: str = "office", coordinates: str = "") -> Import:
    unit = city["city"] if part == "office" else city["school"]
    taken = services.take_workbook(city.viewer(part), unit=unit, name=name, chunks=[data], coordinates=coordinates)
    return services.bring_in(taken)


def codes(sent: Import) -> list[tuple[int, str]]:
    assert sent.state == ImportState.REFUSED, sent.state
    assert Place.objects.filter(type_id="market").count() == 0
    return [(each["row"], each["code"]) for each in sent.problems]


@pytest.mark.parametrize(
    ("written", "system"),
    [("WGS-84", CoordinateSystem.WGS84), ("高德", CoordinateSystem.GCJ02), ("百度", CoordinateSystem.BD09)],
)
def test_a_position_is_kept_in_wgs84_whatever_system_it_was_written_in(
    city: City, written: str, system: CoordinateSystem
) -> None:
    boundary(city["city"])
    assert send(city, [row(1, at=from_wgs84(system, *MIDDLE), system=written)]).state == ImportState.DONE
    found = Place.objects.get(code="M-1")
    assert metres_between_points((found.lon, found.lat), MIDDLE) < 0.02


def test_the_system_may_be_stated_for_the_whole_file_instead(city: City) -> None:
    headings = [heading for heading in HEADINGS if heading != "坐标系"]
    at = from_wgs84(CoordinateSystem.GCJ02, *MIDDLE)
    rows: list[Row] = [["M-1", "石桥市场", "集贸市场", "", *at, ""]]
    silent = send(city, rows, headings=headings)
    assert codes(silent) == [(3, "column_missing")]
    assert send(city, rows, headings=headings, coordinates="gcj02").state == ImportState.DONE
    assert metres_between_points((Place.objects.get(code="M-1").lon, Place.objects.get(code="M-1").lat), MIDDLE) < 0.02


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (row(2, at=(29.03, 111.69)), "axes_swapped"),
        (row(2, at=(122.5, 29.03)), "outside_city"),
        (row(2, at=(0.0, 0.0)), "outside_city"),
        (row(2, system="北京54"), "unknown_choice"),
        (row(2, type="菜场"), "unknown_choice_of_many"),
        (["M-2", "市场", "集贸市场", "", "", "", "WGS-84", ""], "no_position"),
        (["M-2", "市场", "集贸市场", "", 111.69, "", "WGS-84", ""], "half_a_position"),
        (["M-2", "市场", "集贸市场", "", "东经", 29.03, "WGS-84", ""], "not_a_degree"),
        (["M-2", "市场", "集贸市场", "", 500, 29.03, "WGS-84", ""], "off_the_globe"),
        (row(1, name="别的"), "same_as_row"),
        (row(2, lead="没有的局"), "unknown_choice"),
    ],
)
def test_a_bad_row_is_named_and_no_place_comes_in(city: City, bad: Row, code: str) -> None:
    boundary(city["city"])
    assert codes(send(city, [row(1), bad, row(3)])) == [(5, code)]


def test_degrees_minutes_and_seconds_are_read(city: City) -> None:
    boundary(city["city"])
    written: Row = ["M-1", "市场", "集贸市场", "", "111°41′24″E", "29°01′48″N", "WGS-84", ""]
    assert send(city, [written]).state == ImportState.DONE
    found = Place.objects.get(code="M-1")
    assert (found.lon, found.lat) == pytest.approx((111.69, 29.03))


def test_a_retired_type_is_refused_by_its_name(city: City) -> None:
    PlaceType.objects.filter(code="market").update(retired_on="2026-01-01")
    assert codes(send(city, [row(1)])) == [(4, "type_retired")]


def test_a_type_that_was_renamed_here_is_known_by_its_old_name_too(city: City) -> None:
    PlaceType.objects.filter(code="market").update(name="菜市场")
    sent = send(city, [row(1), row(2, type="菜市场", at=(111.7, 29.03))])
    assert sent.state == ImportState.DONE
    assert Place.objects.filter(type="market").count() == 2


def test_a_type_that_is_none_is_answered_with_those_of_the_register_first(city: City) -> None:
    (problem,) = import_queries.explained(send(city, [row(1, type="药铺子")]).problems)
    assert problem["mend"].startswith("可以填：责任区、网格、主次干道")


def test_segments_and_areas_come_as_corners_or_as_geojson(city: City) -> None:
    headings = ["名称", "类型", "图形", "坐标系"]
    area = json.dumps(
        {"type": "Polygon", "coordinates": [[[111.6, 29.0], [111.7, 29.0], [111.7, 29.1], [111.6, 29.0]]]}
    )
    rows: list[Row] = [
        ["学府路", "主次干道", "111.69,29.03; 111.70,29.03；111.71，29.04", "WGS-84"],
        ["柳堤网格", "网格", "111.69,29.03; 111.70,29.03; 111.70,29.04", "WGS-84"],
        ["望山公园", "公园", area, "WGS-84"],
    ]
    assert send(city, rows, headings=headings).state == ImportState.DONE
    drawn = {each.name: each for each in Place.objects.all()}
    assert drawn["学府路"].geometry["type"] == "LineString"
    assert drawn["柳堤网格"].geometry["type"] == "Polygon"
    assert drawn["望山公园"].extended
    crossing: Row = ["反面", "网格", "111.69,29.03; 111.70,29.04; 111.70,29.03; 111.69,29.04", "WGS-84"]
    wrong: Row = ["路口", "交通路口", "111.69,29.03; 111.70,29.03", "WGS-84"]
    refused = send(city, [crossing, wrong], headings=headings)
    assert [each["code"] for each in refused.problems] == ["area_crosses_itself", "wrong_shape"]


def test_the_same_workbook_with_a_place_moved_moves_it_and_nothing_else(city: City) -> None:
    boundary(city["city"])
    send(city, [row(1), row(2, at=(111.70, 29.03))])
    moved = send(city, [row(1, at=(111.695, 29.03)), row(2, at=(111.70, 29.03))])
    assert (moved.sheets[0]["changed"], moved.sheets[0]["skipped"]) == (1, 1)
    assert Place.objects.get(code="M-1").lon == pytest.approx(111.695)
    (line,) = [line for each in moved.preview["点位"]["changed_rows"] for line in each["lines"]]
    assert (line["column"], line["before"], line["after"]) == ("经度", "111.69", "111.695")


def test_rows_that_look_like_a_place_or_like_one_another_are_pointed_out_and_come_in(city: City) -> None:
    boundary(city["city"])
    place(city["school"], (111.69015, 29.03), name="老市场")
    sent = send(
        city, [row(1), row(2, at=(111.70, 29.04), name="新桥市场"), row(3, at=(111.7015, 29.04), name="新桥 市场")]
    )
    assert sent.state == ImportState.DONE
    assert [(each["row"], each["params"]["name"]) for each in sent.preview["点位"]["doubts"]] == [
        (4, "老市场"),
        (6, "新桥市场"),
    ]
    page = city.client("office").get(f"/imports/{sent.uid}/").content.decode()
    assert "像是同一个点位" in told(page)


def test_the_unit_in_charge_comes_in_with_its_place_and_goes_with_it(city: City) -> None:
    sent = send(city, [row(1, lead="市教育局"), row(2, at=(111.70, 29.03))])
    charge = Responsibility.objects.get()
    assert (charge.unit, charge.charge, charge.place.code) == (city["education"], Charge.LEAD, "M-1")
    services.undo(city.viewer("office"), sent, reason="传错了")
    services.withdraw(sent, undone_by=city.viewer("office").uid, reason="传错了")
    sent.refresh_from_db()
    assert sent.state == ImportState.UNDONE
    assert (Place.objects.count(), Responsibility.objects.count()) == (0, 0)
    again = send(city, [row(1, lead="市教育局")])
    assert again.state == ImportState.DONE
    assert Responsibility.objects.get().place.code == "M-1"


def test_another_unit_in_charge_in_a_later_workbook_is_pointed_out(city: City) -> None:
    send(city, [row(1, lead="市教育局")])
    later = send(city, [row(1, lead="安澜市实验小学", name="改名市场")])
    assert [each["code"] for each in later.preview["点位"]["doubts"]] == ["other_in_charge"]
    assert Responsibility.objects.get().unit == city["education"]


def test_swapped_axes_are_mended_in_the_page_with_an_input_for_each(city: City) -> None:
    boundary(city["city"])
    office = city.client("office")
    sent = send_import(office, city["city"], book(sheet("点位", HEADINGS, [row(1, at=(29.03, 111.69))])))
    page = office.get(f"/imports/{sent.uid}/").content.decode()
    assert 'name="cell-0-4-lon"' in page
    assert 'name="cell-0-4-lat"' in page
    office.post(f"/imports/{sent.uid}/mend/", {"cell-0-4-lon": "111.69", "cell-0-4-lat": "29.03"})
    sent.refresh_from_db()
    assert sent.state == ImportState.READY, sent.problems


class TestGeojson:
    @staticmethod
    def file(*features: dict[str, Any], **more: Any) -> bytes:
        return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()

    @staticmethod
    def feature(name: str = "石桥市场", at: tuple[float, float] = MIDDLE, **properties: Any) -> dict[str, Any]:
        geometry = {"type": "Point", "coordinates": list(at)}
        return {"type": "Feature", "geometry": geometry, "properties": {"name": name, "type": "market", **properties}}

    def test_it_comes_in_like_a_workbook_with_a_row_for_each_feature(self, city: City) -> None:
        boundary(city["city"])
        line = {"type": "LineString", "coordinates": [[111.69, 29.03], [111.70, 29.03]]}
        road = {"type": "Feature", "geometry": line, "properties": {"name": "学府路", "type": "主次干道", "lanes": 4}}
        sent = send_file(city, self.file(self.feature(), road), "点位.geojson", coordinates="wgs84")
        assert sent.state == ImportState.DONE, sent.problems
        assert sent.sheets[0]["ignored"] == ["lanes (C)"]
        assert {each.name for each in Place.objects.filter(source=sent)} == {"石桥市场", "学府路"}

    def test_a_system_that_the_file_states_is_taken(self, city: City) -> None:
        boundary(city["city"])
        data = self.file(self.feature(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
        assert send_file(city, data, "点位.geojson").state == ImportState.DONE

    def test_one_that_states_none_is_asked_for_it(self, city: City) -> None:
        sent = send_file(city, self.file(self.feature()), "点位.geojson")
        assert [each["code"] for each in sent.problems] == ["column_missing"]

    def test_swapped_axes_are_named_by_row(self, city: City) -> None:
        boundary(city["city"])
        data = self.file(self.feature(), self.feature("乙", (29.03, 111.69)))
        sent = send_file(city, data, "点位.geojson", coordinates="wgs84")
        assert [(each["row"], each["code"]) for each in sent.problems] == [(3, "axes_swapped")]

    @pytest.mark.parametrize(
        "data",
        [
            b"{",
            b"[]",
            b"null",
            b'{"type": "Feature"}',
            b'{"type": "FeatureCollection", "features": [1]}',
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": 3}]}',
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": NaN}}]}',
            b"[" * 100_000,
        ],
    )
    def test_what_is_no_geojson_is_refused_in_a_sentence(self, city: City, data: bytes) -> None:
        sent = send_file(city, data, "点位.geojson", coordinates="wgs84")
        assert [each["code"] for each in sent.problems] == ["not_geojson"]
        assert "另存为 GeoJSON" in import_queries.explained(sent.problems)[0]["mend"]

    def test_a_file_without_features_has_no_rows(self, city: City) -> None:
        sent = send_file(city, self.file(), "点位.geojson", coordinates="wgs84")
        assert sent.state == ImportState.REFUSED


@pytest.mark.parametrize(("part", "state"), [("clerk", ImportState.DONE), ("head", ImportState.DONE)])
def test_a_unit_brings_in_its_own_places(city: City, part: str, state: str) -> None:
    assert send(city, [row(1)], part=part).state == state
    assert Place.objects.get().unit == city["school"]


def test_a_unit_does_not_draw_the_ground_of_the_city(city: City) -> None:
    outline = json.dumps({"type": "Polygon", "coordinates": [[[100, 20], [120, 20], [120, 40], [100, 20]]]})
    rows: list[Row] = [["大市界", "市界", outline, "WGS-84"]]
    sent = send(city, rows, headings=["名称", "类型", "图形", "坐标系"], part="clerk")
    assert [each["code"] for each in sent.problems] == ["ground_of_the_city"]


def test_charges_name_a_place_by_code_or_name_with_person_and_season(city: City) -> None:
    send(city, [row(1), row(2, name="新桥市场", at=(111.7, 29.03))])
    headings = ["点位", "责任单位", "负责方式", "人员代码", "季节起", "季节止", "起始日期"]
    rows: list[Row] = [
        ["M-1", "安澜市实验小学", "包保领导", "head", "11-01", "3月31日", "2026-03-01"],
        ["新桥市场", "市教育局", "配合", "", "", "", ""],
    ]
    sent = send_file(city, book(sheet("点位责任", headings, rows)), "责任.xlsx")
    assert sent.state == ImportState.DONE, sent.problems
    sponsor, assist = Responsibility.objects.order_by("source_row")
    assert (sponsor.person, sponsor.season_from, sponsor.season_to) == (city.persons["head"], 1101, 331)
    assert (assist.charge, assist.season_from) == (Charge.ASSIST, None)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (["没有的", "市教育局", "配合", "", "", "", ""], "unknown_place"),
        (["同名", "市教育局", "配合", "", "", "", ""], "ambiguous_place"),
        (["M-1", "市教育局", "看管", "", "", "", ""], "unknown_choice"),
        (["M-1", "市教育局", "配合", "head", "", "", ""], "person_of_another_unit"),
        (["M-1", "市教育局", "配合", "", "11-01", "", ""], "half_a_season"),
        (["M-1", "市教育局", "配合", "", "2月30日", "3-1", ""], "not_a_season"),
    ],
)
def test_a_bad_charge_is_named(city: City, bad: Row, code: str) -> None:
    send(city, [row(1), row(2, name="同名", at=(111.7, 29.03)), row(3, name="同名", at=(111.75, 29.03))])
    headings = ["点位", "责任单位", "负责方式", "人员代码", "季节起", "季节止", "起始日期"]
    sent = send_file(city, book(sheet("点位责任", headings, [bad])), "责任.xlsx")
    assert [each["code"] for each in sent.problems] == [code]
    assert Responsibility.objects.count() == 0
