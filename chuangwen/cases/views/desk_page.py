"""What the page of the desk is drawn from: the queue, the case on it, its forms, fresh or with what was wrong."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from chuangwen.cases import desk, queries, showing, workflow
from chuangwen.cases.desk import Sheet
from chuangwen.cases.forms.desk import UNIT_LIST, DeclineForm, GrantForm, MergeForm, SayingForm, SendForm
from chuangwen.cases.forms.moving import units
from chuangwen.people.access import Viewer
from chuangwen.people.rules import Perm


class Forms:
    """The forms of one case, made when they are asked for; `sent` is what was posted, by act."""

    def __init__(self, viewer: Viewer, row: Any, sent: Mapping[str, Any] | None = None, *, category: str = "") -> None:
        self.viewer, self.row, self.sent = viewer, row, dict(sent or {})
        self.chosen = next((each for each in self.categories if each.pk == category), None) if category else None
        self.sheet: Sheet | None = None

    @cached_property
    def categories(self) -> list[Any]:
        return desk.categories()

    @cached_property
    def words(self) -> dict[str, list[Any]]:
        return desk.words()

    @cached_property
    def send(self) -> SendForm:
        """Filing alone needs no unit: then the form is the same, and the unit may be empty."""
        data = self.sent.get("send") or self.sent.get("file")
        proposal = self.sheet.proposal if self.sheet else None
        offered = desk.units_for(self.row, units())
        form = SendForm(
            self.viewer, self.row, offered, self.categories, data, proposal=proposal, category=self.chosen
        )  # fmt: skip
        if "file" in self.sent:
            form.fields["lead"].required = False
        return form

    @cached_property
    def decline(self) -> DeclineForm:
        outside = self.row.channel in desk.FROM_OUTSIDE
        return DeclineForm(self.row, self.words.get("decline", []), self.sent.get("decline"), told=outside)

    @cached_property
    def merge(self) -> MergeForm:
        return MergeForm(self.row, self.sent.get("merge"))

    @cached_property
    def grant(self) -> GrantForm:
        return GrantForm(self.row, self.sent.get("grant"))

    @cached_property
    def deny(self) -> SayingForm:
        return SayingForm(self.row, self.words.get("deny", []), self.sent.get("deny"))

    def by_act(self, act: str) -> Any:
        return self.send if act == "file" else getattr(self, act)


def context(viewer: Viewer, query: Mapping[str, Any], forms: Forms | None = None) -> dict[str, Any]:
    """All that the page shows: `query` has tab, case and category; `forms` those of a case that was just tried."""
    wanted = _uid(query.get("case", ""))
    queue = desk.queue(viewer, query.get("tab", desk.ALL), wanted=wanted)
    row = queue.find(wanted) or next(iter(queue.rows), None)
    shown: dict[str, Any] = {"queue": queue, "due": {each.uid: showing.due_of(each) for each in queue.rows}}
    if wanted and queue.find(wanted) is None:
        shown["gone"] = desk.gone(viewer, wanted)
    if row is None:
        return shown
    return shown | _sheet(viewer, queue, row, forms, query.get("category", ""))


def _uid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _sheet(viewer: Viewer, queue: Any, row: Any, forms: Forms | None, category: str) -> dict[str, Any]:
    if forms is None:
        forms = Forms(viewer, row, category=category if row.state == workflow.RECEIVED else "")
    sheet = desk.sheet(viewer, row, category=forms.chosen)
    # After a no the page knows what stands now: pressing again is a decision, not an accident.
    forms.row, forms.sheet = row, sheet
    tried = [forms.by_act(act) for act in forms.sent]
    for form in tried:
        form.data = form.data.copy()
        form.data["seen"], form.data["step"] = str(row.revision), row.state
    asked = row.state in workflow.UNDER_WAY
    return {
        "case": row,
        "sheet": sheet,
        "forms": forms,
        "asked": asked,
        "tried": next(iter(forms.sent), ""),
        "problems": [problem for form in tried for problem in form.non_field_errors()],
        "may_answer": not asked or row.asked != workflow.PLAN or viewer.can(Perm.CASE_SIGN, row.unit),
        "answered_kind": row.rules_of_kind.answered,
        "pictures": showing.pictures(queries.photos(row)),
        "keys": desk.with_keys(forms.categories) if row.state == workflow.RECEIVED else [],
        "before": queue.beside(row, -1),
        "after": queue.beside(row, 1),
        "number": queue.place_of(row),
        "unit_list": UNIT_LIST,
        "may_edit_rules": viewer.can_over_city(Perm.REFERENCE_MANAGE),
    }
