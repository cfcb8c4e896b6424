"""Where the writers' changes stand in a draft that is rendered anew.

Called by `writing`. A change belongs to the paragraph whose wording its writer saw, wherever that paragraph stands now:
material may have moved, a unit may use another template. Always holds: a change is applied to that very wording or to
none, and none is dropped.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chuangwen.reports import docx, rules

# A number of the paragraph changes when another one goes; it is no part of what was said.
_NUMBERED = re.compile(r"（[一二三四五六七八九十百]+）|^[一二三四五六七八九十百]+、")

Stored = dict[str, Any]


def anchor_of(stored: Mapping[str, Any]) -> str:
    """Where a writer's change stands in the document."""
    return docx.added_anchor(stored["key"]) if stored["added"] else str(stored["anchor"])


def stands_at(stored: Mapping[str, Any], anchor: str) -> bool:
    """Whether a change stands there now; one that found no place stands nowhere, whatever anchor it once had."""
    return bool(stored.get("placed", True)) and anchor_of(stored) == anchor


def as_edit(stored: Mapping[str, Any]) -> docx.Edit:
    return docx.Edit(stored["anchor"], stored["text"], key=stored["key"], added=stored["added"])


def placed(
    edits: Iterable[Stored], blocks: Iterable[docx.Block], names: Mapping[str, str], figures: Collection[str]
) -> list[Stored]:
    """The changes with where they stand among the paragraphs `blocks` of the draft without any, and whether they do.

    `names` gives the name of a figure by its address, `figures` those that the draft has.
    """
    standing = {block.anchor: _said(docx.markup(block, names)) for block in blocks if block.anchor}
    found: list[Stored] = []
    added: set[str] = set()
    for edit in edits:
        anchor = _place(edit, standing, added)
        whole = all(name in figures for name in rules.marks(edit["text"] or ""))
        now = {**edit, "anchor": anchor or edit["anchor"], "placed": bool(anchor) and whole}
        if now["placed"] and edit["added"]:
            added.add(anchor_of(now))
        found.append(now)
    return found


def _place(edit: Stored, standing: Mapping[str, str], added: Collection[str]) -> str:
    """The anchor of the wording that the writer saw: where it was, else the first place that says the same, else ""."""
    if edit["anchor"] in added:
        return str(edit["anchor"])
    wording = _said(edit["beside"] if edit["added"] else edit["was"])
    if standing.get(edit["anchor"]) == wording:
        return str(edit["anchor"])
    return next((anchor for anchor, said in standing.items() if said == wording), "")


def _said(wording: str) -> str:
    return _NUMBERED.sub("", wording)
