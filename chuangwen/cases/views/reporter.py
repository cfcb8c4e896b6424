"""Who brought a case: read, and forgotten, by the few who may."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chuangwen.cases import queries, services
from chuangwen.cases.forms.door import ForgetForm
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest


@signed_in
@never_cache
@require_POST
def see(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Name and telephone on a page of their own, which nothing keeps."""
    named = services.see_reporter(request.viewer, uid=uid)
    return _page(request, uid, ForgetForm(), named)


@signed_in
@never_cache
@require_POST
def forget(request: ViewerRequest, uid: UUID) -> HttpResponse:
    form = ForgetForm(request.POST)
    if form.is_valid():
        with fill_errors(form):
            services.forget_reporter(request.viewer, uid=uid, reason=form.cleaned_data["reason"])
            messages.success(request, _("姓名和电话删了，查询码照样能用"))
            return redirect("case", uid)
    return _page(request, uid, form, None)


def _page(request: ViewerRequest, uid: UUID, form: ForgetForm, named: services.Named | None) -> HttpResponse:
    found = queries.case(request.viewer, uid)
    reporter = queries.reporter(request.viewer, found)
    if reporter is None:
        raise Missing
    context = {"case": found, "reporter": reporter, "named": named, "form": form}
    return render(request, "cases/reporter.html", context, status=422 if form.errors else 200)
