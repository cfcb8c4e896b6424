"""Views of lists that a person keeps: their own, so that nobody else's right is asked. Every verb records one Event."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.lists import kept_query
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, SavedView

MOST_OF_A_LIST, MOST = 20, 200
LONGEST = 2000


@transaction.atomic
def save_view(actor: Viewer, *, list_key: str, name: str, query: str) -> SavedView:
    """Keep what an address asks of a list under a name that is free there."""
    name = _named(name)
    # Two saved at once wait for each other: the twentieth is the last.
    Person.objects.select_for_update().get(pk=actor.person.pk)
    mine = SavedView.objects.filter(person=actor.person)
    if mine.filter(list_key=list_key).count() >= MOST_OF_A_LIST or mine.count() >= MOST:
        raise Refused(_("视图已经存满 %(most)d 个") % {"most": MOST_OF_A_LIST}, mend=_("先删去用不着的"))
    kept = kept_query(QueryDict(query[: 4 * LONGEST]))
    if len(kept) > LONGEST:
        raise Refused(_("条件太长，存不下"), mend=_("少选几个条件"))
    try:
        with transaction.atomic():
            view = SavedView.objects.create(
                person=actor.person, list_key=list_key, name=name, query=kept, created_at=clock.now()
            )
    except IntegrityError as taken:
        raise _taken(name) from taken
    _record("view.saved", actor, view)
    return view


@transaction.atomic
def rename_view(actor: Viewer, *, uid: UUID, name: str) -> SavedView:
    view = _mine(actor, uid)
    was, view.name = view.name, _named(name)
    if was == view.name:
        return view
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as taken:
        raise _taken(view.name) from taken
    _record("view.renamed", actor, view)
    return view


@transaction.atomic
def delete_view(actor: Viewer, *, uid: UUID) -> None:
    """It is gone: nothing stands on it, and what the list shows does not change."""
    view = _mine(actor, uid)
    _record("view.deleted", actor, view)
    view.delete()


def _mine(actor: Viewer, uid: UUID) -> SavedView:
    found = SavedView.objects.filter(person=actor.person, uid=uid).first()
    if found is None:
        raise Missing
    return found


def _named(name: str) -> str:
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= 20:
        raise Refused(_("视图的名称要有 1 到 20 个字"), where="name", mend=_("换一个短的名称"))
    return cleaned


def _taken(name: str) -> Refused:
    return Refused(_("已经有叫“%(name)s”的视图") % {"name": name}, where="name", mend=_("换一个名称"))


def _record(verb: str, actor: Viewer, view: SavedView) -> None:
    data = {"list": view.list_key}
    events.record(verb, actor_uid=actor.uid, noun="view", subject_uid=view.uid, unit_uid=None, data=data)
