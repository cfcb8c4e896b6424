"""Who sits in which working group, from a unit's workbook."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_code, a_date, a_text, optional
from chuangwen.people import services
from chuangwen.people.access import below
from chuangwen.people.importing_names import PERSON_CODE, RowsOfUnits, UnitNames, clear
from chuangwen.people.models import Charter, Membership, Position, Unit
from chuangwen.people.rules import Perm

# As clerks write it, whatever language the pages are in.
WRITTEN_POSITIONS = {
    "组长": Position.LEADER,
    "副组长": Position.DEPUTY,
    "办公室主任": Position.OFFICE_HEAD,
    "成员": Position.MEMBER,
    "组员": Position.MEMBER,
}


class MemberImporter(RowsOfUnits):
    noun = "member"
    model = Membership
    changeable = {"position": "position", "remit": "remit", "since": "since"}
    order = 8
    label = _("机构成员")
    messages = {
        "leader_taken": (_("{group}已有组长"), _("一个机构只有一名组长：先结束现任组长的职务，或改这一行")),
        **RowsOfUnits.person_messages,
    }

    @cached_property
    def groups(self) -> UnitNames:
        standing = below(self.context.unit).filter(kind__is_group=True, closed_on__isnull=True)
        return UnitNames(standing, self.context, takes=lambda unit: unit.kind.is_group)

    def table(self) -> Table:
        today = clock.today()
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("机构成员", "领导小组成员", "小组成员"),
            columns=(
                Column(
                    "group", "机构", self.groups.parser(), synonyms=("机构名称", "领导小组"), fill_down=True,
                    choices=self.groups.offered,
                ),
                self.unit_column(synonyms=("科室", "所在单位", "部门")),
                Column("person", "人员代码", a_code(PERSON_CODE), synonyms=("工号", "警号", "职工代码"), example="m01"),
                Column(
                    "position", "组内职务", a_choice(WRITTEN_POSITIONS, str(_("组内职务"))),
                    choices=[*WRITTEN_POSITIONS], example="成员",
                ),
                Column("remit", "分工", optional(a_text(200)), synonyms=("职责分工",), required=False),
                Column(
                    "since", "起始日期", optional(a_date(latest=today, default_year=today.year)),
                    synonyms=("任职日期",), required=False,
                ),
            ),
        )  # fmt: skip

    @cached_property
    def _founded(self) -> dict[str, str]:
        rows = Charter.objects.filter(unit__path__startswith=self.context.unit.path)
        return {uid.hex: day.isoformat() for uid, day in rows.values_list("unit__uid", "founded_on")}

    @cached_property
    def _leaders(self) -> dict[str, str]:
        """group → its leader, as they stood before this workbook and as its rows say."""
        found = self._standing().filter(position=Position.LEADER)
        return {group.hex: person.hex for group, person in found.values_list("group__uid", "person__uid")}

    def _standing(self) -> Any:
        return Membership.objects.filter(group__path__startswith=self.context.unit.path, until__isnull=True)

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        clear(values["group"])
        group: Unit = values["group"]
        person = self.require_person(values["person"], clear(values.get("unit")))
        position: Position = values["position"]
        if position == Position.LEADER and self._leaders.setdefault(group.uid.hex, person.uid) != person.uid:
            raise BadRow("position", "leader_taken", group=group.official_label)
        since = values["since"].isoformat() if values.get("since") else self._founding_day(group)
        # The second row of one person in one group is the first one again, whatever day it says.
        places: dict[tuple[str, str], UUID] = self.context.told("places")
        uid = places.setdefault((group.uid.hex, person.uid), self._uid(group, person.uid, since))
        return uid, [group.uid.hex, person.uid, position.value, values.get("remit") or "", since]

    def _uid(self, group: Unit, person: str, since: str) -> UUID:
        """Of the place that the person has in the group, or had from that day on; else a new one."""
        held = Membership.objects.filter(group__uid=group.uid, person__uid=UUID(hex=person))
        there = held.filter(until__isnull=True).first() or held.filter(since=since).first()
        return there.uid if there else self.uid(group.uid, person, since)

    def left_alone(self, uids: Collection[UUID]) -> set[UUID]:
        """Places that a person has ended in the page: the event of that is the group's."""
        ended = Membership.everything.filter(uid__in=uids, until__isnull=False)
        return set(ended.values_list("uid", flat=True))

    def _founding_day(self, group: Unit) -> str:
        told: dict[str, str] = self.context.told("founded")
        return told.get(group.uid.hex) or self._founded.get(group.uid.hex) or clock.today().isoformat()

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _group, _person, position, remit, since = plain
        return {"position": position, "remit": remit, "since": since}

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.UNIT_MANAGE, self.context.unit))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Membership:
        group, person, position, remit, since = plain
        return Membership(
            uid=uid,
            group_id=self.unit_ids[group],
            person_id=self.person_ids[person][0],
            position=position,
            remit=remit,
            since=date.fromisoformat(since),
            **source,
        )

    def save(self, rows: list[Membership]) -> int:
        return services.register_members(self.context.actor, over=self.context.unit, members=rows)
