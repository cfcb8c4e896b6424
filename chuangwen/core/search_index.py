"""The search index as each database keeps it: what is asked becomes one statement, FTS5's or PostgreSQL's.

The entries of a noun have their keys side by side, so that both databases give the newest of one noun in the order in
which they find them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from django.db import connection

from chuangwen.core.search_words import Asked, Phrase

ROOM = 2**32

SQLITE = (
    "SELECT * FROM (SELECT e.id, e.noun, e.subject_uid, %s AS branch FROM core_search AS s"
    " JOIN core_searchentry AS e ON e.id = s.rowid"
    " WHERE s.core_search MATCH %s AND s.rowid >= %s AND s.rowid < %s ORDER BY s.rowid DESC LIMIT %s)"
)
POSTGRESQL = (
    "(SELECT id, noun, subject_uid, %s AS branch FROM core_searchentry"
    " WHERE vector @@ %s::tsquery AND id >= %s AND id < %s ORDER BY id DESC LIMIT %s)"
)


def first_key(noun: str) -> int:
    """Where the keys of a noun begin; there is room for `ROOM`."""
    return (crc32(noun.encode()) % 2**31) * ROOM


@dataclass(frozen=True)
class Hit:
    """An entry that has what is asked; `branch` is the place of its Stretch."""

    id: int
    noun: str
    uid: UUID
    branch: int


@dataclass(frozen=True)
class Stretch:
    """The `many` newest entries of a noun, those before an id where one is given. Without noun: those of all nouns
    whose name or number is what was typed.
    """

    noun: str
    many: int
    before: int = 0

    @property
    def keys(self) -> tuple[int, int]:
        """From this one to before that one."""
        if not self.noun:
            return 0, 2**31 * ROOM - 1
        first = first_key(self.noun)
        return first, self.before or first + ROOM - 1


def hits(asked: Asked, stretches: Sequence[Stretch]) -> list[Hit]:
    """Of every stretch the entries that match, newest first, all in one statement."""
    if not stretches:
        return []
    statement, params = _statement(asked, stretches)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    return [Hit(pk, noun, UUID(str(uid)), branch) for pk, noun, uid, branch in rows]


def explain(asked: Asked, noun: str) -> str:
    """The database's own plan for a first page of one noun."""
    statement, params = _statement(asked, [Stretch(noun, 20)])
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(prefix + statement, params)
        return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


def mend() -> None:
    """SQLite's index made anew from the table; PostgreSQL's is a part of it and cannot differ."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_search(core_search) VALUES ('rebuild')")


def _statement(asked: Asked, stretches: Sequence[Stretch]) -> tuple[str, list[int | str]]:
    sqlite = connection.vendor == "sqlite"
    params: list[int | str] = []
    for branch, each in enumerate(stretches):
        wanted = _fts5(asked, each) if sqlite else _tsquery(asked, each)
        params += [branch, wanted, *each.keys, each.many]
    return " UNION ALL ".join([SQLITE if sqlite else POSTGRESQL] * len(stretches)), params


def _fts5(asked: Asked, stretch: Stretch) -> str:
    if not stretch.noun:
        return f'"{asked.exact}"'
    return " AND ".join(f"({' OR '.join(_fts5_phrase(each) for each in phrases)})" for phrases in asked.words)


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.open_end else ""}'


def _tsquery(asked: Asked, stretch: Stretch) -> str:
    if not stretch.noun:
        return f"'{asked.exact}'"
    words = [f"({' | '.join(_tsquery_phrase(each) for each in phrases)})" for phrases in asked.words]
    if any(len(each.tokens) > 1 for phrases in asked.words for each in phrases):
        # Of tokens side by side PostgreSQL guesses too few and goes through all that there are, once for every noun:
        # with the noun as a token it goes through its own. Of a single token it guesses right, and needs no help.
        words.insert(0, f"'n{stretch.noun}'")
    return " & ".join(words)


def _tsquery_phrase(phrase: Phrase) -> str:
    quoted = " <-> ".join(f"'{token}'" for token in phrase.tokens)
    return f"({quoted}{':*' if phrase.open_end else ''})"
