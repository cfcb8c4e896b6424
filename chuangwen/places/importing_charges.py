"""Who answers for a place, from a unit's workbook: unit, person, in what way, in which part of the year."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Plain, Unclear
from chuangwen.core.tabular import Column, Table, a_choice, a_code, a_date, a_text, optional
from chuangwen.people.importing_names import PERSON_CODE, RowsOfUnits, clear
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places import services
from chuangwen.places.models import Charge, Layer, Place, Responsibility
from chuangwen.places.nearby import tight_name
from chuangwen.places.written import a_season_day

# As clerks write it, whatever language the pages are in.
WRITTEN_CHARGES = {
    "责任单位": Charge.LEAD,
    "牵头": Charge.LEAD,
    "配合单位": Charge.ASSIST,
    "配合": Charge.ASSIST,
    "包保领导": Charge.SPONSOR,
    "包保": Charge.SPONSOR,
    "联系人": Charge.CONTACT,
}
OFFERED_CHARGES = ["牵头", "配合", "包保", "联系人"]
FIRST_DAY = date(2000, 1, 1)


class ChargeImporter(RowsOfUnits):
    noun = "charge"
    model = Responsibility
    changeable = {"until": "until"}
    order = 13
    label = _("点位责任")
    messages = {
        **RowsOfUnits.person_messages,
        "unknown_place": (_("没有“{value}”这个点位"), _("核对编号或名称，或先导入点位")),
        "ambiguous_place": (_("有 {count} 个点位叫“{value}”"), _("写点位编号")),
        "not_a_season": (_("“{value}”不是月份和日子"), _("写成 11-01 或 11月1日")),
        "half_a_season": (_("季节只写了一头"), _("起止都写，或都不写")),
        "charge_ends_before_start": (_("截止日期在起始日期之前"), _("核对两个日期")),
    }

    def table(self) -> Table:
        day = a_date(earliest=FIRST_DAY, latest=clock.LAST_DAY, default_year=clock.today().year)
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("点位责任", "责任分工", "包保名册"),
            columns=(
                Column("place", "点位", a_text(120), synonyms=("点位编号", "点位名称", "编号", "名称"),
                       example="M-012"),
                self.unit_column("责任单位", synonyms=("负责单位", "单位"), required=True),
                Column("charge", "负责方式", a_choice(WRITTEN_CHARGES, str(_("负责方式"))), synonyms=("方式", "职责"),
                       choices=OFFERED_CHARGES),
                Column("person", "人员代码", optional(a_code(PERSON_CODE)), synonyms=("责任人", "工号"),
                       required=False),
                Column("from", "季节起", optional(a_season_day()), synonyms=("起始月日",), required=False,
                       example="11-01"),
                Column("to", "季节止", optional(a_season_day()), synonyms=("截止月日",), required=False,
                       example="03-31"),
                Column("since", "起始日期", optional(day), synonyms=("自",), required=False, example="2026-03-01"),
                Column("until", "截止日期", optional(day), synonyms=("至",), required=False),
            ),
        )  # fmt: skip

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.PLACE_MANAGE, self.context.unit))

    @cached_property
    def _places(self) -> dict[str, set[str]]:
        """Code or tight name → uids, as they stood before this workbook."""
        found: dict[str, set[str]] = {}
        rows = Place.objects.filter(unit__path__startswith=self.context.unit.path, type__layer=Layer.REGISTER)
        for code, name, uid in rows.values_list("code", "name", "uid"):
            for word in _words(code, name):
                found.setdefault(word, set()).add(uid.hex)
        return found

    def _place(self, written: str) -> str:
        word = tight_name(written)
        told = {uid for uid, (name, code, *_rest) in self.context.told("places").items() if word in _words(code, name)}
        found = told | self._places.get(word, set())
        if not found:
            raise BadRow("place", "unknown_place", value=written)
        if len(found) > 1:
            raise BadRow("place", "ambiguous_place", value=written, count=str(len(found)))
        return next(iter(found))

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit | None = clear(values["unit"])
        if unit is None:
            raise Unclear
        place = self._place(values["place"])
        person = self.require_person(values["person"], unit) if values.get("person") else None
        season = [values.get("from"), values.get("to")]
        if (season[0] is None) != (season[1] is None):
            raise BadRow("from" if season[0] is None else "to", "half_a_season")
        since, until = values.get("since") or clock.today(), values.get("until")
        if until and until < since:
            raise BadRow("until", "charge_ends_before_start")
        charge: Charge = values["charge"]
        identity = [place, charge.value, person.uid if person else "", *season, values.get("since") or ""]
        uid = self.uid(unit.uid, *identity)
        days = [since.isoformat(), until.isoformat() if until else None]
        return uid, [place, unit.uid.hex, charge.value, person.uid if person else None, *season, *days]

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"until": plain[-1]}

    @cached_property
    def _place_ids(self) -> dict[str, int]:
        """Asked for when rows are built: places of the same workbook are saved by then."""
        rows = Place.objects.filter(unit__path__startswith=self.context.unit.path)
        return {uid.hex: key for uid, key in rows.values_list("uid", "pk")}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Responsibility:
        place, unit, charge, person, season_from, season_to, since, until = plain
        return Responsibility(
            uid=uid,
            place_id=self._place_ids[place],
            unit_id=self.unit_ids[unit],
            person_id=self.person_ids[person][0] if person else None,
            charge=charge,
            season_from=season_from,
            season_to=season_to,
            since=date.fromisoformat(since),
            until=date.fromisoformat(until) if until else None,
            **source,
        )

    def save(self, rows: list[Responsibility]) -> int:
        return services.add_responsibilities(rows)


def _words(code: str, name: str) -> set[str]:
    return {tight_name(text) for text in (code, name)} - {""}
