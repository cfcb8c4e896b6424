"""One search over everything: an index that follows the sealed log, asked within the viewer's rights.

What is searched of a noun, the noun says itself (`core.registry.Noun.texts`). The index knows no rights: whatever it
finds goes through the noun's `resolve`, and nothing that does not come back from there is counted or told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from chuangwen.core import registry, search_index, search_words
from chuangwen.core.models import ChainHead, Event, ImportChange, SearchCursor, SearchEntry
from chuangwen.core.registry import Noun, Ref
from chuangwen.core.search_index import Hit, Stretch

# So many records are read and written under one lock.
BATCH = 500
FOLLOWED = 2000
# Of every noun so many of the newest are looked at; whoever sees few of many is walked on for, so far.
FIRST, FURTHER, MOST = 100, 5000, 20_000
MOST_EXACT = 5
LONGEST_QUERY = search_words.LONGEST_QUERY


@dataclass(frozen=True)
class Group:
    """What was found of one noun, newest first; `more` says that the viewer may see more of it than these."""

    noun: Noun
    refs: list[Ref]
    more: bool


@dataclass(frozen=True)
class Found:
    """`exact` are the records whose own name or number was typed, (noun, line) each; `groups` has no empty one."""

    exact: list[tuple[Noun, Ref]]
    groups: list[Group]


@dataclass
class _Walk:
    """How far the entries of one noun were looked at, and what of them the viewer may see."""

    noun: Noun
    refs: list[Ref] = field(default_factory=list)
    before: int = 0
    looked_at: int = 0
    done: bool = False

    def take(self, hits: list[Hit], visible: Mapping[UUID, Ref], *, is_all: bool, enough: int) -> None:
        self.refs += [visible[hit.uid] for hit in hits if hit.uid in visible]
        self.looked_at += len(hits)
        self.before = hits[-1].id if hits else self.before
        self.done = is_all or len(self.refs) > enough or self.looked_at >= MOST

    def group(self, words: str, limit: int) -> Group:
        plain = words.strip().casefold()
        self.refs.sort(key=lambda ref: (ref.label.casefold() != plain, plain not in ref.label.casefold()))
        return Group(self.noun, self.refs[:limit], len(self.refs) > limit)


def find(viewer: Any, words: str, *, nouns: Collection[str] | None = None, limit: int = 20) -> Found:
    """The records that have all of the words and that the viewer may see: at most `limit` of each noun, those first
    that are called so, then those that have it in their name, then the newest.

    Of a noun the newest 20,000 that have the words are looked at, whoever asks.
    """
    asked = search_words.asked(words)
    walks = [_Walk(noun) for noun in searched() if nouns is None or noun.key in nouns]
    if not asked.words or not walks:
        return Found([], [])
    stretches = [Stretch(walk.noun.key, FIRST) for walk in walks]
    hits = search_index.hits(asked, [*stretches, *([Stretch("", FIRST)] if asked.exact else [])])
    named = [hit for hit in hits if hit.branch == len(walks)]
    exact = _take(viewer, walks, [hit for hit in hits if hit.branch < len(walks)], FIRST, limit, named)
    while standing := [walk for walk in walks if not walk.done]:
        stretches = [Stretch(walk.noun.key, FURTHER, walk.before) for walk in standing]
        _take(viewer, standing, search_index.hits(asked, stretches), FURTHER, limit)
    return Found(exact[:MOST_EXACT], [walk.group(words, limit) for walk in walks if walk.refs])


def _take(
    viewer: Any, walks: list[_Walk], hits: list[Hit], many: int, enough: int, named: Collection[Hit] = ()
) -> list[tuple[Noun, Ref]]:
    """Each walk takes its hits, with one `resolve`; gives those of `named` that the viewer may see."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        found[hit.noun].append(hit)
    exact: list[tuple[Noun, Ref]] = []
    for walk in walks:
        mine = found[walk.noun.key]
        called = [hit.uid for hit in named if hit.noun == walk.noun.key]
        uids = dict.fromkeys([*called, *(hit.uid for hit in mine)])
        visible = registry.resolve(walk.noun.key, viewer, uids) if uids else {}
        walk.take(mine, visible, is_all=len(mine) < many, enough=enough)
        exact += [(walk.noun, visible[uid]) for uid in called if uid in visible]
    return exact


def searched() -> list[Noun]:
    """The nouns that say what is searched of them, in the order in which they were declared."""
    return [noun for noun in registry.nouns() if noun.texts and noun.every]


