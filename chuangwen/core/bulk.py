"""One act on many rows, under the rules of the single one.

Each row is done in its own transaction by the service that a single row calls, so that one refusal stops no other.
What came of each is said by name, and one Event says that all of it was one act. A page calls `respond`:

    deeds = {"close": Deed(lambda row, data: services.close_place(viewer, uid=row.uid, **data), ReasonForm)}
    return bulk.respond(request, PLACES, rows, deeds, actor=viewer, noun="place", back=reverse("places"))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangwen.core import events
from chuangwen.core.digests import digest
from chuangwen.core.errors import Conflict, Missing, ProductError, Refused
from chuangwen.core.list_spec import Action, ListSpec
from chuangwen.core.lists import BULK_LIMIT, narrowed, pick_of
from chuangwen.core.models import Event

DONE, SAME, REFUSED, CHANGED = "done", "same", "refused", "changed"


class Actor(Protocol):
    """Who acts: people's Viewer."""

    @property
    def uid(self) -> UUID: ...


@dataclass(frozen=True)
class Deed:
    """How an Action is done.

    `act(row, data)` calls the service for one row, with what the form says; False says that nothing had to be done.
    `form(data)` makes the small form that is asked before, from None or from what was sent.
    """

    act: Callable[[Any, Mapping[str, Any]], object]
    form: Callable[[QueryDict | None], Form] | None = None


@dataclass(frozen=True)
class Pick:
    """A row as it was chosen: `mark` is the spec's mark under which it was seen, None where none was sent."""

    uid: UUID
    mark: str | None

    @property
    def text(self) -> str:
        return str(self.uid) if self.mark is None else f"{self.uid}~{self.mark}"


