"""Units, groups, persons, accounts, roles, grants, deputies, and what persons are told."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import Imported, Reference, StoredFile
from chuangwen.people.rules import DOOR, dialled


def in_language(name: str, name_en: str) -> str:
    """A data row's name in the language of the page; Chinese where no English was given."""
    return name_en if name_en and get_language() == "en" else name


class Level(Reference):
    """A level of the unit tree (city, district, town, village …): data, because cities differ."""

    code = models.SlugField(max_length=30, primary_key=True)
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("层级")
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class UnitKind(Reference):
    """What a unit is: bureau, school, class, leading group … A group is a small unit with a charter."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    is_group = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("单位类别")
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Unit(Imported):
    """A node of the unit tree. `path` spells its place: rights reach down it by prefix."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True, editable=False)
    division_code = models.CharField(max_length=12, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "单位")
        ordering = ["path"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def label(self) -> str:
        """The short name where there is one: what tables and documents show."""
        return self.short_name or str(self)

    @property
    def official_label(self) -> str:
        """As `label`, in Chinese whatever the page's language: what a frozen figure holds."""
        return self.short_name or self.name

    @property
    def dial(self) -> str:
        """What a telephone dials to reach the unit."""
        return dialled(self.phone)

    @property
    def depth(self) -> int:
        return self.path.count("/")


class Charter(models.Model):
    """What makes a unit a group: its remit, its office, and the document that founded it."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="charter")
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="office_of")
    remit = models.TextField()
    founded_on = models.DateField()
    document_title = models.CharField(max_length=200, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = _("机构设立")

    def __str__(self) -> str:
        return str(self.unit)


class Person(Imported):
    """Anyone. Pupils and patients have a code and no name; a login is a separate row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="persons")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=60, blank=True)
    # Of the office, never private ones: the telephone list shows them to everybody who sees the unit.
    office_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=120, blank=True)
    is_pupil = models.BooleanField(default=False)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "人员")
        ordering = ["unit__path", "code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="person_code_once_per_unit"),
            models.CheckConstraint(condition=Q(is_pupil=False) | Q(name=""), name="pupil_has_no_name"),
            models.CheckConstraint(
                condition=Q(is_pupil=False) | Q(office_phone="", email=""), name="pupil_has_no_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    @property
    def dial(self) -> str:
        """What a telephone dials to reach the person's office."""
        return dialled(self.office_phone)

    @property
    def is_door(self) -> bool:
        """Whether this is the city's door, through which citizens act: nobody of flesh and blood."""
        return self.code == DOOR and self.unit.parent_id is None


class Position(models.TextChoices):
    LEADER = "leader", _("组长")
    DEPUTY = "deputy", _("副组长")
    OFFICE_HEAD = "office_head", _("办公室主任")
    MEMBER = "member", _("成员")


class Membership(Imported):
    """A person's place in a group, with what they answer for."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(max_length=12, choices=Position.choices)
    remit = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("组内职务")
        ordering = ["position", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(until__isnull=True, withdrawn_at__isnull=True),
                name="one_place_in_a_group",
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_position_display()}"


class Role(Reference):
    """A bundle of permissions, as data."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    permissions = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("角色")
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Grant(models.Model):
    """A person holds a role over a unit and everything below it, from one day to another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "授权")
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grant_dates")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.unit}"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.select_related("person__unit").get(login=username)


class Account(AbstractBaseUser):
    """A person's login. Most persons have none."""

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    must_change_password = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.login


class ApiToken(models.Model):
    """A secret with which a program acts for a person; only its SHA-256 is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A list as somebody likes to look at it: words, filters and order of its address, under a name of their own."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="saved_views")
    list_key = models.SlugField(max_length=40)
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("保存的视图")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "list_key", "name"], name="view_name_once_per_list"),
        ]

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """Who acts for a person from one day to another, both included. `ended_at` says that it ended before its time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("代理")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="deputy_dates"),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="nobody_is_their_own_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} {self.since} {self.until}"


class Notice(models.Model):
    """Something that a person is told. The sentence is made when it is shown: `data` holds only ids, codes and counts.

    `once` names the occasion, so that nobody is told of it twice; empty where every time counts. `mailed_at` says that
    a mail told it, or that no mail was due.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    subject_uid = models.UUIDField(null=True)
    data = models.JSONField(default=dict, blank=True)
    urgent = models.BooleanField(default=False)
    once = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("提醒")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["person"], condition=Q(mailed_at__isnull=True), name="notice_unmailed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "once"], condition=~Q(once=""), name="told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_uid}"


class Mailbox(models.Model):
    """The turn of a person's mails: who sends now, how often it failed, when the next try may be."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="mailbox")
    sent_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("邮件轮次")

    def __str__(self) -> str:
        return str(self.person_id)


class NoticePolicy(Reference):
    """When mails may go out: one row. Quiet hours may go over midnight; the same two times mean none."""

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    quiet_from = models.TimeField()
    quiet_to = models.TimeField()
    digest_minutes = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("提醒规则")
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
