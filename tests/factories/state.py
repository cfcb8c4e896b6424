"""What a test says about the database as a whole: nothing changed, or exactly one event was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session

from chuangwen.core.models import Event


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but sessions, so that nothing can change unseen."""
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: sorted(model._base_manager.values_list(), key=repr) for model in models}


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


class Written:
    """The event that was written, once the block is left."""

    event: Event


@contextmanager
def one_event(verb: str) -> Iterator[Written]:
    """Exactly one event comes out of the block, and it says `verb`."""
    newest = Event.objects.order_by("id").values_list("id", flat=True).last() or 0
    written = Written()
    yield written
    events = list(Event.objects.filter(id__gt=newest))
    assert [event.verb for event in events] == [verb]
    written.event = events[0]
