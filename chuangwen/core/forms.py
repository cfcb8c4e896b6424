"""A service's no shown beside the field that it is about; the reason of a verb; an upload as a file on disk."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from chuangwen.core.errors import Missing, ProductError


@contextmanager
def fill_errors(form: BaseForm) -> Iterator[None]:
    """Run a service; if it refuses, the sentence lands on the form (at its field, if the form has that field)."""
    try:
        yield
    except Missing:
        raise
    except ProductError as problem:
        sentence = f"{problem.message}。{problem.mend}" if problem.mend else str(problem.message)
        form.add_error(problem.where if problem.where in form.fields else None, sentence)


class ReasonForm(forms.Form):
    """Why somebody takes something back or out of use. The services keep the words in the detail of their event."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("原因会留在经过里"))


def offer(form: BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let a field of a form choose among these rows."""
    field: Any = form.fields[name]
    field.queryset = rows


def offer_choices(form: BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Let a field of a form choose among these: (value, label), or groups of such."""
    field: Any = form.fields[name]
    field.choices = choices


class SeenField(forms.CharField):
    """Carries what a page showed, so that a service can tell whether somebody else was quicker. A broken one says
    that nothing was seen, which is a conflict.
    """

    widget = forms.HiddenInput

    def __init__(self, *, max_length: int = 20_000) -> None:
        super().__init__(required=False, max_length=max_length)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def clean(self, value: Any) -> dict[str, Any]:
        try:
            said = json.loads(super().clean(value) or "{}")
        except ValueError:
            said = {}
        return said if isinstance(said, dict) else {}


def see_afresh(form: BaseForm, values: Mapping[str, Any]) -> None:
    """After a conflict the page knows what stands now: pressing again is a decision, not an accident."""
    sent: Any = form.data
    form.data = MultiValueDict({**dict(sent.lists()), "seen": [json.dumps(values, ensure_ascii=False)]})


@contextmanager
def uploaded(upload: Any) -> Iterator[Path]:
    """The bytes of an upload in a file that is gone afterwards, for readers that want a path."""
    with tempfile.NamedTemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
