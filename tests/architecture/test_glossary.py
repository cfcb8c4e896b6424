"""docs/glossary.md has every table, permission, state, role, source and page, and names nothing that is not there."""

import importlib
import re
from collections.abc import Iterator

import yaml
from django.apps import apps
from django.conf import settings
from django.db.models import Choices, Model
from django.utils import translation

from chuangwen.core.context import NAVIGATION
from chuangwen.metrics.sources import SOURCES
from chuangwen.people.rules import Perm
from tests.architecture.files import ROOT

ROW = re.compile(r"^\| (.+?) \| `([^`]+)` \| (.+) \|$", re.MULTILINE)
Row = tuple[str, str, str]


def section(title: str) -> list[Row]:
    """(Chinese, identifier, rest of the row) of every row under a heading."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    _head, mark, rest = text.partition(f"\n## {title}\n")
    assert mark, title
    return [(chinese, name, rest_of_row) for chinese, name, rest_of_row in ROW.findall(rest.partition("\n## ")[0])]


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("chuangwen.")]


def own_choices() -> Iterator[tuple[str, type[Choices]]]:
    """(app, class) of every class of choices that an app's models declare."""
    for config in apps.get_app_configs():
        if config.models_module is None or not config.name.startswith("chuangwen."):
            continue
        for value in vars(config.models_module).values():
            if isinstance(value, type) and issubclass(value, Choices) and _declared(value, config.name):
                yield config.label, value


def _declared(value: type[Choices], app: str) -> bool:
    """Whether the app's models, a module or a package, declare it themselves."""
    return f"{value.__module__}.".startswith(f"{app}.models.")


def test_every_table_is_named_with_its_chinese_word() -> None:
    with translation.override("zh-hans"):
        there = [
            (str(model._meta.verbose_name), f"{model._meta.app_label}.{model.__name__}", model._meta.db_table)
            for model in own_models()
        ]
    named = [(chinese, name, rest.split("`")[1]) for chinese, name, rest in section("Tables")]
    assert sorted(named) == sorted(there)


def test_every_permission_is_named() -> None:
    assert sorted(name for _chinese, name, _rest in section("Permissions")) == sorted(Perm)


def test_every_role_is_named_as_its_file_says() -> None:
    file = settings.REFERENCE_DIR / "organisation.yaml"
    roles = yaml.safe_load(file.read_text(encoding="utf-8"))["roles"]
    there = [(role["name"], role["code"], role["name_en"]) for role in roles]
    assert sorted(section("Roles")) == sorted(there)


def test_every_state_and_choice_is_named_with_its_label_and_value() -> None:
    with translation.override("zh-hans"):
        there = [
            (str(member.label), f"{app}.{kind.__name__}.{member.name}", f"`{member.value}`")
            for app, kind in own_choices()
            for member in kind
        ]
    assert sorted(section("States and choices")) == sorted(there)


def test_every_source_of_figures_is_named() -> None:
    assert sorted(name for _chinese, name, _rest in section("Sources of figures")) == sorted(SOURCES)


def test_every_page_of_the_navigation_is_named_as_a_reader_sees_it() -> None:
    with translation.override("zh-hans"):
        there = [(str(item.label), item.route, f"`{item.perm}`" if item.perm else "sign-in") for item in NAVIGATION]
    assert section("Pages") == there


def test_every_word_of_the_code_exists() -> None:
    missing = []
    for _chinese, name, _rest in section("Words of the code"):
        module, _, attribute = name.rpartition(".")
        if not hasattr(importlib.import_module(f"chuangwen.{module}"), attribute):
            missing.append(name)
    assert missing == []
