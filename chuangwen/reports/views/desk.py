"""The writing desk: one draft, its text, its material, its comments, who else is at it, and its way to the archive."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.forms import fill_errors
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.reports import desk, material, presence, queries, services, workflow
from chuangwen.reports.forms import CommentForm, TextForm
from chuangwen.reports.writing import length_of_blocks

SIDES = ("material", "figures", "check", "talk", "before")
SIDES_OF_READERS = ("figures", "check", "before")
MATERIAL_ACTS = ("keep", "drop", "up", "down")


@dataclass(frozen=True)
class Button:
    """How a verb stands on the page: `ask` before it is done, `go` for the next step, `aside` in a menu."""

    verb: str
    label: str | Promise
    ask: str | Promise = ""
    go: bool = False
    reason: bool = False
    aside: bool = False


BUTTONS = (
    Button("discard", gettext_lazy("弃用"), gettext_lazy("弃用这份草稿吗？"), aside=True),
    Button("refresh", gettext_lazy("按现在的记录重写"), aside=True),
    Button("recall", gettext_lazy("撤回接着改"), aside=True),
    Button("return", gettext_lazy("退回"), reason=True),
    Button("unsign", gettext_lazy("撤销签发"), reason=True),
    Button("submit", gettext_lazy("送核稿"), go=True),
    Button("check", gettext_lazy("核稿通过"), go=True),
    Button("sign", gettext_lazy("签发"), gettext_lazy("签发后文字和数字都不再变。签发吗？"), go=True),
    Button("issue", gettext_lazy("印发"), gettext_lazy("印发后纸上的编码查得到真伪，不能再收回。印发吗？"), go=True),
    Button("archive", gettext_lazy("归档"), go=True),
)
SAID = {
    "refresh": gettext_lazy("已按现在的记录和模板重写，数字截至此刻；您改过的文字留着"),
    "submit": gettext_lazy("已送核稿"),
    "recall": gettext_lazy("已撤回到草稿，可以接着改"),
    "check": gettext_lazy("已核，等签发"),
    "return": gettext_lazy("已退回草稿，原因写在批注里"),
    "sign": gettext_lazy("已签发，文字和数字从此不变"),
    "unsign": gettext_lazy("已撤销签发，回到草稿"),
    "issue": gettext_lazy("已印发，文末的编码从此查得到真伪"),
    "archive": gettext_lazy("已归档"),
    "discard": gettext_lazy("草稿已弃用"),
}


@signed_in
def report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.report(request.viewer, uid)
    presence.seen(request.viewer, found, request.GET.get("edit", ""))
    return render(request, "reports/report.html", _context(request, found))


def _context(request: ViewerRequest, found: Any, **more: object) -> dict[str, object]:
    allowed = desk.allowed(request.viewer, found)
    makes = queries.makes(request.viewer, found)
    told, left = material.pieces(found) if makes else ([], [])
    text = queries.text_of(found)
    side = request.GET.get("side", "")
    remarks = desk.remarks(found) if makes else []
    waiting = any(remark.comment.settled_at is None for remark in remarks)
    default = "check" if found.is_out else "talk" if waiting else "material" if told or left else "figures"
    editing = request.GET.get("edit", "") if "refresh" in allowed else ""
    adding = request.GET.get("after", "") if "refresh" in allowed else ""
    return {
        "report": found,
        "makes": makes,
        "paragraphs": desk.paragraphs(found, text),
        "figures": queries.figures(found),
        "allowed": allowed,
        "buttons": [button for button in BUTTONS if button.verb in allowed and not button.aside],
        "aside": [button for button in BUTTONS if button.verb in allowed and button.aside],
        "told": told,
        "left": left,
        "is_full": len(told) >= found.form.material_limit,
        "changes": desk.changes(found) if makes else [],
        "remarks": remarks,
        "open_remarks": sum(remark.comment.settled_at is None for remark in remarks),
        "way": desk.way(found, reasons=makes),
        "length": length_of_blocks(text),
        "successor": desk.successor(found),
        "side": side if side in (SIDES if makes else SIDES_OF_READERS) else default,
        "editing": editing,
        "adding": adding,
        "may_edit": "refresh" in allowed,
        "may_talk": found.state in workflow.MAKING,
        "may_reissue": found.is_out and request.viewer.can(Perm.REPORT_WRITE, found.unit),
        "may_template": request.viewer.can(Perm.TEMPLATE_MANAGE, found.unit),
        "comment_form": CommentForm(initial={"anchor": request.GET.get("on", "")}),
        "quoted": desk.spoken(found, request.GET.get("on", "")),
        **more,
    }


@signed_in
def ranking(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """How the material was ranked: the facts of every piece, its features, the weights of the form."""
    found = queries.report(request.viewer, uid)
    if not queries.makes(request.viewer, found):
        raise Missing
    context = {"report": found, "lines": material.lines(found), "features": material.named_weights(found)}
    return render(request, "reports/ranking.html", context)


@signed_in
def check_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The part of the page that says which figures the records no longer bear out; asked for once the page is there."""
    found = queries.report(request.viewer, uid)
    context = {"report": found, "checked": queries.check(found), "allowed": queries.allowed(request.viewer, found)}
    return render(request, "reports/check.html", context)


