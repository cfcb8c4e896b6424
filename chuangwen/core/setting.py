"""What an app declares so that a table of its reference data can be edited on the pages of settings.

The pages, the verbs and the history are the same for all (`web.setting_views`, `web.services`); an app says in its
`settings` module which table, which columns, what its file says, what is protected and what holds beyond that. `wiring`
brings the declarations together.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangwen.core.errors import Refused
from chuangwen.core.models import Reference
from chuangwen.core.reference import Row

Text = str | Promise
Plain = Mapping[str, Any]
# The noun under which the events of all these tables are found.
NOUN = "reference"
CODE = re.compile(r"[a-z][a-z0-9_-]*")
CODE_SENTENCE = _("代码只能用小写英文字母、数字、下划线和短横，字母开头，如 night_market")


@dataclass(frozen=True)
class Column:
    """A column that one may edit. `make` gives its form field where the model's own will not do; `show` says a value
    as a person reads it; `listed` is whether the list has it.
    """

    name: str
    label: Text
    help: Text = ""
    listed: bool = True
    make: Callable[[], forms.Field] | None = None
    show: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Use:
    """Records that have the row: what they are, how many, and where they are seen (may be empty)."""

    label: Text
    count: int
    url: str = ""


@dataclass(frozen=True)
class Change:
    """What is about to be saved: who does it, the row as it will be, its values before; `before` is None for a new
    row. The row's own columns are valid already.
    """

    actor: Any
    row: Any
    before: Plain | None

    def changes(self, column: str) -> bool:
        return self.before is None or self.before[column] != plain(self.row, column)


def nothing_more(_change: Change) -> None:
    """A table that asks for nothing beyond its columns."""


@dataclass(frozen=True)
class Setting:
    """A table of reference data, known by its key in addresses and events.

    `source` gives the rows of its file; `uses(code)` what has a row; `protected` says of codes that the program itself
    names why they cannot be retired; `check` raises Refused where a change may not be. Names are given once among the
    rows that `among` finds alike (all of them, by default). `beside` are further pages: label and route.
    """

    key: str
    label: Text
    about: Text
    model: type[Reference]
    columns: Sequence[Column]
    source: Callable[[], Iterable[Row]]
    uses: Callable[[str], Sequence[Use]] = field(default=lambda _code: ())
    protected: Mapping[str, Text] = field(default_factory=dict)
    check: Callable[[Change], None] = nothing_more
    among: Sequence[str] = ()
    beside: Sequence[tuple[Text, str]] = ()

    def values(self, row: Reference) -> dict[str, Any]:
        """The row's columns as JSON holds them."""
        return {column.name: plain(row, column.name) for column in self.columns}

    def shown(self, name: str, value: object) -> str:
        """A value of `values` as a person reads it."""
        column = next(each for each in self.columns if each.name == name)
        if column.show and value not in (None, ""):
            return column.show(value)
        if value in (None, "", []):
            return "—"
        if isinstance(value, bool):
            return gettext("是") if value else gettext("否")
        own: Any = self.model._meta.get_field(name)
        return str(dict(own.flatchoices).get(value, value))

    def file_values(self, code: str) -> dict[str, Any] | None:
        """What the file says of a row, as `values`; None where it has no such row."""
        said = next((each for each in self.source() if each["code"] == code), None)
        if said is None:
            return None
        return {column.name: self._said(said, column.name) for column in self.columns}

    def _said(self, row: Row, name: str) -> Any:
        own: Any = self.model._meta.get_field(name)
        value = row.get(own.attname, row.get(name))
        if value is None and not own.null:
            value = own.get_default()
        return as_json(value)

    def apply(self, row: Reference, values: Plain) -> None:
        """Put values, as `values` or a form gives them, into the row. Raises Refused for one of a wrong kind."""
        for name, value in values.items():
            own: Any = self.model._meta.get_field(name)
            if own.is_relation:
                setattr(row, own.attname, getattr(value, "pk", value))
                continue
            try:
                setattr(row, name, own.to_python(value))
            except ValidationError as problem:
                raise Refused(problem.messages[0], where=name) from problem


def plain(row: Reference, name: str) -> Any:
    own: Any = row._meta.get_field(name)
    return as_json(getattr(row, own.attname))


def as_json(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value


def subject(key: str, code: str) -> UUID:
    """Under which the events of a row are found: rows of reference data have a code and no uid."""
    return uuid5(NAMESPACE_URL, f"chuangwen:{key}/{code}")


def code_field(length: int) -> forms.Field:
    """The code of a new row. It cannot be changed later, because files and records name it."""
    return forms.CharField(
        label=_("代码"),
        max_length=length,
        help_text=_("小写英文字母开头，用字母、数字、下划线；以后不能改。如 night_market"),
        validators=[RegexValidator(re.compile(rf"^{CODE.pattern}\Z"), CODE_SENTENCE)],
    )


_settings: dict[str, Setting] = {}


def add_setting(setting: Setting) -> None:
    _settings[setting.key] = setting


def settings() -> list[Setting]:
    """All that were declared, in the order in which `wiring` names them."""
    return list(_settings.values())


def find_setting(key: str) -> Setting | None:
    return _settings.get(key)
