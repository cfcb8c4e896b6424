"""The event log: written once, sealed into a chain in batches, and every change of it found."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core import clock, events
from chuangwen.core.digests import canonical, digest
from chuangwen.core.models import ChainHead, Event, EventDetail
from tests.factories.threads import reached_by_threads, side_by_side

UNIT = UUID("00000000-0000-0000-0000-00000000000a")


def write(count: int = 1, *, detail: str = "") -> list[Event]:
    return [
        events.record(
            "outcome.corrected",
            actor_uid=uuid4(),
            noun="outcome",
            subject_uid=uuid4(),
            unit_uid=UNIT,
            data={"from": number, "to": number + 1},
            detail=detail,
        )
        for number in range(count)
    ]


def faults() -> list[tuple[str, str]]:
    return [(fault.subject, fault.what) for fault in events.verify_chain()]


def named(event: Event, faults_found: list[tuple[str, str]]) -> list[str]:
    """What is said of this event; all faults must be about events that exist or about the chain."""
    return [what for subject, what in faults_found if str(event.uid) in subject]


@pytest.mark.django_db
class TestSealing:
    def test_an_event_is_written_with_its_digest_and_without_a_place_in_the_chain(self) -> None:
        (event,) = write()
        event.refresh_from_db()
        assert event.digest == events.digest_of(event)
        assert (event.sequence, event.previous_hash, event.hash) == (None, "", "")
        assert events.unsealed() == 1

    def test_sealing_links_each_to_the_one_before(self) -> None:
        write(3)
        assert events.seal() == 3
        first, second, third = Event.objects.order_by("sequence")
        assert [event.sequence for event in (first, second, third)] == [1, 2, 3]
        assert (first.previous_hash, second.previous_hash, third.previous_hash) == ("", first.hash, second.hash)
        head = ChainHead.objects.get(pk=1)
        assert (head.sequence, head.hash) == (3, third.hash)
        assert faults() == []

    def test_what_is_sealed_is_not_sealed_again_and_the_next_batch_goes_on_from_there(self) -> None:
        write(2)
        assert (events.seal(), events.seal()) == (2, 0)
        write(2)
        assert events.seal() == 2
        assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4]
        assert faults() == []

    def test_a_batch_has_its_limit_and_the_rest_waits_for_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(events, "SEAL_BATCH", 4)
        write(10)
        assert [events.seal() for _each in range(4)] == [4, 4, 2, 0]
        assert faults() == []

    def test_an_event_of_a_transaction_that_failed_never_was(self) -> None:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        assert Event.objects.count() == 0


@pytest.mark.django_db
class TestVerifying:
    @pytest.fixture
    def chain(self) -> list[Event]:
        made = write(5, detail="旧的数是 3，王老师说的")
        events.seal()
        return made

    def test_an_untouched_log_holds(self, chain: list[Event]) -> None:
        assert len(chain) == 5
        assert faults() == []

    @pytest.mark.parametrize(
        "altered",
        [
            {"data": {"from": 2, "to": 99}},
            {"verb": "outcome.recorded"},
            {"noun": "person"},
            {"actor_uid": uuid4()},
            {"subject_uid": None},
            {"unit_uid": None},
            {"at": clock.now() - timedelta(days=1)},
            {"detail_digest": ""},
        ],
        ids=lambda altered: next(iter(altered)),
    )
    def test_anything_altered_in_an_event_is_found_and_named(
        self, chain: list[Event], altered: dict[str, object]
    ) -> None:
        Event.objects.filter(pk=chain[2].pk).update(**altered)
        found = faults()
        assert "its content was altered after it was written" in named(chain[2], found)
        assert all(str(chain[2].uid) in subject for subject, _what in found)

    def test_so_is_one_that_was_altered_with_its_digest(self, chain: list[Event]) -> None:
        event = chain[2]
        event.refresh_from_db()
        event.data = {"from": 2, "to": 99}
        Event.objects.filter(pk=event.pk).update(data=event.data, digest=events.digest_of(event))
        assert named(event, faults()) == ["its link in the chain does not hold"]

    def test_so_is_one_whose_link_was_forged_too(self, chain: list[Event]) -> None:
        event = chain[2]
        event.refresh_from_db()
        event.data = {"from": 2, "to": 99}
        event.digest = events.digest_of(event)
        event.hash = events.link_hash(3, event.previous_hash, event.digest)
        event.save()
        assert named(chain[3], faults()) == ["its link in the chain does not hold"]

    @pytest.mark.parametrize("place", [0, 2])
    def test_a_deleted_event_is_missed(self, chain: list[Event], place: int) -> None:
        EventDetail.objects.filter(event=chain[place]).delete()
        Event.objects.filter(pk=chain[place].pk).delete()
        gone = f"events {place + 1} to {place + 1} are gone from the chain"
        assert gone in named(chain[place + 1], faults())

    def test_a_shortened_tail_is_missed(self, chain: list[Event]) -> None:
        EventDetail.objects.filter(event__in=chain[3:]).delete()
        Event.objects.filter(pk__in=[event.pk for event in chain[3:]]).delete()
        assert faults() == [("chain", "the head says 5 events, the log ends at 3")]

    def test_a_log_emptied_whole_is_missed(self, chain: list[Event]) -> None:
        EventDetail.objects.all().delete()
        Event.objects.all().delete()
        assert faults() == [("chain", "the head says 5 events, the log ends at 0")]

    def test_two_events_that_changed_places_are_found(self, chain: list[Event]) -> None:
        for event, sequence in ((chain[1], None), (chain[2], 2), (chain[1], 3)):
            Event.objects.filter(pk=event.pk).update(sequence=sequence)
        found = faults()
        assert named(chain[1], found)
        assert named(chain[2], found)

    def test_a_detail_can_be_deleted_and_the_chain_holds(self, chain: list[Event]) -> None:
        EventDetail.objects.filter(event=chain[1]).delete()
        assert faults() == []

    def test_a_detail_that_was_altered_is_found(self, chain: list[Event]) -> None:
        EventDetail.objects.filter(event=chain[1]).update(text="旧的数是 4")
        assert named(chain[1], faults()) == ["its detail was altered after it was written"]

    def test_what_is_not_sealed_yet_is_checked_too(self, chain: list[Event]) -> None:
        (fresh,) = write()
        Event.objects.filter(pk=fresh.pk).update(verb="x")
        assert named(fresh, faults()) == ["its content was altered after it was written"]

    def test_the_text_of_a_detail_stands_in_the_chain_only_as_a_salted_digest(self, chain: list[Event]) -> None:
        first, second = (EventDetail.objects.get(event=event) for event in chain[:2])
        assert first.text == second.text
        assert chain[0].detail_digest != chain[1].detail_digest
        assert first.text not in repr(list(Event.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_a_handler_runs_in_the_transaction_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bool] = []
    monkeypatch.setattr(events, "_handlers", {"told": [lambda _event: heard.append(connection.in_atomic_block)]})
    with transaction.atomic():
        events.record("told", actor_uid=None, noun="unit", subject_uid=None)
    assert heard == [True]


@pytest.mark.django_db
def test_a_handler_that_fails_takes_the_event_back_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_event: Event) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(events, "_handlers", {"told": [fail]})
    with pytest.raises(RuntimeError), transaction.atomic():
        events.record("told", actor_uid=None, noun="unit", subject_uid=None)
    assert not Event.objects.filter(verb="told").exists()


@pytest.mark.django_db
def test_a_chain_whose_tail_and_head_were_deleted_together_is_a_fault() -> None:
    for _each in range(3):
        events.record("told", actor_uid=None, noun="unit", subject_uid=None)
    events.seal()
    last = Event.objects.order_by("-sequence").first()
    assert last
    last.delete()
    ChainHead.objects.all().delete()
    assert [fault.subject for fault in events.verify_chain()] == ["chain"]


def test_connecting_a_handler_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {"told": []})
    for _each in range(2):
        events.on("told", print)
    assert events._handlers == {"told": [print]}


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), plain, max_size=5))
def test_the_order_of_the_keys_does_not_matter_to_a_digest(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(turned) == canonical(value)
    assert digest(turned) == digest(value)
    assert len(digest(value)) == 64


def test_what_cannot_be_written_as_json_is_not_hashed() -> None:
    with pytest.raises(TypeError, match="cannot be hashed"):
        digest({"a": object()})


@pytest.fixture
def _database_of_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """Threads reach the test database; one that lives in memory is copied to a file, where locks are real."""
    write(10)
    reached_by_threads(tmp_path, monkeypatch)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_database_of_threads")
def test_two_sealers_and_a_writer_at_once_leave_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each link takes long enough for the others to come in between reading the head and writing it."""
    link, writing, result = events.link_hash, threading.Event(), dict[str, object]()

    def slow_link(sequence: int, previous: str, event_digest: str) -> str:
        time.sleep(0.002)
        return link(sequence, previous, event_digest)

    def write_on() -> None:
        for _each in range(30):
            write()
            time.sleep(0.003)
        writing.set()

    def seal_on() -> None:
        while not writing.is_set():
            events.seal()
            time.sleep(0.01)

    def look() -> None:
        events.seal()
        result["faults"] = faults()
        result["sequences"] = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))

    monkeypatch.setattr(events, "link_hash", slow_link)
    assert side_by_side(seal_on, seal_on, write_on) == []
    assert side_by_side(look) == []
    assert result == {"faults": [], "sequences": list(range(1, 41))}