@dataclass(frozen=True)
class Result:
    """What came of one row. `pick` is what a second try sends, empty where there is nothing to try."""

    label: str
    url: str
    outcome: str
    sentence: str = ""
    pick: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of all rows, in the order in which they were chosen."""

    results: Sequence[Result]

    def of(self, *outcomes: str) -> list[Result]:
        return [result for result in self.results if result.outcome in outcomes]

    @property
    def done(self) -> list[Result]:
        return self.of(DONE)

    @property
    def same(self) -> list[Result]:
        return self.of(SAME)

    @property
    def refused(self) -> list[Result]:
        return self.of(REFUSED, CHANGED)

    @property
    def again(self) -> list[Result]:
        return [result for result in self.refused if result.pick]


def picked(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest) -> list[Pick]:
    """The rows that were chosen: the ticked ones, or all that the address finds, if these are still as many.

    `rows` are those that the viewer may see. Raises Refused for none or too many, Conflict for another number.
    """
    if request.POST.get("all"):
        found = list(narrowed(spec, rows, request.GET)[: BULK_LIMIT + 1])
        picks = [_read(pick_of(spec, row)) for row in found]
        if len(picks) <= BULK_LIMIT and str(len(picks)) != request.POST["all"]:
            raise Conflict(
                _("现在筛出的是 %(count)d 件，和刚才看到的不一样多") % {"count": len(picks)},
                mend=_("回列表再看一眼再选"),
            )
    else:
        sent = dict.fromkeys(request.POST.getlist("uid"))
        picks = [_read(text) for text in sent]
    if not picks:
        raise Refused(_("一件都没有选"), mend=_("回列表先打勾"))
    if len(picks) > BULK_LIMIT:
        raise Refused(_("一次最多办 %(limit)d 件") % {"limit": BULK_LIMIT}, mend=_("先筛小一点，分几次办"))
    return picks


def _read(text: str) -> Pick:
    uid, has_mark, mark = text.partition("~")
    try:
        return Pick(UUID(uid), mark if has_mark else None)
    except ValueError as bad:
        raise Missing from bad


def perform(
    spec: ListSpec,
    rows: QuerySet[Any],
    picks: Sequence[Pick],
    deed: Deed,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    key: str,
    noun: str,
    uid: UUID,
    unit_uid: UUID | None = None,
) -> Outcome:
    """Do it with every row and record that it was one act, called `uid`. Raises Conflict if that was done already."""
    if Event.objects.filter(subject_uid=uid, noun=noun, verb="bulk.done").exists():
        raise Conflict(_("这一批已经办过了"), mend=_("回列表看现在的样子"))
    results: list[Result] = []
    try:
        for pick in picks:
            result = _one(spec, rows, pick, deed, data)
            results.append(result)
    finally:
        outcome = Outcome(results)
        events.record(
            "bulk.done",
            actor_uid=actor.uid,
            noun=noun,
            subject_uid=uid,
            unit_uid=unit_uid,
            data={
                "list": spec.key,
                "act": key,
                "asked": len(picks),
                "done": len(outcome.done),
                "same": len(outcome.same),
                "refused": len(outcome.refused),
                "rows": digest(sorted(str(pick.uid) for pick in picks)),
            },
        )
    return outcome


def _one(spec: ListSpec, rows: QuerySet[Any], pick: Pick, deed: Deed, data: Mapping[str, Any]) -> Result:
    label, url = str(pick.uid)[:8], ""
    try:
        with transaction.atomic():
            row = rows.filter(uid=pick.uid).first()
            if row is None:
                return Result(label, url, REFUSED, _("已经不在这里，或者不归您看"))
            label, url = _named(spec, row)
            if spec.mark and pick.mark is not None and spec.mark(row) != pick.mark:
                raise Conflict(_("选好以后又有人改过它"), mend=_("看过现在的样子再试"))
            same = deed.act(row, data) is False
    except Missing:
        return Result(label, url, REFUSED, _("看得到，但不归您办"))
    except ProductError as problem:
        outcome = CHANGED if isinstance(problem, Conflict) else REFUSED
        sentence = f"{problem.message}。{problem.mend}" if problem.mend else str(problem.message)
        return Result(label, url, outcome, sentence, str(pick.uid))
    except DatabaseError:
        # The database was too busy, or another row was in the way: the other rows go on, and this one can be tried.
        return Result(label, url, REFUSED, _("没有存进去，请再试"), str(pick.uid))
    return Result(label, url, SAME if same else DONE)


def _named(spec: ListSpec, row: Any) -> tuple[str, str]:
    """How the list calls the row, and where it opens."""
    col = next((col for col in spec.columns if col.link), spec.columns[0])
    return str(col.value(row)), col.link(row) if col.link else ""


def respond(
    request: HttpRequest,
    spec: ListSpec,
    rows: QuerySet[Any],
    deeds: Mapping[str, Deed],
    *,
    actor: Actor,
    noun: str,
    back: str,
    unit_uid: UUID | None = None,
) -> HttpResponse:
    """The whole page behind an action: asks first if the action has a form or a warning, does it, says what came.

    `deeds` are those that this viewer may take, by key of the action; another key is Missing.
    """
    key = request.POST.get("act", "")
    action = next((each for each in spec.actions if each.key == key), None)
    if action is None or key not in deeds:
        raise Missing
    deed, picks = deeds[key], picked(spec, rows, request)
    go = "go" in request.POST
    form = deed.form(request.POST if go else None) if deed.form else None
    if (form or action.warning) and not (go and (form is None or form.is_valid())):
        return _ask(request, spec, rows, picks, action, form, back)
    outcome = perform(
        spec,
        rows,
        picks,
        deed,
        form.cleaned_data if form else {},
        actor=actor,
        key=key,
        noun=noun,
        uid=_uid(request.POST.get("bulk", "")),
        unit_uid=unit_uid,
    )
    context = {"action": action, "outcome": outcome, "back": back, "address": request.path}
    return render(request, "core/bulk_done.html", context)


def _uid(written: str) -> UUID:
    """The name of this act, given when the page asked: the same page sent twice is one act."""
    try:
        return UUID(written)
    except ValueError:
        return uuid4()


def _ask(
    request: HttpRequest,
    spec: ListSpec,
    rows: QuerySet[Any],
    picks: Sequence[Pick],
    action: Action,
    form: Form | None,
    back: str,
) -> HttpResponse:
    """What is about to happen, to which rows: from here on it is these rows, whatever the list finds later.

    A row that is tried again is shown as it stands now, and is sent with its mark of now.
    """
    there = {row.uid: row for row in rows.filter(uid__in=[pick.uid for pick in picks])}
    chosen = [
        (pick.text if pick.mark is not None else pick_of(spec, there[pick.uid]), *_named(spec, there[pick.uid]))
        for pick in picks
        if pick.uid in there
    ]
    if not chosen:
        raise Missing
    context = {
        "action": action,
        "chosen": chosen,
        "count": len(chosen),
        "gone": len(picks) - len(chosen),
        "form": form,
        "back": back,
        "bulk": request.POST.get("bulk") or uuid4(),
        "address": request.path,
    }
    return render(request, "core/bulk_ask.html", context)
