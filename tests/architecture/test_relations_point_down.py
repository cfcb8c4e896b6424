"""Model relations point down the layers, as imports do: a string foreign key escapes the import linter.

The order is the import linter's own (pyproject.toml), so there is one list.
"""

import re
import tomllib

from django.apps import apps
from django.db.models import Model

from tests.architecture.files import ROOT


def layers() -> dict[str, int]:
    """App name -> its height; siblings have the same height and must not relate to each other."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    between_apps = next(contract for contract in contracts if contract.get("containers") == ["chuangwen"])
    return {name: -depth for depth, layer in enumerate(between_apps["layers"]) for name in re.findall(r"\w+", layer)}


def app_of(model: type[Model]) -> str | None:
    """The name of our app that owns the model; None for a model of a library."""
    package, _, rest = apps.get_app_config(model._meta.app_label).name.partition(".")
    return rest if package == "chuangwen" else None


def test_every_app_with_models_has_its_layer() -> None:
    owners = {app_of(model) for model in apps.get_models()} - {None}
    assert owners <= set(layers())


def test_a_relation_points_to_the_same_app_or_a_lower_one() -> None:
    height, wrong = layers(), []
    for model in apps.get_models(include_auto_created=True):
        source = app_of(model)
        for field in model._meta.get_fields():
            target_model = field.related_model
            if source is None or field.auto_created or not isinstance(target_model, type):
                continue
            target = app_of(target_model)
            if target not in {None, source} and height[target] >= height[source]:
                wrong.append(f"{model._meta.label}.{field.name} points to {target_model._meta.label}")
    assert wrong == []
