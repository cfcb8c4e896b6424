"""Posts, teams, groups, rounds and cleaning from a unit's workbook: what there is to be done, and how often."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_text, an_integer, optional
from chuangwen.duties import services
from chuangwen.duties.importing_units import KIND_NAMES, WRITTEN_KINDS, NamedDuty, UnitImporter
from chuangwen.duties.models import Duty, DutyKind, Rank
from chuangwen.people.importing_names import clear, tight_word
from chuangwen.people.models import Unit

# As clerks write it, whatever language the pages are in.
WRITTEN_RANKS = {"领导班子": Rank.LEADER, "院领导": Rank.LEADER, "中层干部": Rank.MANAGER, "中层": Rank.MANAGER}
# Without these a figure of the kind cannot be: column, message.
NEEDED = {DutyKind.ROUND: ("times", "times_needed"), DutyKind.INTERVAL: ("minutes", "minutes_needed")}


class DutyImporter(UnitImporter):
    noun = "duty"
    model = Duty
    changeable = {"place": "place", "times": "times_per_day", "minutes": "every_minutes", "rank": "rank"}
    order = 15
    label = _("岗点和队伍")
    messages = {
        "times_needed": (_("“{value}”是{kind}，没有写每日次数"), _("在每日次数一栏写每人每日应巡查几次")),
        "minutes_needed": (_("“{value}”是{kind}，没有写间隔分钟"), _("在间隔分钟一栏写每隔多少分钟一次，如 30")),
    }

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("岗点和队伍", "岗点", "岗点名册", "勤务安排"),
            columns=(
                self.unit_column(synonyms=("中队", "科室", "所属单位")),
                Column("name", "名称", a_text(120), synonyms=("岗点名称", "队伍名称"), example="学府路石桥街口"),
                Column(
                    "kind", "类别", a_choice(WRITTEN_KINDS, str(_("勤务类别"))), synonyms=("勤务类别",),
                    choices=[*WRITTEN_KINDS],
                ),
                Column("place", "地点", optional(a_text(120)), synonyms=("位置",), required=False, example="学府路"),
                Column(
                    "times", "每日次数", optional(an_integer(minimum=1, maximum=100)), synonyms=("每日应巡次数",),
                    required=False,
                ),
                Column(
                    "minutes", "间隔分钟", optional(an_integer(minimum=1, maximum=1440)), synonyms=("清扫间隔",),
                    required=False,
                ),
                Column(
                    "rank", "职级", optional(a_choice(WRITTEN_RANKS, str(_("职级")))), required=False,
                    choices=[*WRITTEN_RANKS],
                ),
            ),
        )  # fmt: skip

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit = clear(values.get("unit")) or self.context.unit
        kind: DutyKind = values["kind"]
        name: str = values["name"]
        if kind in NEEDED and not values.get(NEEDED[kind][0]):
            key, code = NEEDED[kind]
            raise BadRow(key, code, value=name, kind=KIND_NAMES[kind])
        uid = self._there.get((unit.uid.hex, kind.value, name)) or self.uid(unit.uid, kind.value, name)
        self.context.told("duties")[uid.hex] = NamedDuty(uid.hex, name, kind, unit.uid.hex, unit.official_label)
        rank = values["rank"].value if values.get("rank") else ""
        numbers = [values.get("times"), values.get("minutes")]
        return uid, [unit.uid.hex, kind.value, name, values.get("place") or "", *numbers, rank]

    @cached_property
    def _there(self) -> dict[tuple[str, str, str], UUID]:
        """(unit, kind, name) → duty: an outing's was made when the outing came in, and has a uid of its own."""
        rows = Duty.everything.filter(unit__path__startswith=self.context.unit.path)
        found = rows.values_list("unit__uid", "kind", "name", "uid")
        return {(unit.hex, kind, name): uid for unit, kind, name, uid in found}

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_duties")[tight_word(values.get("name") or "")] = True

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _unit, _kind, _name, place, times, minutes, rank = plain
        return {"place": place, "times_per_day": times, "every_minutes": minutes, "rank": rank}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Duty:
        unit, kind, name, place, times, minutes, rank = plain
        return Duty(
            uid=uid,
            unit_id=self.unit_ids[unit],
            kind=kind,
            name=name,
            place=place,
            times_per_day=times,
            every_minutes=minutes,
            rank=rank,
            **source,
        )

    def save(self, rows: list[Duty]) -> int:
        return services.add_duties(rows)
