"""docs/practices.md says of each of the 112 practices whether it works; a test named there proves it."""

import ast
import re
from pathlib import Path

from tests.architecture.files import ROOT, files, relative

LAST = {"A": 12, "B": 18, "C": 25, "D": 14, "E": 15, "F": 24, "Z": 4}
IDS = [f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)]
ROW = re.compile(r"^\| ([A-Z]\d+) \| (works|not yet) \| (.+?) \| (.+?) \|$", re.MULTILINE)
MARK = re.compile(r"mark\.practice\(([^)]*)\)")


def rows() -> list[tuple[str, str, str, str]]:
    found = ROW.findall((ROOT / "docs" / "practices.md").read_text(encoding="utf-8"))
    return [(name, state, where, test) for name, state, where, test in found]


def docstrings(source: str) -> str:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, documented)]
    return "\n".join(ast.get_docstring(node) or "" for node in nodes)


def practices_of(path: Path) -> set[str]:
    """The practices that a test file says it proves: by marker or in a docstring."""
    source = path.read_text(encoding="utf-8")
    said = " ".join(MARK.findall(source)) + "\n" + docstrings(source)
    return set(re.findall(r"\b[A-FZ]\d{1,2}\b", said))


def test_there_are_112_practices_and_each_has_one_row_in_order() -> None:
    assert len(IDS) == 112
    assert [name for name, _state, _where, _test in rows()] == IDS


def test_what_works_says_where_and_is_proved_by_a_test() -> None:
    unproved = []
    for name, state, where, test in rows():
        if state != "works":
            continue
        path = ROOT / test.strip("`")
        if where == "—" or not test.strip("`").startswith("tests/") or not path.is_file():
            unproved.append(f"{name}: no place in the product, or no test file {test}")
        elif name not in practices_of(path):
            unproved.append(f"{name}: {test} does not name it")
    assert unproved == []


def test_what_is_not_yet_there_claims_nothing() -> None:
    assert [name for name, state, where, test in rows() if state == "not yet" and (where, test) != ("—", "—")] == []


def test_a_marker_names_a_practice_that_exists() -> None:
    unknown = [
        f"{relative(path)}: {name}"
        for path in files()
        if path.suffix == ".py" and relative(path).startswith("tests/") and path != Path(__file__)
        for names in MARK.findall(path.read_text(encoding="utf-8"))
        for name in re.findall(r"""["']([^"']*)["']""", names)
        if name not in IDS
    ]
    assert unknown == []
