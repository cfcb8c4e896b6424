"""Cases from a list of places, and the notice to each unit."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chuangwen.cases import gathering, queries, services
from chuangwen.cases.forms.places import CampaignForm, ListedForm, OwnerForm, WhichForm
from chuangwen.cases.gathering import Found
from chuangwen.cases.lists import NOTICE
from chuangwen.cases.services import Campaign, PlaceGiven
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.forms import fill_errors
from chuangwen.core.lists import export, wants_export
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.listing import unit_asked
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

KEPT = ("uid", "title", "text", "until")
LEAVE_OUT, TAKE = "leave_out", "take"


@signed_in
def from_places(request: ViewerRequest) -> HttpResponse:
    """Which places; whose each is; what is to be done there. Until the last press nothing is kept but in the page."""
    viewer = request.viewer
    if not viewer.can(Perm.CASE_DISPATCH):
        raise Missing
    of_list = bool(request.GET.get("list"))
    which = (ListedForm if of_list else WhichForm)(_asked(request))
    keeper = pick_unit(viewer, Perm.CASE_DISPATCH, None)
    context: dict[str, Any] = {"which": which, "of_list": of_list, "query": request.GET}
    if not which.is_valid():
        return render(request, "cases/from_places.html", context)
    try:
        found = _found(request, which)
    except Refused as problem:
        return render(request, "cases/from_places.html", {**context, "problem": problem})
    page = Page(request, found)
    campaign = CampaignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "act" in request.POST:
        page.act(request.POST["act"])
        campaign = CampaignForm(
            initial={name: request.POST.get(name, "") for name in ("uid", "title", "text", "until")}
        )
    elif request.method == "POST" and campaign.is_valid():
        with fill_errors(campaign):
            if opened := _open(request, page, campaign, which):
                return opened
    context |= {
        "rows": page.rows,
        "taken": page.taken,
        "split": page.split,
        "campaign": campaign,
        "owner": OwnerForm(keeper),
    }
    return render(request, "cases/from_places.html", context)


def _asked(request: ViewerRequest) -> Any:
    """The address; on the first visit nothing was asked yet, and the usual distance stands there."""
    asked = request.GET.copy()
    asked.setdefault("m", str(gathering.METRES))
    return asked if request.GET.get("category") or request.GET.get("what") else None


def _found(request: ViewerRequest, which: Any) -> list[Found]:
    if isinstance(which, ListedForm):
        return gathering.of_list(request.viewer, request.GET, unit_asked(request, Perm.CASE_VIEW), which.asked)
    return gathering.found(request.viewer, which.asked)


class Row:
    """A place as the page shows it; `taken` says that a case will be opened."""

    def __init__(self, found: Found, owner: Any, *, taken: bool) -> None:
        self.found, self.owner, self.taken = found, owner, taken


class Page:
    """The rows with what was chosen for them so far, which the page carries along."""

    def __init__(self, request: ViewerRequest, found: list[Found]) -> None:
        self.request, posted = request, request.POST
        chosen = queries.units_by_code({str(code) for key, code in posted.items() if key.startswith("owner-")})
        self.rows = []
        for each in found:
            said = posted.get(f"owner-{each.place.uid}")
            owner = chosen.get(said) if said is not None else each.owner
            taken = posted[f"taken-{each.place.uid}"] == "1" if said is not None else each.standing is None
            self.rows.append(Row(each, owner, taken=taken))

    @property
    def taken(self) -> int:
        return sum(row.taken for row in self.rows)

    @property
    def split(self) -> list[tuple[str, int]]:
        """How many each unit gets."""
        counted = Counter(row.owner.label if row.owner else _("未定") for row in self.rows if row.taken)
        return counted.most_common()

    def act(self, act: str) -> None:
        """What was pressed, on the rows that were ticked."""
        ticked = set(self.request.POST.getlist("pick"))
        owner = queries.units_by_code([self.request.POST.get("owner", "")])
        if not ticked:
            messages.warning(self.request, _("先勾选要改的点位"))
        if act == "owner" and not owner:
            messages.warning(self.request, _("先选一个单位"))
        for row in self.rows:
            if str(row.found.place.uid) in ticked:
                row.taken = {LEAVE_OUT: False, TAKE: True}.get(act, row.taken)
                row.owner = next(iter(owner.values()), row.owner) if act == "owner" else row.owner

    def given(self, form: Any) -> list[PlaceGiven]:
        """The rows that are taken; a row without a unit is named on the form."""
        without = [row.found.place.name for row in self.rows if row.taken and not row.owner]
        if without:
            form.add_error(None, _("还没有定单位的：%(places)s") % {"places": "、".join(without[:8])})
        return [
            PlaceGiven(row.found.place, row.owner, even_so=row.found.standing is not None)
            for row in self.rows
            if row.taken and row.owner
        ]


def _open(request: ViewerRequest, page: Page, form: CampaignForm, which: Any) -> HttpResponse | None:
    """The cases, and the way to the one above; None where a row lacks its unit, which the form then says."""
    viewer, data = request.viewer, form.cleaned_data
    rows = page.given(form)
    if form.errors:
        return None
    campaign = Campaign(
        uid=data["uid"], unit=pick_unit(viewer, Perm.CASE_DISPATCH, None), title=data["title"], text=data["text"],
        category=which.asked.category, rows=rows, until=form.end(),
    )  # fmt: skip
    done = services.open_for_places(viewer, campaign)
    messages.success(request, gathering.told(len(done.made), len(done.passed)))
    return redirect("case", done.parent.uid)


@signed_in
def notice(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    """The notice to one unit: what it has to do where, until when. For print, and as a workbook."""
    viewer = request.viewer
    parent = queries.case(viewer, uid)
    rows = queries.narrowed(queries.children(viewer, parent), {"lead": request.GET.get("lead", ""), "only": "1"})
    unit = next(iter(queries.units_by_code([request.GET.get("lead", "")]).values()), None)
    if unit is None or not rows.exists():
        raise Missing
    if wants_export(request):
        return export(NOTICE, rows, request, name=_("通知单 %(unit)s") % {"unit": unit.label})
    context = {"case": parent, "unit": unit, "rows": list(rows)}
    return render(request, "cases/notice.html", context)
