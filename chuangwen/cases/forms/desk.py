"""Input of the dispatch desk: file and hand over, decide, say no, merge, answer a request."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.cases import workflow
from chuangwen.cases.forms.moving import end_of
from chuangwen.cases.models import Case, CaseCategory, Group, ResponseTemplate
from chuangwen.cases.routing import Proposal
from chuangwen.cases.services import PartGiven
from chuangwen.core.forms import offer_choices
from chuangwen.people.access import Viewer
from chuangwen.people.forms import adults, day_field
from chuangwen.people.models import Person, Unit

ROWS = 4
UNIT_LIST = "desk-units"
ASSIST, BLOCKING, COPY = "assist", "blocking", "copy"
HOW = (
    (ASSIST, pgettext_lazy("part", "配合")),
    (BLOCKING, gettext_lazy("配合，等它办完才能报完成")),
    (COPY, pgettext_lazy("part", "抄送")),
)


class SeenForm(forms.Form):
    """`seen` is the revision that the page showed, `step` the state, `next` the case that comes after it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    step = forms.ChoiceField(widget=forms.HiddenInput, choices=[(state, state) for state in workflow.OPEN])
    next = forms.UUIDField(widget=forms.HiddenInput, required=False)


class UnitField(forms.CharField):
    """A unit written by its short name, name or code; the browser offers the list while one types."""

    def __init__(self, units: Sequence[Unit], **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": UNIT_LIST, "autocomplete": "off"})
        super().__init__(max_length=160, widget=widget, **more)
        self.units = units

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        found = [
            unit for unit in self.units if written in {unit.label, unit.name, unit.code, label_in(unit, self.units)}
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(_("叫“%(name)s”的不止一个。写全名") % {"name": written})
        raise forms.ValidationError(_("没有“%(name)s”这个单位。从列表里选") % {"name": written})


def label_in(unit: Unit, units: Sequence[Unit]) -> str:
    """How the list writes a unit: shortly, or in full where two are shortly called the same."""
    return unit.label if sum(1 for each in units if each.label == unit.label) == 1 else f"{unit} · {unit.code}"


class LeaderField(forms.CharField):
    """A person by name or number, of those whom the viewer sees."""

    def __init__(self, viewer: Viewer, **more: Any) -> None:
        super().__init__(max_length=60, **more)
        self.viewer = viewer

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        rows = adults(self.viewer)
        found: list[Person] = list(rows.filter(name=written)[:2]) or list(rows.filter(code=written)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(_("叫“%(name)s”的不止一位。写工号") % {"name": written})
        raise forms.ValidationError(_("没有找到“%(name)s”。写全名或工号") % {"name": written})


class SendForm(SeenForm):
    """To whom it goes, with all that may go along; what is to be filed gets its category here too."""

    category = forms.ChoiceField(label=gettext_lazy("类别"))
    until = day_field(
        gettext_lazy("办结期限"), required=False, help_text=gettext_lazy("不填就按类别算；到那天下班为止")
    )
    reason = forms.CharField(
        label=gettext_lazy("交代"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写给承办单位看的，如要注意什么"),
    )

    def __init__(
        self,
        viewer: Viewer,
        row: Case,
        units: Sequence[Unit],
        categories: Sequence[CaseCategory],
        data: Any = None,
        *,
        proposal: Proposal | None = None,
        category: CaseCategory | None = None,
    ) -> None:
        chosen = category or row.category
        initial = {"seen": row.revision, "step": row.state, "category": chosen.pk if chosen else ""}
        super().__init__(data, initial=initial | suggested(proposal, units))
        self.units = list(units)
        self.rows = {each.pk: each for each in categories}
        self.fields["lead"] = UnitField(units, label=gettext_lazy("牵头单位"))
        self.fields["leader"] = LeaderField(
            viewer, required=False, label=gettext_lazy("包案领导"), help_text=gettext_lazy("写姓名或工号")
        )
        for number in range(ROWS):
            self._add_part(number)
        if row.state != workflow.RECEIVED:
            del self.fields["category"]
        else:
            offer_choices(self, "category", grouped(categories))
        if row.state == workflow.DISPUTED:
            self.fields["reason"].required = True
            self.fields["reason"].label = gettext_lazy("为什么这样裁定")
            self.fields["reason"].help_text = gettext_lazy("各家都看得到；裁定以后，牵头单位不能再退")

    def _add_part(self, number: int) -> None:
        unit = UnitField(self.units, label=pgettext_lazy("noun", "单位"), required=False)
        unit.widget.attrs["placeholder"] = unit.label
        self.fields[f"unit_{number}"] = unit
        task = forms.CharField(label=gettext_lazy("要做的"), max_length=200, required=False)
        task.widget.attrs["placeholder"] = task.label
        self.fields[f"task_{number}"] = task
        self.fields[f"how_{number}"] = forms.ChoiceField(label=gettext_lazy("怎么参加"), choices=HOW, required=False)

    @cached_property
    def parts(self) -> list[tuple[forms.BoundField, ...]]:
        """The rows of assisting units, as the page draws them."""
        return [tuple(self[f"{name}_{number}"] for name in ("unit", "task", "how")) for number in range(ROWS)]

    @property
    def opened(self) -> bool:
        """Whether somebody wrote something into the expandable part, or something is wrong there. What the proposal
        put there is said above it.
        """
        names = [f"{name}_{number}" for number in range(ROWS) for name in ("unit", "task")]
        return self.is_bound and any(self[name].value() or self[name].errors for name in (*names, "leader", "until"))

    @property
    def category_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Groups with their categories, the first without a name."""
        first, *groups = grouped(list(self.rows.values()))
        return [("", [first]), *groups]

    @property
    def options(self) -> list[str]:
        return [label_in(unit, self.units) for unit in self.units]

    @property
    def chosen_category(self) -> CaseCategory | None:
        return self.rows.get(self.cleaned_data.get("category", ""))

    @property
    def given_parts(self) -> list[PartGiven]:
        """What assisting units are to do. Two rows with one unit are for the service to refuse."""
        data = self.cleaned_data
        return [
            PartGiven(
                unit=data[f"unit_{number}"],
                task=data[f"task_{number}"],
                copy=data[f"how_{number}"] == COPY,
                blocking=data[f"how_{number}"] == BLOCKING,
            )
            for number in range(ROWS)
            if data[f"unit_{number}"]
        ]

    @property
    def given_until(self) -> Any:
        return end_of(self.cleaned_data["until"])


def suggested(proposal: Proposal | None, units: Sequence[Unit]) -> dict[str, str]:
    """The proposal as the form's first values, as far as the keeper may hand over to these units."""
    if proposal is None or proposal.lead is None:
        return {}
    offered = set(units)
    found = {"lead": label_in(proposal.lead, units)} if proposal.lead in offered else {}
    assisting = [unit for unit in proposal.assist if unit in offered]
    return found | {f"unit_{number}": label_in(unit, units) for number, unit in enumerate(assisting[:ROWS])}


def grouped(categories: Sequence[CaseCategory]) -> list[tuple[Any, Any]]:
    """Categories under the names of their groups, in their order."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in categories:
        groups.setdefault(str(Group(row.group).label), []).append((row.pk, str(row)))
    return [("", _("选类别")), *groups.items()]


class SayingForm(SeenForm):
    """Words, and which of the frequent ones to begin with; without own words the chosen ones stand."""

    words = forms.ChoiceField(label=gettext_lazy("常用语"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("选了常用语可以不写，不然要写"),
    )

    def __init__(self, row: Case, words: Sequence[ResponseTemplate], data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial={"seen": row.revision, "step": row.state} | initial)
        self.texts = {each.pk: each.text for each in words}
        if words:
            offer_choices(self, "words", [("", _("自己写")), *((each.pk, str(each)) for each in words)])
        else:
            del self.fields["words"]
            self.fields["reason"].help_text = ""

    @property
    def said(self) -> str:
        own: str = self.cleaned_data["reason"].strip()
        return own or self.texts.get(self.cleaned_data.get("words", ""), "")


class DeclineForm(SayingForm):
    told = forms.BooleanField(label=gettext_lazy("来件人也看得到"), required=False)


class MergeForm(SeenForm):
    number = forms.CharField(
        label=gettext_lazy("并到哪一件"), max_length=20, help_text=gettext_lazy("写那一件的编号，如 2611-0512")
    )
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=2000, required=False)

    def __init__(self, row: Case, data: Any = None) -> None:
        super().__init__(data, initial={"seen": row.revision, "step": row.state})


class GrantForm(SeenForm):
    until = day_field(gettext_lazy("准到哪一天"), help_text=gettext_lazy("承办单位申请的日子已经填好，可以改"))
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=2000, required=False)

    def __init__(self, row: Case, data: Any = None) -> None:
        until = timezone.localdate(row.asked_until) if row.asked_until else None
        super().__init__(data, initial={"seen": row.revision, "step": row.state, "until": until})

    @property
    def given_until(self) -> Any:
        return end_of(self.cleaned_data["until"])
