"""The 140 items of the table, the sources they name, and the checklists that are made of them."""

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

from chuangwen.core import clock
from chuangwen.forms import services
from chuangwen.forms.models import Form, FormVersion
from chuangwen.forms.queries import asked
from chuangwen.forms.rules.model import VERDICTS, Kind

FOLDER = settings.REFERENCE_DIR / "checklists"
HEAD: dict[str, Any] = yaml.safe_load((FOLDER / "sources.yaml").read_text(encoding="utf-8"))
ITEMS: list[dict[str, Any]] = [
    item
    for file in sorted(FOLDER.glob("items_*.yaml"))
    for item in yaml.safe_load(file.read_text(encoding="utf-8"))["items"]
]
TYPES = {
    row["code"]
    for row in yaml.safe_load((settings.REFERENCE_DIR / "place_types.yaml").read_text(encoding="utf-8"))["place_types"]
}


def test_every_item_of_the_table_is_there_and_no_other() -> None:
    assert sorted({item["n"] for item in ITEMS}) == list(range(1, 141))
    keys = [(item["n"], item.get("part", 0)) for item in ITEMS]
    assert len(keys) == len(set(keys))


def test_every_item_names_known_sources_types_methods_and_is_said_in_both_languages() -> None:
    sources = {each["id"] for each in HEAD["sources"]}
    for item in ITEMS:
        assert item["src"], item["n"]
        assert set(item["src"]) <= sources, item["n"]
        assert set(item["types"]) <= TYPES, item["n"]
        assert item["how"], item["n"]
        assert item["zh"].strip(), item["n"]
        assert item["en"].strip(), item["n"]
    assert {source for item in ITEMS for source in item["src"]} == sources


def test_a_copy_of_unknown_hand_has_no_address() -> None:
    assert [each["id"] for each in HEAD["sources"] if each["grade"] in "CD" and "url" in each] == []
    assert {each["grade"] for each in HEAD["sources"]} == set("ABCD")


@pytest.mark.parametrize(
    ("number", "part", "rule"),
    [
        (1, 0, {"at_least": 5}), (7, 0, {"at_least": 5}), (8, 2, {"at_least": 3}), (12, 1, {"percent": 100}),
        (12, 2, {"percent": 99}), (28, 2, {"percent": 95}), (35, 0, {"at_least": 2}), (36, 1, {"at_least": 5}),
        (86, 0, {"percent": 30}), (88, 2, {"at_most": 15}), (91, 0, {"at_least": 10}),
        (97, 0, {"asked": 5, "correct": 3}), (104, 1, {"at_least": 10}), (105, 0, {"at_most": 66}),
        (112, 0, {"at_most": 80}), (119, 0, {"percent": 40}), (138, 0, {"at_least": 13}),
    ],
)  # fmt: skip
def test_the_numbers_of_a_rule_are_data(number: int, part: int, rule: dict[str, int]) -> None:
    (item,) = [each for each in ITEMS if (each["n"], each.get("part", 0)) == (number, part)]
    assert {name: item[name] for name in ("at_least", "at_most", "percent", "asked", "correct") if name in item} == rule


def test_a_photo_is_asked_for_only_on_the_spot_and_never_of_what_a_person_did_or_knew() -> None:
    for item in ITEMS:
        if item["group"] == "knowledge":
            assert "field" not in item["how"], item["n"]
    assert sum(bool(item.get("conduct")) for item in ITEMS) >= 12


@pytest.mark.django_db
def test_each_type_of_place_that_has_items_has_its_checklist() -> None:
    with_items = {each for item in ITEMS for each in item["types"]}
    assert set(Form.objects.filter(place_type__isnull=False).values_list("place_type", flat=True)) == with_items
    shown = {
        number for version in FormVersion.objects.all() for each in asked(version).questions() for number in each.items
    }
    assert shown == set(range(1, 141))


@pytest.mark.django_db
def test_a_checklist_says_that_it_is_a_sample_with_its_edition_and_its_sources() -> None:
    for version in FormVersion.objects.filter(form__code__startswith="check-"):
        form = asked(version)
        assert "不是任何一级的官方标准" in form.notice.zh
        assert form.edition == HEAD["edition"]
        assert all(each.sources and each.methods for each in form.questions())
        assert all(each.kind in VERDICTS for each in form.questions())
        assert len(set(re.findall(r"\S+", form.title.en))) > 1


@pytest.mark.django_db
def test_the_school_is_asked_how_many_pupils_recite_and_only_numbers_are_kept() -> None:
    form = asked(FormVersion.objects.get(form__code="check-school"))
    (recite,) = [each for each in form.questions() if each.items == (97,)]
    assert (recite.kind, recite.asked, recite.correct) == (Kind.ASKED, 5, 3)
    assert "photo" not in recite.proof
    assert "不记姓名" in recite.sample.zh


@pytest.mark.django_db
def test_painted_lines_are_an_exception_that_the_inspector_sees() -> None:
    form = asked(FormVersion.objects.get(form__code="check-trunk-road"))
    (stalls,) = [each for each in form.questions() if each.items == (5,)]
    assert "划线以内" in stalls.exceptions[0].zh


@pytest.mark.django_db
def test_loading_again_changes_nothing() -> None:
    before = list(Form.objects.values_list()), list(FormVersion.objects.values_list())
    _bring()
    assert (list(Form.objects.values_list()), list(FormVersion.objects.values_list())) == before


@pytest.mark.django_db
def test_a_changed_file_makes_a_new_version_and_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HEAD, "edition", "2027-1")
    _bring()
    versions = list(FormVersion.objects.filter(form__code="check-market"))
    assert [(each.number, each.source["edition"], each.retired_at is None) for each in versions] == [
        (2, "2027-1", True),
        (1, "2026-1", False),
    ]


@pytest.mark.django_db
def test_what_was_edited_here_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    Form.objects.filter(code="check-market").update(edited_at=clock.now(), name="本市菜市场检查表")
    monkeypatch.setitem(HEAD, "edition", "2027-1")
    _bring()
    form = Form.objects.get(code="check-market")
    assert (form.name, form.versions.count()) == ("本市菜市场检查表", 1)
    assert Form.objects.get(code="check-school").versions.count() == 2


def _bring() -> None:
    ordered = sorted(ITEMS, key=lambda item: (item["n"], item.get("part", 0)))
    services.load_reference({"head": HEAD, "items": ordered})
