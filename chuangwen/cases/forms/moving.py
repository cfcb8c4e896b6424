"""Input for a verb: its fields follow from the table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4, uuid5

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangwen.cases import queries, rules, workflow
from chuangwen.cases.models import Case
from chuangwen.cases.services import Given, PartGiven
from chuangwen.core import calendar, clock
from chuangwen.evidence import services as evidence
from chuangwen.evidence.forms import FilesField, UnitField
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer
from chuangwen.people.forms import day_field
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

# Below these nobody is handed a case: a class has a school, a ward a hospital.
INNER_KINDS = ("class", "ward")


def text_field(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=required, max_length=2000, widget=widget, help_text=help_text)


def units() -> QuerySet[Unit]:
    """The units to which a case can be handed: all that are open, but for the innermost."""
    standing = Q(closed_on__isnull=True) | Q(closed_on__gt=clock.today())
    return Unit.objects.filter(standing).exclude(kind__in=INNER_KINDS)


def leaders() -> QuerySet[Person]:
    """Who may sign or supervise somewhere today: the ones that one names as responsible leader."""
    today = clock.today()
    in_force = Q(grants__until__isnull=True) | Q(grants__until__gte=today)
    signs = Person.objects.filter(in_force, left_on__isnull=True, grants__role__permissions__icontains="case.sign")
    return signs.select_related("unit").distinct().order_by("unit__path", "code")


class PersonField(forms.ModelChoiceField[Person]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}　{obj.title or obj.unit.label}"


class SeveralUnits(forms.ModelMultipleChoiceField[Unit]):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class MoveForm(forms.Form):
    """The fields that a verb needs or takes, in the order in which a person thinks of them."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Made with the page, so that photos that are sent twice come in once.
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, viewer: Viewer, case: Case, row: workflow.Transition, *args: Any, **kwargs: Any) -> None:
        initial = {"seen": case.revision, "token": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.viewer, self.case, self.row = viewer, case, row
        for name in ORDER:
            if name in (*row.needs, *row.takes):
                FIELDS[name](self, required=name in row.needs)
        if row.proof:
            self._proof()

    def _proof(self) -> None:
        proof = self.case.rules_of_kind.proof
        self.fields["reason"] = text_field(_("怎么办的"), required=proof != workflow.NO_PROOF)
        self.fields["photos"].required = proof == workflow.PHOTO
        if proof == workflow.PHOTO:
            self.fields["photos"].label = _("整改后的照片")

    def given(self) -> Given:
        """What the verb is given. The photos are handed in first: nothing is lost if the verb is then refused."""
        data = self.cleaned_data
        return Given(
            reason=data.get("reason") or "",
            reply=data.get("reply") or "",
            lead=data.get("lead"),
            parts=_parts(data),
            category=data.get("category"),
            until=end_of(data.get("until")),
            into=data.get("into"),
            leader=data.get("leader"),
            handler=data.get("handler"),
            photos=self._photos(data.get("photos") or []),
        )

    def _photos(self, files: Iterable[Any]) -> list[Evidence]:
        token: UUID = self.cleaned_data.get("token") or uuid4()
        unit = unit_for_photos(self.viewer, self.case)
        return [
            evidence.hand_in(
                self.viewer, unit=unit, name=file.name, chunks=file.chunks(), uid=uuid5(token, f"{number}:{file.name}")
            )
            for number, file in enumerate(files)
        ]

    def clean_into(self) -> Case:
        written: str = self.cleaned_data["into"]
        found = queries.by_number(self.viewer, written)
        if found is None:
            raise forms.ValidationError(_("没有这个编号的事项。写成 2611-0512 这样"))
        return found


def unit_for_photos(viewer: Viewer, case: Case) -> Unit:
    """Whose proof a photo becomes: the lead's, where the viewer may add to it; else that of who brings it."""
    candidates = [case.lead, viewer.person.unit, case.opened_for, case.unit]
    return next((unit for unit in candidates if unit and viewer.can(Perm.EVIDENCE_ADD, unit)), viewer.person.unit)


def _parts(data: dict[str, Any]) -> list[PartGiven]:
    task, blocking = data.get("task") or "", bool(data.get("blocking"))
    parts = [PartGiven(unit, task, blocking=blocking) for unit in data.get("assist") or []]
    return parts + [PartGiven(unit, copy=True) for unit in data.get("copies") or []]


def end_of(day: Any) -> datetime | None:
    """A day that is given as a deadline ends with its office hours."""
    return rules.end_of_day(calendar.calendar(), day, timezone.localtime()) if day else None


def _reason(form: MoveForm, *, required: bool) -> None:
    form.fields["reason"] = text_field(_("说明"), required=required)


def _reply(form: MoveForm, *, required: bool) -> None:
    form.fields["reply"] = text_field(_("给来件人的答复"), required=required, help_text=_("来件人凭查询码看得到"))


def _lead(form: MoveForm, *, required: bool) -> None:
    form.fields["lead"] = UnitField(units(), label=_("牵头单位"), required=required)


def _several(form: MoveForm, *, required: bool) -> None:
    form.fields["assist"] = SeveralUnits(units(), label=_("配合单位"), required=False)
    form.fields["task"] = forms.CharField(label=_("配合做什么"), max_length=200, required=False)
    form.fields["blocking"] = forms.BooleanField(label=_("配合部分不完成，不能报整改完成"), required=False)
    form.fields["copies"] = SeveralUnits(units(), label=_("抄送"), required=False)


def _category(form: MoveForm, *, required: bool) -> None:
    form.fields["category"] = forms.ModelChoiceField(
        queries.categories(keep=form.case.category_id), label=_("类别"), required=required, initial=form.case.category
    )


def _until(form: MoveForm, *, required: bool) -> None:
    form.fields["until"] = day_field(_("到哪一天"), required=required, help_text=_("到当天下班为止"))


def _into(form: MoveForm, *, required: bool) -> None:
    form.fields["into"] = forms.CharField(
        label=_("并到哪一件"), max_length=20, required=required, help_text=_("在办的那一件的编号，如 2611-0512")
    )


def _leader(form: MoveForm, *, required: bool) -> None:
    form.fields["leader"] = PersonField(leaders(), label=_("包案领导"), required=required)


def _handler(form: MoveForm, *, required: bool) -> None:
    lead = form.case.lead
    there = Person.objects.filter(unit__path__startswith=lead.path if lead else "-", left_on__isnull=True)
    people = there.filter(is_pupil=False).select_related("unit").order_by("unit__path", "code")
    form.fields["handler"] = PersonField(people, label=_("经办人"), required=required)


def _photos(form: MoveForm, *, required: bool) -> None:
    form.fields["photos"] = Photos(label=_("照片或文件"), required=False, help_text=_("可以选几张，每张 20 MB 以内"))


class Photos(FilesField):
    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [] if not data and not self.required else super().clean(data, initial)


ORDER = (
    "category", "lead", "parts", "into", "leader", "handler", "until", "reason", "reply", "photos",
)  # fmt: skip


class AddsField(Protocol):
    """What puts the field of one thing into the form."""

    def __call__(self, form: MoveForm, *, required: bool) -> None: ...


FIELDS: dict[str, AddsField] = {
    "reason": _reason,
    "reply": _reply,
    "lead": _lead,
    "parts": _several,
    "category": _category,
    "until": _until,
    "into": _into,
    "leader": _leader,
    "handler": _handler,
    "photos": _photos,
}
