"""Pages about one person: what they are told, who acts for them, how to reach them, what is handed over."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core import work
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.people import person_queries, services
from chuangwen.people.forms import ContactForm, DeputyForm, HandOverForm
from chuangwen.people.guards import signed_in
from chuangwen.people.lists import PHONES
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

PER_PAGE = 50


@signed_in
def notices(request: ViewerRequest) -> HttpResponse:
    page = Paginator(person_queries.notices_of(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    rows = person_queries.shown(request.viewer, list(page))
    return render(request, "people/notices.html", {"page": page, "rows": rows})


@signed_in
@require_POST
def read_notice(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Opening a notice is reading it: the button leads on to what it is about."""
    services.mark_read(request.viewer, uid=uid)
    told = person_queries.notice(request.viewer, uid).told
    return redirect(told.url if told and told.url else reverse("notices"))


@signed_in
@require_POST
def read_all_notices(request: ViewerRequest) -> HttpResponse:
    services.mark_all_read(request.viewer)
    return redirect("notices")


@signed_in
def new_deputy(request: ViewerRequest, uid: UUID) -> HttpResponse:
    person = person_queries.person_to_stand_for(request.viewer, uid)
    form = DeputyForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            row = services.appoint_deputy(request.viewer, person=person, **form.cleaned_data)
            said = {"deputy": row.deputy, "since": row.since, "until": row.until}
            messages.success(request, _("%(since)s 到 %(until)s 由%(deputy)s代理，已告诉本人") % said)
            return redirect(_own_page(request, person.uid))
    context = {"form": form, "person": person, "lent": person_queries.grants_to_lend(person)}
    return render(request, "people/new_deputy.html", context)


def _own_page(request: ViewerRequest, uid: UUID) -> str:
    return reverse("profile") if uid == request.viewer.uid else reverse("person", args=[uid])


@signed_in
@require_POST
def end_deputy(request: ViewerRequest, uid: UUID) -> HttpResponse:
    row = services.end_deputy(request.viewer, uid=uid)
    messages.success(request, _("代理已结束"))
    here = {row.person_id, row.deputy_id} & {request.viewer.person.pk}
    return redirect("profile" if here else reverse("person", args=[row.person.uid]))


@signed_in
def edit_contact(request: ViewerRequest, uid: UUID) -> HttpResponse:
    person = person_queries.person_to_edit(request.viewer, uid)
    initial = {"office_phone": person.office_phone, "email": person.email}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.edit_contact(request.viewer, person=person, **form.cleaned_data)
            messages.success(request, _("已保存"))
            return redirect(_own_page(request, person.uid))
    title = _("%(person)s的联系方式") % {"person": person}
    return render(request, "people/form.html", {"form": form, "unit": person.unit, "title": title, "verb": _("保存")})


@signed_in
def hand_over(request: ViewerRequest, uid: UUID) -> HttpResponse:
    person = person_queries.person_to_relieve(request.viewer, uid)
    form = HandOverForm(request.viewer, person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            to = form.cleaned_data["to"]
            counts = services.hand_over(request.viewer, person=person, to=to, reason=form.cleaned_data["reason"])
            messages.success(request, _("%(count)s 件已交给%(to)s") % {"count": sum(counts.values()), "to": to})
            return redirect("person", uid)
    found = work.held(request.viewer, person)
    moves, stays = ([each for each in found if bool(each.work.hand_over) is moved] for moved in (True, False))
    total = sum(each.waiting.count for each in moves)
    context = {"person": person, "moves": moves, "stays": stays, "total": total, "form": form}
    return render(request, "people/hand_over.html", context)


@signed_in
def phones(request: ViewerRequest) -> HttpResponseBase:
    if not request.viewer.can(Perm.UNIT_VIEW):
        raise Missing
    rows = person_queries.phones(request.viewer)
    if wants_export(request):
        return export(PHONES, rows, request, name=_("通讯录"))
    return render(request, "people/phones.html", {"list": list_page(PHONES, rows, request)})
