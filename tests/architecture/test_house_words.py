"""Words that no file of the project holds: a registry's host, somebody's folders, unfinished marks.

The words are put together here, so that this file does not hold them either.
"""

import re

from tests.architecture.files import files, relative


def joined(*pieces: str) -> str:
    return "".join(pieces)


FORBIDDEN = {
    "a package registry's host": [
        joined(r"\bpypi", r"\.org"),
        joined(r"pythonhosted", r"\.org"),
        joined(r"registry\.", r"npmjs"),
        joined(r"npmjs", r"\.(com|org)"),
        joined(r"registry\.", r"yarnpkg"),
        joined(r"npm", r"mirror\.com"),
        joined(r"jsr", r"\.io\b"),
        joined(r"\b(deb|security)\.", r"debian\.org"),
    ],
    "a path of somebody's machine": [
        joined(r"(?<![\w.])/home/", r"\w"),
        joined(r"(?<![\w.])/ro", r"ot\b"),
        joined(r"(?<![\w.])/Users/", r"\w"),
        joined(r"\b[A-Z]:\\", r"Users"),
    ],
    "an unfinished mark": [joined(r"\bTO", r"DO\b"), joined(r"\bFIX", r"ME\b"), joined(r"\bXX", r"X\b")],
}


def test_no_file_holds_a_forbidden_word() -> None:
    patterns = [(kind, re.compile(word)) for kind, words in FORBIDDEN.items() for word in words]
    found = []
    for path in files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a workbook
        for number, line in enumerate(lines, start=1):
            found += [
                f"{relative(path)}:{number} {kind}: {match[0]}"
                for kind, pattern in patterns
                if (match := pattern.search(line))
            ]
    assert found == []


def test_the_front_end_lock_names_packages_by_content_only() -> None:
    lock = next(path for path in files() if path.name == "package-lock.json")
    assert '"resolved"' not in lock.read_text(encoding="utf-8")
