"""A service's no shown beside the field that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm

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
