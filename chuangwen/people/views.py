"""Pages of people: sign-in, profile, units, groups, persons."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core import files
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.core.registry import panels
from chuangwen.people import person_queries, queries, services, unit_queries
from chuangwen.people.access import get_unit, may_set_password
from chuangwen.people.forms import (
    ChangePasswordForm,
    GrantForm,
    GroupForm,
    MemberForm,
    NewPersonForm,
    NewUnitsForm,
    SignInForm,
    TokenForm,
)
from chuangwen.people.guards import public, signed_in
from chuangwen.people.lists import PERSONS
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

sign_in = public(
    LoginView.as_view(
        template_name="people/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
    )
)
sign_out = public(LogoutView.as_view())


@signed_in
def change_password(request: ViewerRequest) -> HttpResponse:
    form = ChangePasswordForm(request.account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        services.change_password(request.viewer, account=request.account, password=password)
        update_session_auth_hash(request, request.account)
        messages.success(request, _("密码已改，其他地方的登录都已退出"))
        return redirect("workbench")
    return render(request, "people/change_password.html", {"form": form, "first": request.account.must_change_password})


@signed_in
def profile(request: ViewerRequest) -> HttpResponse:
    return _profile(request, TokenForm())


def _profile(request: ViewerRequest, form: TokenForm) -> HttpResponse:
    context = {
        "person": request.viewer.person,
        "grants": request.viewer.own.grants,
        "standing_in": request.viewer.standing_in,
        "deputies": person_queries.deputies_of(request.viewer.person),
        "may_appoint": True,
        "tokens": queries.tokens(request.viewer),
        "form": form,
        "secret": request.session.pop("new_token", ""),
    }
    return render(request, "people/profile.html", context)


@signed_in
@require_POST
def issue_token(request: ViewerRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _profile(request, form)
    request.session["new_token"] = services.issue_token(request.viewer, name=form.cleaned_data["name"])
    return redirect("profile")


@signed_in
@require_POST
def revoke_token(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.revoke_token(request.viewer, token_uid=uid)
    messages.success(request, _("令牌已收回，用它的程序从现在起进不来"))
    return redirect("profile")


@signed_in
def units(request: ViewerRequest) -> HttpResponse:
    tree = list(queries.unit_tree(request.viewer))
    if not tree:
        raise Missing
    shallowest = min(unit.depth for unit in tree)
    rows = [(unit, unit.depth - shallowest) for unit in tree if unit.kind_id != "class"]
    return render(request, "people/units.html", {"rows": rows, "total": len(tree)})


@signed_in
def unit(request: ViewerRequest, code: str) -> HttpResponse:
    viewer = request.viewer
    found = get_unit(viewer, Perm.UNIT_VIEW, code=code)
    manages = viewer.can(Perm.UNIT_MANAGE, found)
    context = {
        "unit": found,
        "charter": getattr(found, "charter", None),
        "members": queries.memberships(found),
        "groups": queries.groups(viewer, found),
        "children": queries.children(viewer, found),
        "grants": queries.grants_on(viewer, found),
        "panels": panels("unit", viewer, found),
        "may_manage": manages,
        "may_move": bool(manages and found.parent and viewer.can(Perm.UNIT_MANAGE, found.parent)),
        "history": unit_queries.unit_history(found) if manages else [],
        "may_grant": viewer.can(Perm.GRANT_MANAGE, found),
        "may_give": viewer.can(Perm.GRANT_MANAGE, found) and not found.closed_on,
        "may_see_persons": viewer.can(Perm.PERSON_VIEW, found),
        "may_add_person": viewer.can(Perm.PERSON_MANAGE, found) and not found.closed_on,
    }
    return render(request, "people/unit.html", context)


@signed_in
def new_group(request: ViewerRequest, code: str) -> HttpResponse:
    parent = get_unit(request.viewer, Perm.UNIT_MANAGE, code=code)
    form = GroupForm(request.viewer, parent, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form), transaction.atomic():
            group = _found_group(request, parent, dict(form.cleaned_data))
            messages.success(request, _("已成立%(group)s，接着加组长和成员") % {"group": group})
            return redirect("unit", group.code)
    return render(
        request,
        "people/form.html",
        {"form": form, "unit": parent, "title": _("成立工作机构"), "verb": _("成立")},
    )


@signed_in
def new_units(request: ViewerRequest, code: str) -> HttpResponse:
    parent = get_unit(request.viewer, Perm.UNIT_MANAGE, code=code)
    form = NewUnitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            kind, names = form.cleaned_data["kind"].code, form.cleaned_data["names"]
            added = services.add_units(request.viewer, parent=parent, kind=kind, names=names)
            messages.success(request, _("已加 %(count)s 个") % {"count": len(added)})
            return redirect("unit", code)
    context = {"form": form, "unit": parent, "title": _("加下级单位"), "verb": _("加上")}
    return render(request, "people/form.html", context)


def _found_group(request: ViewerRequest, parent: Any, data: dict[str, Any]) -> Any:
    upload = data.pop("document")
    if upload:
        data["document"] = files.keep(
            upload.chunks(),
            name=upload.name,
            media_type=files.media_type_of(upload.name),
            unit_uid=parent.uid,
            created_by=request.viewer.uid,
        )
    return services.found_group(request.viewer, parent=parent, **{**data, "kind": data["kind"].code})


@signed_in
def group_document(request: ViewerRequest, code: str) -> HttpResponseBase:
    charter = getattr(get_unit(request.viewer, Perm.UNIT_VIEW, code=code), "charter", None)
    if charter is None or charter.document is None:
        raise Missing
    path = files.path_of(charter.document.sha256)
    return FileResponse(path.open("rb"), as_attachment=True, filename=charter.document.name)


@signed_in
def new_member(request: ViewerRequest, code: str) -> HttpResponse:
    group = services.group_for(request.viewer, code=code)
    form = MemberForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.add_member(request.viewer, group=group, **form.cleaned_data)
            return redirect("unit", group.code)
    return render(request, "people/form.html", {"form": form, "unit": group, "title": _("加成员"), "verb": _("加入")})


@signed_in
@require_POST
def end_membership(request: ViewerRequest, uid: UUID) -> HttpResponse:
    membership = services.end_membership(request.viewer, membership_uid=uid)
    messages.success(request, _("职务已结束，记录还在"))
    return redirect("unit", membership.group.code)


@signed_in
def persons(request: ViewerRequest, code: str) -> HttpResponseBase:
    unit_row = get_unit(request.viewer, Perm.PERSON_VIEW, code=code)
    rows = queries.persons(request.viewer).filter(unit__path__startswith=unit_row.path)
    if wants_export(request):
        return export(PERSONS, rows, request, name=f"{unit_row.label}-{_('人员')}")
    return render(request, "people/persons.html", {"unit": unit_row, "list": list_page(PERSONS, rows, request)})


@signed_in
def new_person(request: ViewerRequest, code: str) -> HttpResponse:
    unit_row = get_unit(request.viewer, Perm.PERSON_MANAGE, code=code)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        login = data.pop("login")
        with fill_errors(form), transaction.atomic():
            found = services.add_person(request.viewer, unit=unit_row, **data)
            if login:
                request.session[f"new_password:{found.uid}"] = services.open_account(
                    request.viewer, person=found, login=login
                )
            return redirect("person", found.uid)
    return render(
        request, "people/form.html", {"form": form, "unit": unit_row, "title": _("加人员"), "verb": _("加入")}
    )


@signed_in
def person(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.person(request.viewer, uid)
    context = {
        "person": found,
        "account": getattr(found, "account", None),
        "grants": queries.grants_of(request.viewer, found),
        "memberships": queries.memberships_of(request.viewer, found),
        "may_reset": may_set_password(request.viewer, found),
        "deputies": person_queries.deputies_of(found),
        "may_appoint": not found.is_pupil and person_queries.may_appoint(request.viewer, found),
        "may_edit_contact": person_queries.may_edit_contact(request.viewer, found),
        "may_relieve": not found.is_pupil and request.viewer.can(Perm.PERSON_MANAGE, found.unit),
        "password": request.session.pop(f"new_password:{found.uid}", ""),
    }
    return render(request, "people/person.html", context)


@signed_in
@require_POST
def reset_password(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = services.person_of(request.viewer, uid=uid)
    request.session[f"new_password:{found.uid}"] = services.reset_password(request.viewer, person=found)
    return redirect("person", uid)


@signed_in
@require_POST
def let_go(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = services.let_go(request.viewer, person=services.person_of(request.viewer, uid=uid))
    messages.success(request, _("%(person)s已离开，账号和授权到今天为止，记录还在") % {"person": found})
    return redirect("unit", found.unit.code)


@signed_in
def new_grant(request: ViewerRequest, code: str) -> HttpResponse:
    unit_row = get_unit(request.viewer, Perm.GRANT_MANAGE, code=code)
    form = GrantForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.give_grant(request.viewer, unit=unit_row, **form.cleaned_data)
            return redirect("unit", unit_row.code)
    return render(request, "people/form.html", {"form": form, "unit": unit_row, "title": _("授权"), "verb": _("授权")})


@signed_in
@require_POST
def end_grant(request: ViewerRequest, uid: UUID) -> HttpResponse:
    grant = services.end_grant(request.viewer, grant_uid=uid)
    messages.success(request, _("授权已收回"))
    return redirect("unit", grant.unit.code)
