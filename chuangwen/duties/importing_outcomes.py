"""What came of it: outcomes of any kind, and pupils' essays."""

from collections.abc import Sequence
from datetime import date, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_code, a_text, a_time, an_integer, optional
from chuangwen.duties import services
from chuangwen.duties.importing_attendances import PUPIL
from chuangwen.duties.importing_units import A_DAY, SHIFT_NUMBER, SHIFT_SYNONYMS, UnitImporter
from chuangwen.duties.models import Handling, Outcome, OutcomeKind
from chuangwen.people.importing_names import clear
from chuangwen.people.models import Unit

ESSAYS = {"essay", "essay_excellent"}
# As clerks write it, whatever language the pages are in.
WRITTEN_HANDLING = {
    "发现": Handling.SEEN,
    "未处置": Handling.SEEN,
    "已处置": Handling.HANDLED,
    "已整改": Handling.HANDLED,
    "已消除": Handling.HANDLED,
    "主动处置": Handling.SELF_INITIATED,
}


class OutcomeImporter(UnitImporter):
    noun = "outcome"
    model = Outcome
    changeable = {"handling": "handling"}
    order = 40
    label = _("成效登记")

    @cached_property
    def kinds(self) -> dict[str, OutcomeKind]:
        return {kind.name: kind for kind in OutcomeKind.objects.filter(parent__isnull=True)}

    @cached_property
    def writable(self) -> dict[str, OutcomeKind]:
        """What may stand in the column of kinds: a kind, or a type whose name no other kind has."""
        named = [(name, kind) for types in self.types.values() for name, kind in types.items()]
        names = [name for name, _kind in named]
        return {name: kind for name, kind in named if names.count(name) == 1} | self.kinds

    @cached_property
    def types(self) -> dict[str, dict[str, OutcomeKind]]:
        """kind's code → its types by name; empty where a kind has none."""
        found: dict[str, dict[str, OutcomeKind]] = {kind.code: {} for kind in self.kinds.values()}
        for kind in OutcomeKind.objects.filter(parent__isnull=False):
            found[str(kind.parent_id)][kind.name] = kind
        return found

    def table(self) -> Table:
        kinds = [name for name, kind in self.kinds.items() if kind.code not in ESSAYS]
        types = [name for name, kind in self.writable.items() if kind.parent_id]
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("成效登记", "成效", "活动成效"),
            columns=(
                Column(
                    "shift", "活动编号", optional(a_code(SHIFT_NUMBER)), SHIFT_SYNONYMS, required=False, example="S41"
                ),
                Column("day", "日期", self.a_day(), synonyms=("活动日期", "时间"), example=A_DAY),
                Column(
                    "at", "时刻", optional(a_time()), synonyms=("几点", "具体时间"), required=False, example="15:20"
                ),
                self.class_column(synonyms=("单位",)),
                Column(
                    "kind",
                    "类别",
                    a_choice(self.writable, str(_("类别")), offered=[*kinds, *types]),
                    synonyms=("项目", "内容"),
                    choices=kinds,
                ),
                Column("type", "细类", optional(a_text(40)), synonyms=("类型", "行为"), required=False, choices=types),
                Column("amount", "数量", an_integer(1, 100_000), synonyms=("次数", "人次", "件数"), example="3"),
                _handling_column(),
                Column("note", "备注", optional(a_text(200)), synonyms=("说明",), required=False, example="路边"),
            ),
        )

    def _type(self, kind: OutcomeKind, written: str | None) -> OutcomeKind:
        if kind.code in ESSAYS:
            raise BadRow("kind", "essay_without_pupil", value=kind.name)
        if kind.parent_id:
            if written and written.strip() != kind.name:
                raise BadRow("type", "type_of_another_kind", value=written, kind=kind.name, types=kind.name)
            return kind
        types = self.types[kind.code]
        if not written:
            if types:
                raise BadRow("type", "type_needed", value=kind.name, types="、".join(types))
            return kind
        found = types.get(written.strip())
        if found is None:
            raise BadRow("type", "type_of_another_kind", value=written, kind=kind.name, types="、".join(types) or "—")
        return found

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        clear(values["unit"])
        kind = self._type(values["kind"], values.get("type"))
        number, day = values.get("shift"), values["day"]
        unit: Unit = values["unit"]
        shift = self.require_shift(number, day, unit) if number else None
        at = values["at"].isoformat("minutes") if values.get("at") else ""
        said = [kind.code, values["amount"], values.get("note") or ""]
        # The number of a unit was part of the identity before units came from workbooks, and stays so for those.
        place = unit.pk if unit.pk and unit.source_id is None else ""
        handling = values["handling"].value if values.get("handling") else ""
        plain = [shift, day.isoformat(), at, unit.uid.hex, *said, handling]
        return self.uid(unit.uid, shift, day.isoformat(), at, place, *said), plain

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"handling": plain[7] or Handling.HANDLED.value}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Outcome:
        shift, day, at, unit, kind, amount, note, handling = plain
        return Outcome(
            uid=uid,
            kind_id=kind,
            amount=amount,
            unit_id=self.unit_ids[unit],
            shift_id=self.shift_ids[str(shift)] if shift else None,
            day=date.fromisoformat(str(day)),
            at=time.fromisoformat(str(at)) if at else None,
            handling=handling or Handling.HANDLED,
            note=note,
            recorded_by=self.context.actor.uid,
            **source,
        )

    def save(self, rows: list[Outcome]) -> int:
        return services.add_outcomes(rows)


def _handling_column() -> Column:
    return Column(
        "handling",
        "处置",
        optional(a_choice(WRITTEN_HANDLING, str(_("处置")))),
        synonyms=("处置情况", "整改情况"),
        required=False,
        choices=[*WRITTEN_HANDLING],
    )


class EssayImporter(UnitImporter):
    """One row is one essay; a mark in the award column makes it an excellent one as well."""

    noun = "essay"
    model = Outcome
    changeable = {"award": "kind_id"}
    order = 50
    label = _("实践心得")

    def table(self) -> Table:
        awards = {"优秀": True, "优": True, "未评": False, "合格": False}
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("实践心得", "心得", "心得体会"),
            columns=(
                self.class_column(fill_down=True),
                PUPIL,
                Column("day", "提交日期", self.a_day(), synonyms=("日期",), example=A_DAY),
                Column(
                    "award",
                    "评选结果",
                    optional(a_choice(awards, str(_("评选结果")))),
                    synonyms=("评奖", "奖项"),
                    choices=[*awards],
                    example="优秀",
                ),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        clear(values["unit"])
        unit: Unit = values["unit"]
        self.require_pupil(values["pupil"], unit)
        plain = [unit.uid.hex, values["pupil"], values["day"].isoformat(), int(bool(values.get("award")))]
        return self.uid(unit.uid, values["pupil"], plain[2]), plain

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"kind_id": "essay_excellent" if plain[3] else "essay"}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Outcome:
        unit, pupil, day, excellent = plain
        return Outcome(
            uid=uid,
            kind_id="essay_excellent" if excellent else "essay",
            amount=1,
            unit_id=self.unit_ids[unit],
            person_id=self.pupil_ids[unit, pupil],
            day=date.fromisoformat(str(day)),
            recorded_by=self.context.actor.uid,
            **source,
        )

    def save(self, rows: list[Outcome]) -> int:
        return services.add_outcomes(rows)