def follow(limit: int = FOLLOWED) -> int:
    """Take the next sealed events into the index; returns how many. Stopped half-way, it takes the same ones again."""
    cursor, _created = SearchCursor.objects.get_or_create(pk=1)
    events = list(Event.objects.filter(sequence__gt=cursor.sequence).order_by("sequence")[:limit])
    if not events:
        return 0
    touched = _touched(events)
    for noun in searched():
        _bring(noun, touched[noun.key])
    SearchCursor.objects.filter(pk=1, sequence__lt=events[-1].sequence).update(sequence=events[-1].sequence)
    return len(events)


def follow_to_the_end() -> int:
    """As `follow`, until every sealed event is taken."""
    taken = 0
    while some := follow():
        taken += some
    return taken


def reindex() -> dict[str, int]:
    """Read every record of every noun again; returns how many entries each noun has. Searching goes on meanwhile."""
    head = ChainHead.objects.filter(pk=1).first()
    SearchCursor.objects.get_or_create(pk=1)
    SearchEntry.objects.exclude(noun__in=[noun.key for noun in searched()]).delete()
    for noun in searched():
        there = set(noun.every() if noun.every else ())
        _bring(noun, there)
        stood = SearchEntry.objects.filter(noun=noun.key).values_list("subject_uid", flat=True)
        _bring(noun, set(stood) - there)
    search_index.mend()
    # What was sealed meanwhile is taken once more; nothing is lost by it.
    SearchCursor.objects.filter(pk=1).update(sequence=head.sequence if head else 0)
    return {noun.key: SearchEntry.objects.filter(noun=noun.key).count() for noun in searched()}


def _touched(events: Iterable[Event]) -> dict[str, set[UUID]]:
    """noun → the records whose text these events may have changed."""
    about: dict[str, set[UUID]] = defaultdict(set)
    wholly = set()
    for event in events:
        if event.subject_uid:
            about[event.noun].add(event.subject_uid)
        else:
            wholly.add(event.noun)
    brought = about["import"]
    changed = set(ImportChange.objects.filter(source__uid__in=brought).values_list("subject_uid", flat=True))
    for noun in searched():
        # Which noun a change was made to, only its importer knows: who is asked for a strange record knows no text.
        about[noun.key].update(changed, noun.of_import(brought) if brought and noun.of_import else ())
        if noun.every and noun.key in wholly:
            about[noun.key].update(noun.every())
    return _with_leaning(about)


def _with_leaning(about: Mapping[str, set[UUID]]) -> dict[str, set[UUID]]:
    """One step further: a record that names a unit is read again when the unit is called something else."""
    found = defaultdict(set, {key: set(uids) for key, uids in about.items()})
    for noun in searched():
        for key, uids in about.items():
            # As many as fit into one statement: an import may have touched more.
            for chunk in registry.batched(uids):
                found[noun.key].update(noun.leaning(key, chunk) if noun.leaning else ())
    return found


def _bring(noun: Noun, uids: Iterable[UUID]) -> None:
    for chunk in registry.batched(uids, BATCH):
        _write(noun, chunk)


@transaction.atomic
def _write(noun: Noun, uids: Collection[UUID]) -> None:
    """The entries of these records as they stand now. One writer at a time: an older text never comes last."""
    SearchCursor.objects.select_for_update().get(pk=1)
    texts = noun.texts(uids) if noun.texts else {}
    rows = SearchEntry.objects.filter(noun=noun.key, subject_uid__in=uids)
    rows.filter(subject_uid__in=[uid for uid in uids if not texts.get(uid)]).delete()
    stood = {uid: (grams, initials) for uid, grams, initials in rows.values_list("subject_uid", "grams", "initials")}
    entries = [
        entry for entry in _entries(noun, uids, texts) if stood.get(entry.subject_uid) != (entry.grams, entry.initials)
    ]
    _number(noun, entries)
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["noun", "subject_uid"],
        update_fields=["grams", "initials"],
    )


def _number(noun: Noun, entries: list[SearchEntry]) -> None:
    """New entries follow on the last of their noun. One that stood already keeps its key, and the new one is unused."""
    first = search_index.first_key(noun.key)
    last = SearchEntry.objects.filter(pk__gte=first, pk__lt=first + search_index.ROOM).aggregate(last=Max("pk"))["last"]
    for key, entry in enumerate(entries, start=(last or first) + 1):
        entry.pk = key


def _entries(noun: Noun, uids: Iterable[UUID], texts: Mapping[UUID, str | None]) -> Iterator[SearchEntry]:
    for uid in uids:
        if text := texts.get(uid):
            yield SearchEntry(
                noun=noun.key,
                subject_uid=uid,
                grams=search_words.grams(text),
                initials=search_words.initials(text),
            )
