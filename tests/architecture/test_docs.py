"""The documents are true where a machine can tell: links, settings, commands, refusals, numbers of decisions."""

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.utils import translation

from chuangwen.core.importing import importers
from chuangwen.core.tabular_messages import MESSAGES as TABULAR_MESSAGES
from chuangwen.interop.queries import ENGINE_MESSAGES
from chuangwen.reports.template_messages import MESSAGES as TEMPLATE_MESSAGES
from tests.architecture.files import ROOT, files, relative

READMES = ("README.md", "README.zh-CN.md")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OUTSIDE = re.compile(r"[a-z]+:", re.IGNORECASE)
VARIABLE_ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \|", re.MULTILINE)
COMMAND_ROW = re.compile(r"^\| `script/manage (\w+)[^`]*` \|(.+)\|$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
VARIABLE = re.compile(r"\b(?:CHUANGWEN_[A-Z_]+|(?:TEST_)?DATABASE_URL)\b")
READ = re.compile(r"""environ(?:\.get\(|\[)["'](\w+)["']""")
ADR = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
SECTIONS = ["Context", "Decision", "Consequences"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> list[Path]:
    named = [path for path in files() if path.suffix == ".md"]
    return [path for path in named if path.parent == ROOT or relative(path).startswith("docs/")]


def anchor(heading: str) -> str:
    """As a heading is addressed: lower case, spaces as dashes, other signs left out."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    return {anchor(line) for line in re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)}


def broken(document: Path) -> Iterator[str]:
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if OUTSIDE.match(link):
            continue
        name, _, place = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists():
            yield f"{relative(document)}: {link}"
        elif place and place not in anchors(target):
            yield f"{relative(document)}: {link} (no such heading)"


def options(command: str) -> set[str]:
    parser = load_command_class("chuangwen", command).create_parser("manage.py", command)
    return {option for action in parser._actions for option in action.option_strings}


def test_every_link_of_a_document_leads_somewhere() -> None:
    assert [link for document in documents() for link in broken(document)] == []


def test_both_readmes_name_the_same_settings_and_commands() -> None:
    english, chinese = (text(name) for name in READMES)
    assert VARIABLE_ROW.findall(english) == VARIABLE_ROW.findall(chinese)
    named = [
        [(name, sorted(OPTION.findall(said))) for name, said in COMMAND_ROW.findall(readme)]
        for readme in (english, chinese)
    ]
    assert named[0] == named[1]


def test_every_variable_that_settings_and_scripts_read_is_in_the_readme() -> None:
    scripts = [path for path in files() if path.parent.name == "script"]
    read = {name for path in scripts for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    read |= set(READ.findall(text("chuangwen/settings.py")))
    assert set(VARIABLE_ROW.findall(text("README.md"))) == read


def test_every_command_of_the_product_is_in_the_readme_and_no_other() -> None:
    folder = ROOT / "chuangwen" / "management" / "commands"
    commands = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    rows = [name for name, _said in COMMAND_ROW.findall(text("README.md"))]
    assert sorted(rows) == sorted(commands)


@pytest.mark.parametrize("readme", READMES)
def test_every_option_that_a_readme_names_exists(readme: str) -> None:
    unknown = [
        f"{name} {option}"
        for name, said in COMMAND_ROW.findall(text(readme))
        for option in OPTION.findall(said)
        if option not in options(name)
    ]
    assert unknown == []


@pytest.mark.parametrize("readme", READMES)
def test_every_script_that_a_readme_names_exists(readme: str) -> None:
    named = set(re.findall(r"\bscript/[a-z_]+", text(readme)))
    assert {name for name in named if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_gives_the_logins_of_the_demo(readme: str) -> None:
    city = importlib.import_module("chuangwen.demo.city")
    assert f"`{city.PASSWORD}`" in text(readme)
    assert [each.login for each in city.LOGINS if f"| `{each.login}` |" not in text(readme)] == []


def missing(messages: Mapping[str, tuple[object, object]], document: str) -> list[str]:
    with translation.override("zh-hans"):
        return [
            code for code, (what, mend) in messages.items() if f"| `{code}` | {what} | {mend} |" not in text(document)
        ]


def test_every_refusal_of_an_import_stands_in_the_document_with_its_sentence() -> None:
    declared: list[Mapping[str, tuple[object, object]]] = [
        TABULAR_MESSAGES,
        ENGINE_MESSAGES,
        *(importer.messages for importer in importers()),
    ]
    assert [code for messages in declared for code in missing(messages, "docs/imports.md")] == []


def test_a_code_of_a_refusal_has_one_sentence() -> None:
    """The page looks a sentence up by its code alone, whichever importer raised it."""
    declared: list[Mapping[str, tuple[object, object]]] = [
        TABULAR_MESSAGES,
        ENGINE_MESSAGES,
        *(importer.messages for importer in importers()),
    ]
    sentences: dict[str, set[tuple[str, str]]] = {}
    with translation.override("zh-hans"):
        for messages in declared:
            for code, (what, mend) in messages.items():
                sentences.setdefault(code, set()).add((str(what), str(mend)))
    assert [code for code, said in sentences.items() if len(said) > 1] == []


def test_every_refusal_of_a_template_stands_in_the_document_with_its_sentence() -> None:
    assert missing(TEMPLATE_MESSAGES, "docs/reports.md") == []


def test_every_table_that_can_be_imported_stands_in_the_document() -> None:
    written = text("docs/imports.md")
    with translation.override("zh-hans"):
        assert [each.noun for each in importers() if f"### {each.label} (`{each.noun}`)" not in written] == []


def test_decisions_are_numbered_without_a_gap_and_say_why() -> None:
    found = sorted((ROOT / "docs" / "adr").glob("*.md"))
    matches = [ADR.fullmatch(path.name) for path in found]
    assert all(matches)
    assert [match[1] for match in matches if match] == [f"{number:04d}" for number in range(1, len(found) + 1)]
    for path in found:
        written = path.read_text(encoding="utf-8")
        assert written.startswith(f"# {path.name[:4]} "), path.name
        assert re.findall(r"^## (.+)$", written, re.MULTILINE) == SECTIONS, path.name
