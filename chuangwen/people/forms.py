"""Input for people: sign-in, passwords, groups, members, persons, grants, tokens."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.core.forms import SeenField, offer
from chuangwen.core.reference import offered
from chuangwen.people import person_queries, queries, unit_queries
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.models import Account, Level, Person, Position, Role, Unit, UnitKind
from chuangwen.people.rules import Perm


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A date by the browser's own calendar; also takes 2026.4.2 and the like where that is typed."""
    outside = _("日期不在 2000 年到 2100 年之间。看看年份有没有写错")
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        error_messages={"invalid": _("这不是日期。写成 2026-04-02 这样")},
        validators=[MinValueValidator(clock.FIRST_DAY, outside), MaxValueValidator(clock.LAST_DAY, outside)],
    )


def phone_field(label: Any) -> forms.CharField:
    """Office numbers alone; the service says what is wrong with one."""
    return forms.CharField(
        label=label,
        max_length=40,
        required=False,
        help_text=_("只写办公电话，通讯录里看得到；如 0736-7220001"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )


def email_field() -> forms.CharField:
    return forms.CharField(
        label=_("工作邮箱"),
        max_length=120,
        required=False,
        help_text=_("提醒也发到这里；不填就只在页面上看"),
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    error_messages = {
        "invalid_login": _("登录名或密码不对。连错 5 次会锁 15 分钟；忘了可请本单位管理员重置。"),
        "inactive": _("这个账号已停用。请问本单位管理员。"),
    }


# Generic only for the type checker.
if TYPE_CHECKING:
    PasswordMixin = SetPasswordMixin[Account]
else:
    PasswordMixin = SetPasswordMixin


class ChangePasswordForm(PasswordMixin, forms.Form):
    """The old password first, so that a phone left open cannot be taken over."""

    old_password = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password1, new_password2 = PasswordMixin.create_password_fields(label1=_("新密码"), label2=_("再写一次新密码"))

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _("至少 10 位，不要全是数字")
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not self.account.check_password(old):
            raise forms.ValidationError(_("现在的密码不对。重置过的，请写刚拿到的那一个"))
        return old

    def clean(self) -> dict[str, Any]:
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.account, "new_password2")
        if self.cleaned_data.get("new_password1") == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", _("新密码和现在的一样。请换一个"))
        return self.cleaned_data


class PersonField(forms.ModelChoiceField[Person]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit.label} · {obj} {obj.title}".strip()


def adults(viewer: Viewer) -> Any:
    """Whom one can choose for something: neither pupils nor the two through whom the system itself acts."""
    return queries.persons(viewer).filter(is_pupil=False).exclude(code="operator").exclude(queries.the_door())


class GroupForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ModelChoiceField(UnitKind.objects.none(), label=_("类别"), empty_label=None)
    founded_on = day_field(_("成立日期"))
    remit = forms.CharField(label=_("职责"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    office = forms.ModelChoiceField(Unit.objects.none(), label=_("办公室设在"), required=False)
    document_title = forms.CharField(label=_("成立文件名称"), max_length=200, required=False)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    code = forms.SlugField(
        label=_("代码"), max_length=60, required=False, help_text=_("不填就自动编；要自己定，用小写字母、数字和短横")
    )
    document = forms.FileField(label=_("文件扫描件"), required=False, help_text=_("PDF、Word 或图片，20 MB 以内"))

    def __init__(self, viewer: Viewer, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", queries.group_kinds())
        offer(self, "office", open_units(viewer, Perm.UNIT_VIEW).filter(path__startswith=unit.path))

    def clean_document(self) -> Any:
        upload = self.cleaned_data["document"]
        if upload and upload.size > 20 * 1024 * 1024:
            raise forms.ValidationError(_("文件超过 20 MB。请压缩后再传"))
        if upload and not upload.name.lower().endswith((".pdf", ".docx", ".doc", ".jpg", ".jpeg", ".png")):
            raise forms.ValidationError(_("这种文件收不了。请传 PDF、Word 或图片"))
        return upload

    def clean_founded_on(self) -> date:
        founded: date = self.cleaned_data["founded_on"]
        if founded > clock.today():
            raise forms.ValidationError(_("成立日期在今天之后。写文件上的成立日期"))
        return founded


class NewUnitsForm(forms.Form):
    """One or many units below another: a name a line, as one lists the classes of a school."""

    kind = forms.ModelChoiceField(UnitKind.objects.none(), label=_("类别"), empty_label=None)
    names = forms.CharField(
        label=_("名称"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text=_("一行一个。简称写在前面、用空格隔开，如“c98 六年级 c98 班”"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", queries.unit_kinds())

    def clean_names(self) -> list[tuple[str, str]]:
        """(short name or "", name) of every line."""
        lines = [line.strip().split(maxsplit=1) for line in self.cleaned_data["names"].splitlines() if line.strip()]
        named = [(line[0], line[1]) if len(line) > 1 else ("", line[0]) for line in lines]
        shorts = [short for short, _name in named if short]
        for short, name in named:
            if len(short) > 40 or len(name) > 120:
                raise forms.ValidationError(
                    _("“%(line)s”太长。简称 40 字、名称 120 字以内") % {"line": f"{short} {name}"}
                )
            if shorts.count(short) > 1:
                raise forms.ValidationError(_("简称“%(short)s”写了两次。删去一行") % {"short": short})
        return named


class UnitForm(forms.Form):
    """What may be changed about a unit; `seen` carries what the page showed, for whoever comes second."""

    seen = SeenField()
    name = forms.CharField(label=_("名称"), max_length=120)
    short_name = forms.CharField(
        label=_("简称"), max_length=40, required=False, help_text=_("表格和文书里用它，如“实验小学”“c98”")
    )
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    kind = forms.ModelChoiceField(UnitKind.objects.none(), label=_("类别"), empty_label=None)
    level = forms.ModelChoiceField(Level.objects.none(), label=_("层级"), required=False)
    division_code = forms.CharField(
        label=_("区划代码"), max_length=12, required=False, help_text=_("6、9 或 12 位数字，如 430702")
    )
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, required=False, help_text=_("照证书抄 18 位")
    )
    phone = phone_field(_("值班电话"))

    def __init__(self, unit: Unit, data: Any = None) -> None:
        shown = unit_queries.unit_values(unit)
        super().__init__(data, initial={**shown, "seen": shown})
        self.unit = unit
        kinds = UnitKind.objects.filter(is_group=unit.kind.is_group).exclude(code="city")
        if unit.kind_id == "city":
            kinds = UnitKind.objects.filter(code="city")
        offer(self, "kind", offered(kinds, keep=unit.kind_id))
        offer(self, "level", offered(Level.objects.all(), keep=unit.level_id))

    def clean_credit_code(self) -> str:
        written: str = self.cleaned_data["credit_code"]
        return written.upper()

    @property
    def values(self) -> dict[str, Any]:
        return {column: self.cleaned_data[column] for column in unit_queries.UNIT_COLUMNS}


class MoveForm(forms.Form):
    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("移到哪个单位下面"), empty_label=_("请选一个"))

    def __init__(self, viewer: Viewer, unit: Unit, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "parent", unit_queries.parents_for(viewer, unit))


class MemberForm(forms.Form):
    person = PersonField(Person.objects.none(), label=pgettext_lazy("noun", "人员"))
    position = forms.ChoiceField(choices=Position.choices, label=_("职务"), initial=Position.MEMBER)
    remit = forms.CharField(label=_("分工"), max_length=200, required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", adults(viewer))


class NewPersonForm(forms.Form):
    code = forms.CharField(label=_("工号"), max_length=40)
    name = forms.CharField(label=_("姓名或岗位"), max_length=60)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    office_phone = phone_field(_("办公电话"))
    email = email_field()
    login = forms.SlugField(
        label=_("登录名"),
        max_length=60,
        required=False,
        help_text=_("不用登录的人不必填"),
        error_messages={"invalid": _("登录名只能用英文字母、数字和短横")},
    )


class ContactForm(forms.Form):
    office_phone = phone_field(_("办公电话"))
    email = email_field()


class DeputyForm(forms.Form):
    deputy = PersonField(Person.objects.none(), label=_("代理人"), empty_label=_("请选一个"))
    since = day_field(_("从哪天"))
    until = day_field(_("到哪天"), help_text=_("这一天也算"))
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "deputy", person_queries.candidates(person))


class HandOverForm(forms.Form):
    to = PersonField(Person.objects.none(), label=_("交给谁"), empty_label=_("请选一个"))
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("如“调到市城管局”"))

    def __init__(self, viewer: Viewer, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", person_queries.successors(viewer, person))


class GrantForm(forms.Form):
    person = PersonField(Person.objects.none(), label=pgettext_lazy("noun", "人员"))
    role = forms.ModelChoiceField(Role.objects.none(), label=_("角色"), empty_label=None)
    until = day_field(_("截止日期"), required=False, help_text=_("留空为长期"))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", adults(viewer))
        offer(self, "role", queries.roles())


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用在哪里"), max_length=60, help_text=_("如“数据交换程序”，便于日后收回"))


class SavedViewForm(forms.Form):
    """The list and the address that a view keeps. Its name is judged by the service, as when it is renamed."""

    list = forms.SlugField(max_length=40)
    name = forms.CharField(required=False, max_length=200)
    query = forms.CharField(required=False, max_length=8000, strip=False)

    def asked(self) -> dict[str, str]:
        """What `save_view` takes. Raises Missing for a list that cannot be one."""
        if not self.is_valid():
            raise Missing
        data = self.cleaned_data
        return {"list_key": data["list"], "name": data["name"], "query": data["query"]}