@signed_in
def moved_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """What moved since the document that this one supersedes, and because of which records."""
    found = queries.report(request.viewer, uid)
    if found.supersedes is None:
        raise Missing
    context = {"report": found, "before": found.supersedes, "moved": desk.moved_figures(request.viewer, found)}
    return render(request, "reports/moved.html", context)


@signed_in
def others_at_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Who else is at this draft now; the page asks again and again, which also says that this viewer still is."""
    found = queries.report(request.viewer, uid)
    presence.seen(request.viewer, found, request.GET.get("edit", ""))
    context = {
        "report": found,
        "others": presence.others(request.viewer, found),
        "stale": request.GET.get("revision", "") not in {"", str(found.revision)},
    }
    return render(request, "reports/others.html", context)


@signed_in
@require_POST
def move_report(request: ViewerRequest, uid: UUID, verb: str) -> HttpResponse:
    if verb not in SAID:
        raise Missing
    seen = _seen(request)
    if verb == "refresh":
        found = services.refresh(request.viewer, uid=uid, seen=seen)
    else:
        reason = request.POST.get("reason", "")
        found = services.move(request.viewer, uid=uid, verb=verb, seen=seen, reason=reason)
    messages.success(request, SAID[verb])
    if verb in {"sign", "issue"} and services.leads_nowhere():
        messages.warning(request, _("文中链接指向本机地址，发出去别人点不开。请管理员设好 CHUANGWEN_PUBLIC_URL"))
    return redirect("reports") if verb == "discard" else redirect("report", found.uid)


@signed_in
@require_POST
def reissue_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    made = services.reissue(request.viewer, uid=uid)
    messages.success(request, _("已按现在的记录另写一份草稿；印发之前，原来那一份照旧有效"))
    return redirect(reverse("report", args=[made.uid]) + "?side=before")


def _seen(request: HttpRequest) -> int | None:
    """The revision that the page showed; a page from before there was one says nothing."""
    written = request.POST.get("seen", "")
    if written and not written.isdecimal():
        raise Refused(_("看不出您看的是哪一稿"), mend=_("刷新页面，看过再按"))
    return int(written) if written else None


@signed_in
@require_POST
def edit_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """One paragraph: other words, out, back to the template's, or one more behind it."""
    found = queries.report(request.viewer, uid)
    form = TextForm(request.POST)
    act = request.POST.get("act", "save")
    anchor = request.POST.get("anchor", "")
    with fill_errors(form):
        if act == "restore":
            services.restore_text(request.viewer, uid=uid, change=request.POST.get("change", ""))
        elif act == "remove":
            was = request.POST.get("was", "")
            services.change_text(request.viewer, uid=uid, anchor=anchor, text=None, was=was)
        elif form.is_valid():
            _write(request, uid, act, form)
        if act in {"restore", "remove"} or form.is_valid():
            return redirect(reverse("report", args=[uid]) + f"#p{anchor}")
    place = {"adding": anchor} if act == "add" else {"editing": anchor}
    context = _context(request, found, text_form=form, side="figures", **place)
    return render(request, "reports/report.html", context, status=422)


def _write(request: ViewerRequest, uid: UUID, act: str, form: TextForm) -> None:
    anchor, text = form.cleaned_data["anchor"], form.cleaned_data["text"]
    if act == "add":
        services.add_paragraph(request.viewer, uid=uid, after=anchor, text=text)
    else:
        was = form.cleaned_data["was"]
        services.change_text(request.viewer, uid=uid, anchor=anchor, text=text, was=was)


@signed_in
@require_POST
def arrange_report(request: ViewerRequest, uid: UUID, subject: UUID, act: str) -> HttpResponse:
    if act not in MATERIAL_ACTS:
        raise Missing
    try:
        services.arrange(request.viewer, uid=uid, subject=subject, act=act)
    except (Refused, Conflict) as problem:
        messages.error(request, f"{problem.message}。{problem.mend}")
    return redirect(reverse("report", args=[uid]) + "?side=material#side")


@signed_in
@require_POST
def comment_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    form = CommentForm(request.POST)
    found = queries.report(request.viewer, uid)
    with fill_errors(form):
        if form.is_valid():
            services.comment(request.viewer, uid=uid, **form.cleaned_data)
            return redirect(reverse("report", args=[uid]) + "?side=talk#side")
    return render(request, "reports/report.html", _context(request, found, comment_form=form, side="talk"), status=422)


@signed_in
@require_POST
def settle_comment(request: ViewerRequest, uid: UUID, comment: UUID) -> HttpResponse:
    services.settle(request.viewer, uid=uid, comment_uid=comment)
    return redirect(reverse("report", args=[uid]) + "?side=talk#side")
