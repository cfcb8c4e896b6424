"""Saving, renaming and deleting a view of a list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.people import services
from chuangwen.people.forms import SavedViewForm
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest


@signed_in
@require_POST
def save_view(request: ViewerRequest) -> HttpResponse:
    form = SavedViewForm(request.POST)
    saved = services.save_view(request.viewer, **form.asked())
    messages.success(request, _("已存为视图“%(name)s”") % {"name": saved.name})
    return _back(request, f"?{saved.query}&saved={saved.uid}")


@signed_in
@require_POST
def rename_view(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.rename_view(request.viewer, uid=uid, name=request.POST.get("name", ""))
    messages.success(request, _("视图已改名"))
    return _back(request)


@signed_in
@require_POST
def delete_view(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.delete_view(request.viewer, uid=uid)
    messages.success(request, _("视图已删去"))
    return _back(request)


def _back(request: ViewerRequest, query: str = "") -> HttpResponse:
    """To the list from which one came, if it is one of ours."""
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back + query) if ours else redirect("workbench")
