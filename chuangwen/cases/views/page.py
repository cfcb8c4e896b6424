"""One case: its page, every verb of the table, comments, and the staff's door."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.cases import gathering, queries, services, showing, standing, workflow
from chuangwen.cases.forms.moving import MoveForm
from chuangwen.cases.forms.opening import NewCaseForm
from chuangwen.cases.services import Opening
from chuangwen.cases.wording import SAID
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.core.registry import panels, resolve
from chuangwen.evidence import services as evidence
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

# The rest opens from the numbers.
MOST_CHILDREN = 30


@signed_in
def case(request: ViewerRequest, uid: UUID) -> HttpResponse:
    viewer = request.viewer
    found = queries.case(viewer, uid)
    parts = queries.parts(found)
    stand = standing.of(viewer, found, parts=parts)
    pictures = showing.pictures(queries.photos(found))
    origin = resolve(found.origin_noun, viewer, [found.origin_uid]) if found.origin_uid else {}
    context = {
        "case": found,
        "mark": showing.state_of(found),
        "stages": showing.stages(found),
        "pair": showing.pair(pictures),
        "pictures": pictures,
        "parts": showing.part_lines(found, parts),
        "course": showing.course(found, queries.steps(found)),
        "doing": showing.doing(stand),
        "likely": showing.likely(viewer, found),
        "owners": (owners := gathering.progress(viewer, found)),
        "owners_total": gathering.total(owners, found),
        "children": queries.children(viewer, found)[:MOST_CHILDREN] if owners else (),
        "origin": next(iter(origin.values()), None),
        "reporter": queries.reporter(viewer, found),
        # Whoever reported it stood somewhere, though the register may have no place there.
        "point": showing.point(found) if viewer.can(Perm.PLACE_VIEW) else None,
        "panels": panels("case", viewer, found),
    }
    return render(request, "cases/case.html", context)


@signed_in
def move_case(request: ViewerRequest, uid: UUID, verb: str) -> HttpResponse:
    """The form of a verb, and the verb itself."""
    viewer = request.viewer
    found = queries.case(viewer, uid)
    row = workflow.VERBS.get(verb)
    if row is None:
        raise Missing
    refused = standing.of(viewer, found).refusal(row)
    form = MoveForm(viewer, found, row, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.move(viewer, uid=uid, verb=verb, given=form.given(), seen=form.cleaned_data["seen"])
            messages.success(request, _("%(number)s：%(told)s") % {"number": found.number, "told": SAID[verb].told})
            return redirect("case", uid)
    context = {"case": found, "form": form, "said": SAID[verb], "verb": verb, "refused": refused}
    return render(request, "cases/move.html", context, status=409 if refused else 200)


@signed_in
@require_POST
def comment_case(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.comment(request.viewer, uid=uid, text=request.POST.get("text", ""))
    return redirect("case", uid)


# What an address may fill in before: from the page of a place, a checklist, a map.
PREFILLED = ("kind", "place", "title", "origin_noun", "origin_uid")


@signed_in
def new_case(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    if not viewer.can(Perm.CASE_REPORT):
        raise Missing
    initial = {key: request.GET[key] for key in PREFILLED if key in request.GET}
    form = NewCaseForm(viewer, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            opened = _open(request, form)
            messages.success(request, _("已登记，编号 %(number)s") % {"number": opened.case.number})
            return redirect("case", opened.case.uid)
    return render(request, "cases/new.html", {"form": form})


def _open(request: ViewerRequest, form: NewCaseForm) -> services.Opened:
    data, viewer = form.cleaned_data, request.viewer
    speaks_for = data["opened_for"]
    photos = [
        evidence.hand_in(
            viewer, unit=speaks_for, name=file.name, chunks=file.chunks(), uid=form.photo_uid(number, file.name),
            place=data["place"],
        )
        for number, file in enumerate(data["photos"])
    ]  # fmt: skip
    opening = Opening(
        uid=data["uid"],
        kind=data["kind"],
        title=data["title"],
        text=data["text"],
        category=data["category"],
        place=data["place"],
        address=data["address"],
        point=next((photo.point for photo in photos if photo.point and not data["place"]), None),
        opened_for=speaks_for,
        unit=speaks_for if data["inside"] else None,
        photos=photos,
        channel=form.channel,
        origin=form.origin,
    )
    if data.get("lead"):
        return services.open_and_send(viewer, opening, lead=data["lead"], until=form.end())
    return services.open_case(viewer, opening)
