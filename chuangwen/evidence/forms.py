"""Input for evidence: hand in, caption, cover, withdraw."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.errors import Missing, Refused
from chuangwen.core.forms import offer
from chuangwen.evidence import queries, rules
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

MOMENT = "%Y-%m-%dT%H:%M"


class Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """As many files as are chosen; each is judged by itself, so an empty one among them is no reason to take none."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not files:
            raise forms.ValidationError(_("还没有选文件。选一张或几张照片"))
        return files


class UnitField(forms.ModelChoiceField[Unit]):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


def moment_field() -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("拍摄时间"),
        required=False,
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("这不是时间。写成 2026-04-02 15:30 这样")},
    )


class WrittenPlace(forms.Form):
    """A place by its number or name; what is offered comes with the page."""

    viewer: Viewer
    place = forms.CharField(
        label=pgettext_lazy("noun", "点位"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
        help_text=_("点位的名称或编号。不写也能传；写了，同一点位的照片就在一起"),
    )

    def clean_place(self) -> Place | None:
        written = self.cleaned_data["place"]
        try:
            return queries.place_written(self.viewer, written) if written else None
        except Missing as missing:
            raise forms.ValidationError(_("没有这个点位。从列出的里面选，或空着")) from missing
        except Refused as several:
            raise forms.ValidationError(f"{several.message}。{several.mend}") from several

    @property
    def known_places(self) -> list[tuple[str, str]]:
        """(what is written, what it is) of the places that the field offers."""
        return queries.place_choices(self.viewer)


class HandInForm(WrittenPlace):
    """`uid` is made by the page, once for each file, so that a file sent twice comes in once."""

    unit = UnitField(Unit.objects.none(), label=pgettext_lazy("noun", "单位"), empty_label=None, to_field_name="code")
    taken_at = moment_field()

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        offer(self, "unit", open_units(viewer, Perm.EVIDENCE_ADD))
        self.fields["taken_at"].help_text = _("照片自带时间的不必填")
        home = viewer.person.unit
        if viewer.can(Perm.EVIDENCE_ADD, home):
            self.fields["unit"].initial = home.code


class FilesForm(HandInForm):
    """The page without its script: all files in one request."""

    sent = FilesField(label=_("照片或文件"), widget=Several(attrs={"accept": ",".join(("image/*", *rules.ACCEPTED))}))

    field_order = ["sent", "unit", "place", "taken_at"]


class CaptionForm(WrittenPlace):
    """The six elements of a press photo's caption, the place, and the time where the camera's is wrong."""

    said_when = forms.CharField(label=_("时间"), max_length=60, required=False)
    said_where = forms.CharField(label=_("地点"), max_length=120, required=False)
    said_who = forms.CharField(label=_("人物"), max_length=200, required=False)
    theme = forms.CharField(label=_("主题"), max_length=120, required=False)
    background = forms.CharField(label=_("背景"), max_length=200, required=False)
    cause = forms.CharField(label=_("事由"), max_length=200, required=False)
    taken_at = moment_field()
    settled = forms.BooleanField(label=_("有疑问的地方看过了，没有问题"), required=False)

    field_order = [
        "said_when",
        "said_where",
        "said_who",
        "theme",
        "background",
        "cause",
        "place",
        "taken_at",
        "settled",
    ]

    def __init__(self, viewer: Viewer, row: Evidence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.row = viewer, row
        for name in ("said_when", "said_where", "said_who", "theme", "background", "cause"):
            self.fields[name].initial = getattr(row, name)
        self.fields["said_who"].help_text = _("写身份，如“志愿者 3 人”，不写姓名")
        # What is known already is offered, not asked again.
        self.fields["said_when"].widget.attrs["placeholder"] = f"{timezone.localtime(row.taken_at):%Y-%m-%d %H:%M}"
        self.fields["place"].help_text = _("点位的名称或编号")
        if row.place:
            self.fields["place"].initial = row.place.code or row.place.name
            self.fields["said_where"].widget.attrs["placeholder"] = row.place.name
        self.fields["taken_at"].label = _("更正拍摄时间")
        if not row.doubts:
            del self.fields["settled"]

    def clean_place(self) -> Place | None:
        """What stands already needs no right to be seen again."""
        unchanged = self.row.place and self.cleaned_data["place"] == self.fields["place"].initial
        return self.row.place if unchanged else super().clean_place()

    @property
    def said(self) -> dict[str, Any]:
        """As the service takes it."""
        answers = {name: text for name, text in self.cleaned_data.items() if name != "place"}
        own: dict[str, Any] = {name: answers.pop(name) for name in ("taken_at", "settled") if name in answers}
        return {"elements": answers, **own}


class RedactionForm(forms.Form):
    rectangles = forms.CharField(
        label=_("要遮的地方"),
        widget=forms.Textarea(attrs={"rows": 3, "data-rectangles": ""}),
        help_text=_("一行一处，写左、上、右、下离照片左边和上边的百分数，如 10,20,35,50"),
        error_messages={"required": _("还没有框出要遮的地方。在照片上拖出一个框，或按说明用键盘画")},
    )
    reason = forms.CharField(label=_("为什么遮"), max_length=200, help_text=_("如“行人面部”“车牌”"))

    def clean_rectangles(self) -> Sequence[rules.Cover]:
        try:
            return list(rules.covers(self.cleaned_data["rectangles"]))
        except ValueError as bad:
            raise forms.ValidationError(
                _("“%(line)s”不是四个百分数。写成 10,20,35,50 这样") % {"line": str(bad)[:60]}
            ) from bad
