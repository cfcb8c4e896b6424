"""Units and working groups from a unit's workbook: squadrons, departments, wards, leading groups."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_code, a_date, a_text, optional
from chuangwen.people import queries, services
from chuangwen.people.importing_names import UNIT_CODE, RowsOfUnits, clear, tight_word
from chuangwen.people.models import Charter, Unit, UnitKind
from chuangwen.people.rules import Perm

EXAMPLE = "demo-hospital-nursing"


class UnitsImporter(RowsOfUnits):
    """What the two importers of units share: a code belongs to one unit of the whole city."""

    model = Unit
    messages = {
        "unit_code_taken": (_("代码 {value} 已有别的单位在用"), _("换一个代码")),
    }

    def take(self, values: dict[str, Any], parent: Unit, kind: UnitKind) -> UUID:
        """The unit's uid, and a word to the other importers that this workbook has it. Raises BadRow."""
        code: str = values["code"]
        there = Unit.everything.filter(code__iexact=code).first()
        if there and (not there.path.startswith(self.context.unit.path) or there.kind.is_group != kind.is_group):
            raise BadRow("code", "unit_code_taken", value=code)
        self.context.told("units")[code] = there or Unit(
            uid=self.uid(parent.uid, code),
            code=code,
            name=values["name"],
            short_name=values.get("short") or "",
            kind=kind,
            # Under its parent, as rights and shifts reach down; the number of its own comes when it is saved.
            path=f"{parent.path}{code}/",
        )
        found: Unit = self.context.told("units")[code]
        return found.uid

    def spoilt(self, values: dict[str, Any]) -> None:
        written = {tight_word(str(values[key])) for key in ("code", "name", "short") if values.get(key)}
        self.context.told("spoilt_units").update(dict.fromkeys(written, True))

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.UNIT_MANAGE, self.context.unit))

    def unit(self, uid: UUID, parent: str, source: dict[str, Any], **values: Any) -> Unit:
        """A unit that went with an undone import keeps its place in the tree when it comes in again."""
        there = self.standing.get(uid)
        place = {"parent_id": there.parent_id} if there else {"parent": Unit(uid=UUID(hex=parent))}
        return Unit(uid=uid, **place, **values, **source)

    @cached_property
    def standing(self) -> dict[UUID, Unit]:
        """As the units were before the first row is saved."""
        return {unit.uid: unit for unit in Unit.everything.filter(path__startswith=self.context.unit.path)}


class UnitImporter(UnitsImporter):
    noun = "unit"
    changeable = {"name": "name", "short": "short_name", "name_en": "name_en", "kind": "kind_id"}
    order = 2
    label = _("单位名册")

    def table(self) -> Table:
        kinds = {kind.name: kind for kind in queries.unit_kinds()}
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("单位名册", "科室名册", "下属单位"),
            columns=(
                Column("code", "单位代码", a_code(UNIT_CODE), synonyms=("单位编号",), example=EXAMPLE),
                Column("name", "单位名称", a_text(120), synonyms=("科室名称", "中队名称"), example="护理部"),
                Column("short", "简称", optional(a_text(40)), required=False),
                Column("kind", "类别", a_choice(kinds, str(_("单位类别"))), synonyms=("单位类别",), choices=[*kinds]),
                self.unit_column("上级单位", key="parent", synonyms=("上级", "主管单位")),
                Column("name_en", "英文名称", optional(a_text(160)), synonyms=("英文名",), required=False),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        parent: Unit = clear(values.get("parent")) or self.context.unit
        kind: UnitKind = values["kind"]
        uid = self.take(values, parent, kind)
        texts = [values["name"], values.get("short") or "", values.get("name_en") or ""]
        return uid, [parent.uid.hex, values["code"], kind.code, *texts]

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _parent, _code, kind, name, short, name_en = plain
        return {"name": name, "short_name": short, "name_en": name_en, "kind_id": kind}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Unit:
        parent, code, kind, name, short, name_en = plain
        return self.unit(uid, parent, source, code=code, kind_id=kind, name=name, short_name=short, name_en=name_en)

    def save(self, rows: list[Unit]) -> int:
        return services.register_units(self.context.actor, over=self.context.unit, units=rows)


class GroupImporter(UnitsImporter):
    """A leading group, its office or a working group of the importing unit, with the paper that founded it."""

    noun = "group"
    changeable = {"name": "name"}
    order = 6
    label = _("工作机构")

    def table(self) -> Table:
        kinds = {kind.name: kind for kind in queries.group_kinds()}
        today = clock.today()
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("工作机构", "领导小组", "机构设立"),
            columns=(
                Column("code", "机构代码", a_code(UNIT_CODE), synonyms=("机构编号",), example="demo-hospital-group"),
                Column("name", "机构名称", a_text(120), example="创建工作领导小组"),
                Column("kind", "类别", a_choice(kinds, str(_("机构类别"))), synonyms=("机构类别",), choices=[*kinds]),
                Column(
                    "founded", "成立日期", a_date(latest=today, default_year=today.year), synonyms=("成立时间",),
                    example="2026-06-28",
                ),
                Column("remit", "职责", a_text(2000), synonyms=("主要职责", "工作职责"), example="组织、协调创建工作"),
                Column("title", "文件标题", optional(a_text(200)), synonyms=("文件名称",), required=False),
                Column("document", "文号", optional(a_text(60)), synonyms=("文件号",), required=False),
            ),
        )  # fmt: skip

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        uid = self.take(values, self.context.unit, values["kind"])
        founded = values["founded"].isoformat()
        self.context.told("founded")[uid.hex] = founded
        texts = [values["name"], values["remit"], values.get("title") or "", values.get("document") or ""]
        return uid, [values["code"], values["kind"].code, founded, *texts]

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"name": plain[3]}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Unit:
        code, kind, founded, name, remit, title, number = plain
        unit = self.unit(uid, self.context.unit.uid.hex, source, code=code, kind_id=kind, name=name)
        charter = {
            "founded_on": date.fromisoformat(founded), "remit": remit, "document_title": title,
            "document_number": number,
        }  # fmt: skip
        if uid in self.standing:
            Charter.objects.update_or_create(unit=self.standing[uid], defaults=charter)
        else:
            # Hangs on the unit until the service saves both.
            Charter(unit=unit, **charter)
        return unit

    def save(self, rows: list[Unit]) -> int:
        return services.register_units(self.context.actor, over=self.context.unit, units=rows)
