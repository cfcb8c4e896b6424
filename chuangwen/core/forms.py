"""A service's no shown beside the field that it is about; an upload as a file on disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


@contextmanager
def uploaded(upload: Any) -> Iterator[Path]:
    """The bytes of an upload in a file that is gone afterwards, for readers that want a path."""
    with tempfile.NamedTemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
