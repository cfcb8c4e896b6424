"""Puts together one checklist per type of place from the item files of `reference/checklists/`.

An item may belong to several types and is written once. Its entry says what it asks; the numbers of a rule are data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
FIELD = "field"
CHOSEN = ("note", "at_least", "at_most", "percent", "asked", "correct", "sample")
LEAST_MINUTES = 3
FOR_NO_PLACE = {"zh": "热线和媒体", "en": "Hotlines and media"}
PURPOSE = {
    "zh": "实地看这类点位做到了没有，不符合的当场说清楚、留照片，好派去整改；同一次检查不用再交别的表。",
    "en": "To see on the spot whether places of this type do what is asked; what is not met is described with a "
    "photo, so that it can be mended. The same check asks for no other form.",
}
BASIS = {
    "zh": "各地公开的测评资料归纳成的样表，来源见每一项；不是官方标准，用前对照本市当年的测评体系。",
    "en": "A sample put together from public assessment material, with the source of each item; no official standard. "
    "Compare it with your city's own system before use.",
}


@dataclass(frozen=True)
class Checklist:
    """A form as the reference files describe it."""

    code: str
    name: Mapping[str, str]
    place_type: str | None
    minutes: int
    source: dict[str, Any]


def checklists(head: Row, items: Sequence[Row], types: Mapping[str, Mapping[str, str]]) -> Iterator[Checklist]:
    """One for each type that has an item, in the order of `types`; at last the one for no place."""
    for code, name in types.items():
        own = [item for item in items if code in item["types"]]
        if own:
            yield _checklist(head, own, name, code)
    rest = [item for item in items if not item["types"]]
    if rest:
        yield _checklist(head, rest, FOR_NO_PLACE, None)


def _checklist(head: Row, items: Sequence[Row], name: Mapping[str, str], place_type: str | None) -> Checklist:
    title = {"zh": f"{name['zh']}检查表", "en": f"Checklist: {name['en']}"}
    used = {source for item in items for source in item["src"]}
    sections = []
    for group, label in head["groups"].items():
        questions = [_question(head, item) for item in items if item["group"] == group]
        sections.append({"key": group, "title": dict(label), "questions": questions})
    source = {
        "title": title,
        "notice": dict(head["notice"]),
        "edition": head["edition"],
        "sections": [section for section in sections if section["questions"]],
        "sources": [dict(each) for each in head["sources"] if each["id"] in used],
    }
    code = f"check-{(place_type or 'no-place').replace('_', '-')}"
    return Checklist(code, title, place_type, max(LEAST_MINUTES, len(items)), source)


def _question(head: Row, item: Row) -> dict[str, Any]:
    part = f"_{item['part']}" if "part" in item else ""
    question: dict[str, Any] = {
        "key": f"i{item['n']}{part}",
        "kind": _kind(item),
        "label": {"zh": item["zh"], "en": item["en"]},
        "items": [item["n"]],
        "methods": list(item["how"]),
        "sources": list(item["src"]),
        "exceptions": [dict(each) for each in item.get("not", [])],
        "indexed": True,
        "proof": _proof(item),
    }
    question |= {name: item[name] for name in CHOSEN if name in item and name != "note"}
    if "note" in item:
        question["help"] = dict(item["note"])
    if "measure" in item:
        question["measure"] = dict(head["measures"][item["measure"]])
    return question


def _kind(item: Row) -> str:
    if "percent" in item:
        return "share"
    if "asked" in item:
        return "asked"
    return "counted" if {"at_least", "at_most"} & set(item) else "check"


def _proof(item: Row) -> list[str]:
    """A photo only of things, and only where somebody goes to look: never to show what a person did or knew."""
    return ["note", "photo"] if FIELD in item["how"] and not item.get("conduct") else ["note"]
