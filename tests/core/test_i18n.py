"""The message tools, on small trees of their own; architecture/test_messages.py holds the real catalogue."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from chuangwen.core import i18n

VIEW = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("值班表")
MONTH = pgettext("date", "月")

def rows(n: int) -> str:
    return ngettext("%(n)s 条记录", "%(n)s 条记录。", n) % {"n": n}
"""
TEMPLATE = """{% load i18n %}
    <h1>{% translate "工作台" %}</h1>
  <p>{% translate "月" context "short" %} {{ value|default:_("暂无") }}</p>
{% include "x.html" with label=_("单位") %}
<p>{% blocktranslate trimmed count n=total with who=name %}
     {{ who }} 有 {{ n }} 件
     事项
   {% plural %}
     {{ who }} 共有 {{ n }} 件事项
{% endblocktranslate %}</p>
"""
ENGLISH: dict[str, str | tuple[str, str]] = {
    "值班表": "Roster",
    "工作台": "Workbench",
    "暂无": "None yet",
    "单位": "Unit",
    "%(who)s 有 %(n)s 件 事项": ("%(who)s has one case", "%(who)s has %(n)s cases"),
    "%(n)s 条记录": ("%(n)s record", "%(n)s records"),
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "chuangwen"
    (root / "duties" / "templates" / "duties").mkdir(parents=True)
    (root / "duties" / "migrations").mkdir()
    (root / "duties" / "views.py").write_text(VIEW, encoding="utf-8")
    (root / "duties" / "migrations" / "0001.py").write_text('_("迁移")', encoding="utf-8")
    (root / "duties" / "templates" / "duties" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return root


def translate(package: Path, changes: dict[str, str | tuple[str, str]] | None = None) -> None:
    """Fills the catalogue as a translator would, after an extraction."""
    catalogue = i18n.extract(package)
    for message in catalogue:
        if message.id:
            first = i18n.forms(message.id)[0]
            message.string = {**ENGLISH, **(changes or {})}.get(first, "month" if message.context else "")
    with i18n.catalogue_path(package).open("wb") as stream:
        write_po(stream, catalogue, include_lineno=False)


def test_messages_of_python_and_templates_are_found_but_not_those_of_migrations(package: Path) -> None:
    found = {(i18n.forms(message.id)[0], message.context) for message in i18n.collect(package) if message.id}
    assert found == {(name, None) for name in ENGLISH} | {("月", "date"), ("月", "short")}


def test_a_trimmed_plural_keeps_both_forms(package: Path) -> None:
    message = i18n.collect(package).get("%(who)s 有 %(n)s 件 事项")
    assert message is not None
    assert message.id == ("%(who)s 有 %(n)s 件 事项", "%(who)s 共有 %(n)s 件事项")


def test_extraction_keeps_translations_and_a_second_one_changes_nothing(package: Path) -> None:
    translate(package)
    i18n.extract(package)
    first = i18n.catalogue_path(package).read_bytes()
    views = package / "duties" / "views.py"
    views.write_text("\n\n\n" + VIEW, encoding="utf-8")
    i18n.extract(package)
    assert i18n.catalogue_path(package).read_bytes() == first
    assert b'msgstr "Workbench"' in first
    assert b"#: chuangwen/duties/views.py\n" in first
    assert b"fuzzy" not in first


def test_a_complete_catalogue_passes(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(package)
    assert i18n.main(["check"], package) == 0
    assert capsys.readouterr().out == ""


def test_a_sentence_without_english_is_named_with_its_file(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(package, {"单位": ""})
    (package / "duties" / "rules.py").write_text('NEW = _("新句子")', encoding="utf-8")
    assert i18n.main(["check"], package) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "missing: 新句子 (chuangwen/duties/rules.py)",
        "untranslated: 单位 (chuangwen/duties/templates/duties/page.html)",
    ]


def test_a_near_miss_is_not_taken_for_a_translation(package: Path) -> None:
    translate(package)
    views = package / "duties" / "views.py"
    views.write_text(VIEW.replace("值班表", "值班总表"), encoding="utf-8")
    i18n.extract(package)
    assert i18n.problems(package) == ["untranslated: 值班总表 (chuangwen/duties/views.py)"]


def test_an_obsolete_message_is_named_and_the_next_extraction_drops_it(package: Path) -> None:
    translate(package)
    views = package / "duties" / "views.py"
    views.write_text(VIEW.replace('_("值班表")', '"值班表"'), encoding="utf-8")
    assert i18n.problems(package) == ["obsolete: 值班表"]
    i18n.extract(package)
    assert i18n.problems(package) == []


def test_a_fuzzy_message_is_a_fault(package: Path) -> None:
    translate(package)
    po = i18n.catalogue_path(package)
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace('msgid "值班表"', '#, fuzzy\nmsgid "值班表"'), encoding="utf-8")
    assert i18n.problems(package) == ["fuzzy: 值班表 (chuangwen/duties/views.py)"]


@pytest.mark.parametrize(
    ("english", "faulty"),
    [
        (("%(who)s has one case", "%(who)s has %(n)s cases"), False),
        (("%(who)s has %(n)s case", "%(who)s has cases"), True),
        (("%(whom)s has %(n)s case", "%(who)s has %(n)s cases"), True),
    ],
)
def test_placeholders_must_agree(package: Path, english: tuple[str, str], *, faulty: bool) -> None:
    translate(package, {"%(who)s 有 %(n)s 件 事项": english})
    assert bool(i18n.problems(package)) is faulty


@pytest.mark.parametrize(
    ("english", "faulty"),
    [("{count} rows", False), ("{n} rows", True), ("rows", True), ("{count} {x}", True)],
)
def test_braces_must_agree(package: Path, english: str, *, faulty: bool) -> None:
    (package / "duties" / "rules.py").write_text('X = _("共 {count} 行")', encoding="utf-8")
    translate(package, {"共 {count} 行": english})
    assert bool(i18n.problems(package)) is faulty


def test_compiling_writes_only_what_is_older_than_its_source(package: Path) -> None:
    translate(package)
    written = i18n.compile_catalogues(package)
    assert [path.name for path in written] == ["django.mo"]
    with written[0].open("rb") as stream:
        messages = gettext.GNUTranslations(stream)
    assert messages.gettext("值班表") == "Roster"
    assert messages.pgettext("date", "月") == "month"
    assert messages.ngettext("%(n)s 条记录", "%(n)s 条记录。", 2) == "%(n)s records"
    assert i18n.compile_catalogues(package) == []
    later = written[0].stat().st_mtime + 5
    os.utime(i18n.catalogue_path(package), (later, later))
    assert i18n.compile_catalogues(package) == written
