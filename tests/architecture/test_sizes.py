"""A file that grows past 400 lines, or a function past 40, has two jobs; tests may be 600 lines long."""

import ast
from pathlib import Path

from tests.architecture.files import files, relative

SOURCES = {".py", ".html", ".css", ".js", ".mjs"}
FILE_LINES, TEST_LINES, FUNCTION_LINES = 400, 600, 40


def sources() -> list[Path]:
    return [
        path
        for path in files()
        if (path.suffix in SOURCES or path.parent.name == "script" or path.parent.name == ".ci")
        and "migrations" not in path.parts
    ]


def is_test(path: Path) -> bool:
    return relative(path).startswith("tests/")


def test_no_file_is_too_long() -> None:
    long = []
    for path in sources():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > (TEST_LINES if is_test(path) else FILE_LINES):
            long.append(f"{relative(path)}: {lines} lines")
    assert long == []


def test_no_function_is_too_long() -> None:
    long = []
    for path in sources():
        if path.suffix != ".py" or is_test(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=relative(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{relative(path)}:{node.lineno} {node.name}: {lines} lines")
    assert long == []
