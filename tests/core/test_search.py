"""The search index follows the sealed log, and whoever asks finds what they may see and nothing else."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from chuangwen.core import database, events, registry, search, search_index, search_words
from chuangwen.core.models import SearchCursor, SearchEntry
from chuangwen.core.registry import Noun, Ref
from chuangwen.interop import services as interop
from chuangwen.people import services as people
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit
from chuangwen.people.unit_queries import unit_values
from chuangwen.places import services as places
from tests.factories import records
from tests.factories.city import City
from tests.factories.duties import DutyFactory
from tests.factories.people import PersonFactory
from tests.factories.places import MIDDLE, place
from tests.interop.test_bring_in import take
from tests.interop.workbooks import book, sheet

pytestmark = pytest.mark.django_db
STAFF = ["人员代码", "姓名", "职务"]


def sealed() -> int:
    while events.seal():
        pass
    return search.follow_to_the_end()


def found(viewer: Viewer, words: str, **more: Any) -> dict[str, list[str]]:
    """noun → labels."""
    return {group.noun.key: [ref.label for ref in group.refs] for group in search.find(viewer, words, **more).groups}


def test_what_is_entered_is_found_once_its_event_is_sealed(city: City) -> None:
    clerk = city.viewer("head")
    people.add_person(clerk, unit=city["school"], code="t-0512", name="文静", title="总务主任")
    assert found(clerk, "文静") == {}
    assert search.follow() == 0
    assert sealed() == 1
    for words in ("文静", "文", "静", "wj", "t-0512", "0512", "总务", "zwzr", "实验小学 主任", "T-05"):
        assert found(clerk, words)["person"] == ["安澜市实验小学 文静"], words
    for words in ("文静 校长", "静文", "512", "jw"):
        assert "person" not in found(clerk, words), words
    assert search.follow() == 0


def test_following_again_from_the_start_changes_nothing(city: City) -> None:
    people.add_person(city.viewer("head"), unit=city["school"], code="t1", name="文静")
    sealed()
    before = list(SearchEntry.objects.order_by("pk").values())
    SearchCursor.objects.update(sequence=0)
    assert search.follow_to_the_end() == 1
    assert list(SearchEntry.objects.order_by("pk").values()) == before


def test_a_few_events_at_a_time_come_to_the_same(city: City) -> None:
    for number in range(5):
        people.add_person(city.viewer("head"), unit=city["school"], code=f"t{number}", name="文静")
    events.seal()
    assert [search.follow(2) for _each in range(4)] == [2, 2, 1, 0]
    assert len(found(city.viewer("head"), "文静")["person"]) == 5


def test_who_has_left_and_what_was_withdrawn_is_not_found(city: City) -> None:
    office = city.viewer("office")
    person = people.add_person(office, unit=city["school"], code="t1", name="文静")
    there = place(city["school"], name="文庙路")
    events.record("place.added", actor_uid=None, noun="place", subject_uid=there.uid)
    sealed()
    assert set(found(office, "文")) == {"person", "place"}
    people.let_go(office, person=person)
    places.withdraw_place(office, uid=there.uid, reason="记错")
    sealed()
    assert found(office, "文") == {}


def test_a_new_name_is_found_and_the_old_one_is_not(city: City) -> None:
    office = city.viewer("office")
    there = place(city["school"], name="文庙路", type_code="market")
    events.record("place.added", actor_uid=None, noun="place", subject_uid=there.uid)
    sealed()
    places.change_place(office, uid=there.uid, name="学府路", place_type=there.type)
    sealed()
    assert found(office, "文庙路") == {}
    assert found(office, "学府路") == {"place": ["学府路"]}


def test_when_a_unit_is_called_something_else_its_persons_are_found_under_the_new_name(city: City) -> None:
    office = city.viewer("office")
    people.add_person(office, unit=city["hospital"], code="t1", name="文静")
    sealed()
    unit = city["hospital"]
    people.edit_unit(office, unit=unit, values={"name": "安澜市青禾医院"}, seen=unit_values(unit))
    sealed()
    assert found(office, "青禾 文静") == {"person": ["安澜市青禾医院 文静"]}
    assert found(office, "康宁 文静") == {}


def test_several_units_of_one_event_are_all_found(city: City) -> None:
    people.add_units(city.viewer("head"), parent=city["school"], kind="class", names=[("k1", "甲班"), ("k2", "乙班")])
    sealed()
    assert found(city.viewer("head"), "甲班") == {"unit": ["k1"]}
    assert found(city.viewer("head"), "k2") == {"unit": ["k2"]}


class TestImports:
    def brought(self, city: City, *rows: list[str]) -> Any:
        done = interop.bring_in(take(city, book(sheet("人员名册", STAFF, list(rows)))))
        sealed()
        return done

    def undone(self, city: City, done: Any) -> None:
        interop.undo(city.viewer("clerk"), done, reason="传错")
        interop.withdraw(done, undone_by=city.persons["clerk"].uid, reason="传错")
        sealed()

    def test_what_comes_with_a_workbook_is_found_and_goes_with_it(self, city: City) -> None:
        done = self.brought(city, ["m01", "文静", "护理"], ["m02", "", "保洁"])
        clerk = city.viewer("clerk")
        assert found(clerk, "文静") == {"person": ["安澜市实验小学 文静"]}
        assert found(clerk, "保洁") == {"person": ["安澜市实验小学 m02"]}
        self.undone(city, done)
        assert found(clerk, "文静") == found(clerk, "保洁") == {}

    def test_what_a_workbook_changed_is_found_under_its_old_name_after_the_undo(self, city: City) -> None:
        self.brought(city, ["m01", "文静", "护理"])
        later = self.brought(city, ["m01", "文雅", "护理"])
        clerk = city.viewer("clerk")
        assert found(clerk, "文雅")
        assert not found(clerk, "文静")
        self.undone(city, later)
        assert found(clerk, "文静")
        assert not found(clerk, "文雅")


def test_every_noun_of_the_product_is_found_by_reindex_and_pupils_are_not(city: City) -> None:
    own = records.build(city)
    duty = DutyFactory.create(unit=city["school"], name="文庙路岗")
    head = city.viewer("head")
    assert found(head, own.report.code) == {}
    counts = search.reindex()
    assert set(counts) == {"case", "place", "unit", "person", "report", "duty", "evidence"}
    assert min(counts.values()) > 0
    assert found(head, own.report.code)["report"]
    assert "安澜市实验小学" in found(head, "demo-primary")["unit"]
    assert found(head, "文庙路岗") == {"duty": [f"安澜市实验小学 {duty.name}"]}
    assert set(found(head, records.NOTE)) >= {"case", "place", "evidence", "person"}
    assert own.pupil.is_pupil
    assert "person" not in found(head, own.pupil.code)
    assert not SearchEntry.objects.filter(subject_uid=own.pupil.uid).exists()


def test_reindex_mends_what_is_missing_and_takes_out_what_is_gone(city: City) -> None:
    search.reindex()
    before = dict(SearchEntry.objects.values_list("subject_uid", "grams"))
    SearchEntry.objects.filter(noun="unit").first().delete()  # type: ignore[union-attr]
    SearchEntry.objects.create(id=7, noun="gone", subject_uid=uuid4(), grams="wgone")
    stray = search_index.first_key("unit") + 900
    SearchEntry.objects.create(id=stray, noun="unit", subject_uid=uuid4(), grams="wgone")
    PersonFactory.create(unit=city["school"], code="new", name="新人")
    out = StringIO()
    call_command("reindex", stdout=out)
    after = dict(SearchEntry.objects.values_list("subject_uid", "grams"))
    assert after.keys() - before.keys() == {Person.objects.get(code="new").uid}
    assert after.items() >= before.items()
    assert f"unit{Unit.objects.count():>17,}" in out.getvalue()


class TestRights:
    def test_another_units_person_is_neither_found_nor_counted(self, city: City) -> None:
        people.add_person(city.viewer("office"), unit=city["second"], code="t1", name="文静")
        sealed()
        assert found(city.viewer("office"), "文静")
        for part in ("clerk", "stranger", "recorder"):
            answer = search.find(city.viewer(part), "文静")
            assert (answer.groups, answer.exact) == ([], []), part

    def test_who_sees_few_of_many_finds_them_behind_all_the_others(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "FIRST", 5)
        monkeypatch.setattr(search, "FURTHER", 10)
        own = PersonFactory.create(unit=city["school"], code="own", name="文静")
        for number in range(30):
            PersonFactory.create(unit=city["second"], code=f"t{number}", name="文静")
        search.reindex()
        SearchEntry.objects.filter(subject_uid=own.uid).update(id=search_index.first_key("person"))
        clerk = search.find(city.viewer("clerk"), "文静", nouns=["person"])
        assert [[ref.uid for ref in group.refs] for group in clerk.groups] == [[own.uid]]
        assert not clerk.groups[0].more
        office = search.find(city.viewer("office"), "文静", nouns=["person"], limit=20)
        assert (len(office.groups[0].refs), office.groups[0].more) == (20, True)

    def test_it_looks_so_far_and_no_further(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[int] = []

        def resolve(_viewer: object, uids: Any) -> dict[Any, Ref]:
            asked.append(len(uids))
            return {}

        monkeypatch.setattr(registry, "_nouns", {})
        monkeypatch.setattr(search, "FIRST", 2)
        monkeypatch.setattr(search, "FURTHER", 3)
        monkeypatch.setattr(search, "MOST", 7)
        uids = [uuid4() for _each in range(20)]
        registry.add_noun(
            Noun("row", "行", resolve, lambda _uids: {}, lambda some: dict.fromkeys(some, "文"), lambda: uids)
        )
        search.reindex()
        assert search.find(None, "文").groups == []
        assert asked == [2, 3, 3]


def test_what_is_called_exactly_so_comes_first_however_many_are_newer(city: City) -> None:
    first = place(city["school"], name="文庙路", code="11-0512")
    for number in range(12):
        place(city["school"], name=f"文庙路{number}号", at=(MIDDLE[0], MIDDLE[1] + number / 1000))
    search.reindex()
    head = city.viewer("head")
    for words in ("文庙路", "11-0512", "110512"):
        assert [ref.uid for _noun, ref in search.find(head, words).exact] == [first.uid], words
    assert search.find(head, "文庙路", limit=3).groups[0].refs[0].uid == first.uid
    assert search.find(head, "11-051").exact == []
    assert [ref.uid for ref in search.find(head, "11-051").groups[0].refs] == [first.uid]
    assert search.find(city.viewer("other_clerk"), "11-0512").exact == []


def test_signs_of_the_databases_own_languages_are_no_signs_here(city: City) -> None:
    search.reindex()
    for words in ("' OR 1=1", '"*"', "NEAR(a b)", "a & | ! b", "%_", "\x00文", "(((", "-- ;", "\\", "文:*"):
        search.find(city.viewer("office"), words)


def test_both_databases_answer_from_the_index(city: City) -> None:
    entries = [
        SearchEntry(
            id=search_index.first_key("case") + number,
            noun="case",
            subject_uid=uuid4(),
            grams=search_words.grams("稀见" if number == 7 else f"第{number}件 井盖破损"),
        )
        for number in range(3000)
    ]
    SearchEntry.objects.bulk_create(entries, batch_size=500)
    database.refresh_statistics()
    plan = search_index.explain(search_words.asked("稀见"), "case")
    assert "VIRTUAL TABLE INDEX" in plan or "core_search_vector" in plan
    assert "SCAN e" not in plan
    assert "Seq Scan" not in plan
