"""A list with the views that its viewer keeps: what pages call instead of `core.lists.list_page`."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chuangwen.core.errors import Missing
from chuangwen.core.lists import Bulk, Kept, ListPage, ListSpec, list_page
from chuangwen.people.access import get_unit
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.models import SavedView, Unit
from chuangwen.people.rules import Perm


def viewed_list(spec: ListSpec, rows: QuerySet[Any], request: ViewerRequest, *, bulk: Bulk | None = None) -> ListPage:
    """As `list_page`, with the viewer's saved views of this list as tabs, and the form that saves the present one."""
    mine = SavedView.objects.filter(person=request.viewer.person, list_key=spec.key)
    kept = [Kept(view.uid, view.name, view.query) for view in mine]
    return list_page(spec, rows, request, kept=kept, bulk=bulk)


def unit_asked(request: ViewerRequest, perm: Perm) -> Unit | None:
    """The unit that the address narrows the list to. Raises Missing for one over which the viewer does not hold `perm`.

    A saved view outlives rights and units: one that names such a unit shows the list without it, and says so.
    """
    code = request.GET.get("unit")
    if not code:
        return None
    try:
        return get_unit(request.viewer, perm, code=code)
    except Missing:
        if "saved" not in request.GET:
            raise
        messages.warning(request, _("这个视图里的单位已经不归您看，没有按它筛"))
        return None
