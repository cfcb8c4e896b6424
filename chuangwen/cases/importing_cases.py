"""Cases from a workbook that another system wrote, or a clerk kept: each comes in the state in which it stands."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangwen.cases import queries, rules, services, workflow
from chuangwen.cases.deadlines import Reckoner
from chuangwen.cases.importing_words import CHANNELS, KIND_NAMES, KINDS, STATE_NAMES, STATES
from chuangwen.cases.models import Case, CaseCategory, Channel
from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_moment, a_text, optional
from chuangwen.people.importing_names import RowsOfUnits, clear
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places import coordinates, geometry
from chuangwen.places import queries as places
from chuangwen.places.geometry import BadGeometry
from chuangwen.places.geometry_messages import MESSAGES
from chuangwen.places.models import Place
from chuangwen.places.nearby import tight_name
from chuangwen.places.systems import OFFERED_SYSTEMS, WRITTEN_SYSTEMS
from chuangwen.places.written import a_degree

EARLIEST = date(2020, 1, 1)
# Of these it is known by when they are to be put right.
WITH_DEADLINE = (*workflow.AT_UNIT, workflow.FIXED, *workflow.DONE)
NOT_FILED = (workflow.RECEIVED, workflow.DECLINED, workflow.VOID)
WITH_LEAD = (*workflow.AT_UNIT, workflow.FIXED)
# The moments of a case in their order; each of them, where it is written, is not before those before it.
MOMENTS = ("received", "filed", "fixed", "closed")


class CaseImporter(RowsOfUnits):
    noun = "case"
    model = Case
    changeable = {
        "title": "title",
        "text": "text",
        "category": "category_id",
        "address": "address",
        "lead": "lead_id",
        "received": "received_at",
        "filed": "filed_at",
        "due": "fix_due_at",
        "fixed": "fixed_at",
        "closed": "closed_at",
        "state": "state",
    }
    follows = {"due_at": "state", "on_time": "state", "sent_at": "filed_at"}
    silent = frozenset({"due_at", "on_time", "sent_at"})
    together = {"lon": "lat", "lat": "lon"}
    order = 40
    label = _("案卷")
    messages = {
        **MESSAGES,
        "not_a_degree": (_("“{value}”不是经纬度"), _("写成度数，例如 111.6912")),
        "half_a_position": (_("只写了经度或纬度中的一个"), _("两个都写上")),
        "no_system": (_("写了经纬度，没有写坐标系"), _("写 WGS-84、GCJ-02 或 BD-09，或在导入时选")),
        "unknown_case_place": (_("没有叫“{value}”的点位"), _("先导入点位，或只写地址")),
        "ambiguous_case_place": (_("叫“{value}”的点位有几个：{codes}"), _("写点位编号")),
        "confidential_kind": (_("{kind}不公开，您不能导入"), _("请能看不公开事项的人导入，或从表里删去")),
        "moments_crossed": (
            _("{later}（{later_at}）早于{earlier}（{earlier_at}）"),
            _("核对这两个时间，改正写错的一个"),
        ),
        "moment_ahead": (_("{what}“{value}”还没有到"), _("核对日期；还没有办的留空")),
        "closed_without_moment": (_("状态是“{state}”，没有写结案时间"), _("写结案时间，或改状态")),
        "moment_without_close": (_("写了结案时间，状态却是“{state}”"), _("改状态，或删去结案时间")),
        "not_filed": (_("状态是“{state}”，没有写立案时间"), _("写立案时间，或改状态")),
        "filed_after_all": (_("状态是“待立案”，却写了立案时间"), _("改状态，或删去立案时间")),
        "no_category": (_("立了案的没有写类别"), _("写类别")),
        "no_deadline": (_("状态是“{state}”，没有写期限"), _("写应结时间：按期结案率从它算")),
        "due_before_received": (_("期限早于受理时间"), _("核对期限和受理时间")),
        "no_lead": (_("状态是“{state}”，没有写牵头单位"), _("写由哪个单位办")),
        "state_of_kind": (_("{kind}没有“{state}”这个状态"), _("建议写“已采纳”或“未采纳”，别的写“已结案”")),
        "time_of_day_needed": (
            _("期限写到了几点，同一天的{what}没有写几点"),
            _("写上几点，才知道是不是按期")),
    }  # fmt: skip

    def table(self) -> Table:
        kinds = a_choice(KINDS, str(_("事项类型")), offered=KIND_NAMES)
        categories = a_choice(self._categories, str(_("类别")), offered=self._category_names)
        system = a_choice(WRITTEN_SYSTEMS, str(_("坐标系")), offered=OFFERED_SYSTEMS)
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("案卷", "案卷表", "案卷台账", "事项", "案件", "工单"),
            columns=(
                Column("external", "编号", a_text(60),
                       synonyms=("案卷编号", "案卷号", "工单编号", "任务号", "案件编号"),
                       example="20260402-0017"),
                Column("kind", "事项类型", optional(kinds), synonyms=("事项种类", "案卷类型"), required=False,
                       choices=KIND_NAMES),
                Column("category", "类别", optional(categories), synonyms=("小类", "小类名称", "问题类别", "案卷类别"),
                       required=False, choices=self._category_names),
                Column("title", "标题", a_text(120), synonyms=("案卷标题", "事项", "问题"),
                       example="文庙路 118 号墙面小广告"),
                Column("text", "内容", optional(a_text(4000)), synonyms=("问题描述", "描述"), required=False),
                Column("channel", "来源", optional(a_choice(CHANNELS, str(_("来源")))),
                       synonyms=("问题来源", "上报渠道"), required=False),
                Column("place", "点位", optional(a_text(120)), synonyms=("点位名称", "点位编号"), required=False),
                Column("address", "地址", optional(a_text(200)), synonyms=("问题地址", "地点", "位置"), required=False),
                Column("lon", "经度", optional(a_degree()), synonyms=("x", "lon", "lng"), required=False),
                Column("lat", "纬度", optional(a_degree()), synonyms=("y", "lat"), required=False),
                Column("system", "坐标系", optional(system), synonyms=("坐标系统", "坐标类型"), required=False,
                       fill_down=True, choices=OFFERED_SYSTEMS),
                self.unit_column("牵头单位", synonyms=("处置部门", "责任单位", "承办单位", "主办单位"), key="lead"),
                *self._moment_columns(),
            ),
        )  # fmt: skip

    def _moment_columns(self) -> tuple[Column, ...]:
        a_time = a_moment(earliest=EARLIEST, default_year=clock.today().year)
        states = a_choice(STATES, str(_("状态")), offered=STATE_NAMES)
        return (
            Column("received", "受理时间", a_time, synonyms=("上报时间", "受理日期", "登记时间"),
                   example="2026-04-02 08:15"),
            Column("filed", "立案时间", optional(a_time), synonyms=("立案日期",), required=False),
            Column("due", "期限", optional(a_time),
                   synonyms=("应结时间", "应结案时间", "处置截止时间", "截止时间"),
                   required=False, example="2026-04-03 17:30"),
            Column("fixed", "完成时间", optional(a_time),
                   synonyms=("处置完成时间", "办结时间", "反馈时间"), required=False),
            Column("closed", "结案时间", optional(a_time), synonyms=("结案日期",), required=False),
            Column("state", "状态", states, synonyms=("案卷状态", "办理状态", "当前状态"), choices=STATE_NAMES,
                   example="已结案"),
        )  # fmt: skip

    @cached_property
    def _categories(self) -> dict[str, CaseCategory]:
        rows = list(CaseCategory.objects.all())
        return {row.code: row for row in rows} | {row.name: row for row in rows}

    @cached_property
    def _category_names(self) -> list[str]:
        return [row.name for row in queries.categories()]

    @cached_property
    def _reckoner(self) -> Reckoner:
        return Reckoner()

    @cached_property
    def _typed(self) -> dict[str, UUID]:
        """External number → case, of those that the keeper entered in the page: no workbook doubles them."""
        rows = Case.objects.filter(unit=self.context.unit, source__isnull=True).exclude(external="")
        return dict(rows.values_list("external", "uid"))

    @cached_property
    def _places(self) -> dict[str, dict[str, str]]:
        """Name or code → uid → code, of the places that the unit keeps, and of those of this workbook."""
        found: dict[str, dict[str, str]] = {}
        rows = Place.objects.filter(unit__path__startswith=self.context.unit.path)
        known = [(uid.hex, name, code) for uid, name, code in rows.values_list("uid", "name", "code")]
        known += [(uid, said[0], said[1]) for uid, said in self.context.told("places").items()]
        for uid, name, code in known:
            for word in {tight_name(name), tight_name(code)} - {""}:
                found.setdefault(word, {})[uid] = code or name
        return found

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        kind = values.get("kind") or "finding"
        self._check_kind(kind, values["state"])
        moments = self._moments(values)
        category: CaseCategory | None = values.get("category")
        lead: Unit | None = clear(values.get("lead"))
        self._check_state(values, category, lead)
        external = values["external"]
        uid = self._typed.get(external) or self.uid(self.context.unit.uid, external)
        lon, lat = self._point(values) or (None, None)
        place = self._place(values.get("place"))
        ends = self._ends(values["state"], moments, category)
        return uid, [
            external, kind, category.pk if category else None, values["title"], values.get("text") or "",
            values.get("channel") or Channel.WORKBOOK.value, place, values.get("address") or "", lon, lat,
            lead.uid.hex if lead else None, values["state"],
            {name: moment.isoformat() for name, moment in {**moments, **ends}.items()},
        ]  # fmt: skip

    def _check_kind(self, kind: str, state: str) -> None:
        rules_of = workflow.KINDS[kind]
        name = KIND_NAMES[list(workflow.KINDS).index(kind)]
        if rules_of.confidential and not self.context.actor.can(Perm.CASE_CONFIDENTIAL, self.context.unit):
            raise BadRow("kind", "confidential_kind", kind=name)
        answers = (workflow.ADOPTED, workflow.NOT_ADOPTED)
        wrong = (workflow.CLOSED, workflow.FIXED, workflow.PLANNED) if rules_of.answered else answers
        if state in wrong:
            raise BadRow("state", "state_of_kind", kind=name, state=_state_name(state))

    def _check_state(self, values: dict[str, Any], category: CaseCategory | None, lead: Unit | None) -> None:
        state: str = values["state"]
        said = {"state": _state_name(state)}
        closed = values.get("closed")
        checks: tuple[tuple[bool, str, str], ...] = (
            (state in workflow.DONE and not closed, "closed", "closed_without_moment"),
            (state in workflow.OPEN and bool(closed), "closed", "moment_without_close"),
            (state == workflow.RECEIVED and bool(values.get("filed")), "filed", "filed_after_all"),
            (state not in NOT_FILED and not values.get("filed"), "filed", "not_filed"),
            (state not in NOT_FILED and category is None, "category", "no_category"),
            (state in WITH_DEADLINE and not values.get("due"), "due", "no_deadline"),
            (state in WITH_LEAD and lead is None, "lead", "no_lead"),
        )
        for is_bad, key, code in checks:
            if is_bad:
                raise BadRow(key, code, **said)

    def _moments(self, values: dict[str, Any]) -> dict[str, datetime]:
        """Each moment that is written, aware. A day without a time is its beginning where something begins, and the
        end of its office hours where something ends; never before what was written of the same day. Raises BadRow.
        """
        found: dict[str, datetime] = {}
        before = ""
        for name in MOMENTS:
            written = values.get(name)
            if written is None:
                continue
            moment = self._moment(written, ends=name in {"fixed", "closed"})
            if _day(written) > clock.today() or (isinstance(written, datetime) and moment > clock.now()):
                raise BadRow(name, "moment_ahead", what=self._called(name), value=_said(written))
            if before and _is_before(written, values[before]):
                raise BadRow(
                    name, "moments_crossed", later=self._called(name), later_at=_said(written),
                    earlier=self._called(before), earlier_at=_said(values[before]),
                )  # fmt: skip
            found[name] = max(moment, found[before]) if before else moment
            before = name
        if due := values.get("due"):
            found["due"] = self._due(due, values, found["received"])
        return found

    def _due(self, due: date | datetime, values: dict[str, Any], received: datetime) -> datetime:
        moment = self._moment(due, ends=True)
        if _is_before(due, values["received"]):
            raise BadRow("due", "due_before_received")
        finish = next((name for name in ("fixed", "closed") if values.get(name)), "")
        only_a_day = bool(finish) and not isinstance(values[finish], datetime) and values["state"] in workflow.DONE
        if only_a_day and isinstance(due, datetime) and due.date() == values[finish]:
            raise BadRow(finish, "time_of_day_needed", what=self._called(finish))
        return max(moment, received)

    def _moment(self, written: date | datetime, *, ends: bool) -> datetime:
        if isinstance(written, datetime):
            return timezone.make_aware(written)
        start = timezone.make_aware(datetime.combine(written, time.min))
        return rules.end_of_day(self._reckoner.calendar, written, start) if ends else start

    @staticmethod
    def _called(name: str) -> str:
        return {"received": "受理时间", "filed": "立案时间", "fixed": "完成时间", "closed": "结案时间"}[name]

    def _ends(self, state: str, moments: dict[str, datetime], category: CaseCategory | None) -> dict[str, datetime]:
        """The end of the phase in which the case is now, which its `due_at` says; nothing of one that ended."""
        phase = workflow.PHASE_OF.get(state)
        if phase is None:
            return {}
        if phase in {workflow.FIX, workflow.WAIT} and "due" in moments:
            return {"running": moments["due"]}
        since = {workflow.FILE: "received", workflow.VERIFY: "fixed"}.get(phase, "filed")
        begun = moments.get(since) or moments.get("filed") or moments["received"]
        reckoned = workflow.FIX if phase == workflow.WAIT else phase
        return {"running": self._reckoner.end(reckoned, begun, category)}

    def _point(self, values: dict[str, Any]) -> tuple[float, float] | None:
        """In WGS-84 and inside the city. Raises BadRow."""
        lon, lat = values.get("lon"), values.get("lat")
        if lon is None and lat is None:
            return None
        if lon is None or lat is None:
            raise BadRow("lon" if lon is None else "lat", "half_a_position")
        system = values.get("system") or self.context.source.coordinates
        if not system:
            raise BadRow("system", "no_system")
        try:
            found = geometry.read({"type": "Point", "coordinates": [lon, lat]})
            geometry.require_on_globe(found)
            convert = coordinates.CoordinateSystem(system)
            found = geometry.converted(found, lambda x, y: coordinates.to_wgs84(convert, x, y))
            geometry.require_in_city(found, self._city)
        except BadGeometry as bad:
            raise BadRow("lon", bad.code, **bad.params) from bad
        return found.centroid.x, found.centroid.y

    @cached_property
    def _city(self) -> Any:
        return places.city_boundary()

    def _place(self, written: str | None) -> str | None:
        if not written:
            return None
        found = self._places.get(tight_name(written), {})
        if not found:
            raise BadRow("place", "unknown_case_place", value=written)
        if len(found) > 1:
            raise BadRow("place", "ambiguous_case_place", value=written, codes="、".join(sorted(found.values())[:5]))
        return next(iter(found))

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _external, _kind, category, title, text, _channel, _place, address, _lon, _lat, lead, state, at = plain
        fields = {"category_id": category, "title": title, "text": text, "address": address, "state": state}
        return fields | self._reckoned(state, at) | {"lead_id": self._lead_keys.get(lead) if lead else None}

    @cached_property
    def _lead_keys(self) -> dict[str, int]:
        """Of the units that stood before this workbook."""
        return {unit.uid.hex: unit.pk for unit in self.units.units if unit.pk}

    @staticmethod
    def _reckoned(state: str, at: dict[str, str]) -> dict[str, Plain]:
        """The columns of the moments, in the form in which JSON holds them."""
        finish = at.get("fixed") or at.get("closed")
        in_time = None
        if state in workflow.DONE and finish and "due" in at:
            in_time = rules.on_time(datetime.fromisoformat(finish), datetime.fromisoformat(at["due"]))
        handed_over = state in (*workflow.AT_UNIT, workflow.FIXED, workflow.SUSPENDED, *workflow.DONE)
        return {
            "received_at": at["received"],
            "filed_at": at.get("filed"),
            "sent_at": at.get("filed") if handed_over else None,
            "fixed_at": at.get("fixed"),
            "closed_at": at.get("closed"),
            "fix_due_at": at.get("due"),
            "due_at": at.get("running"),
            "on_time": in_time,
        }

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.CASE_DISPATCH, self.context.unit))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Case:
        external, kind, category, title, text, channel, place, address, lon, lat, lead, state, at = plain
        said = self._reckoned(state, at)
        on_time = said.pop("on_time")
        key, place_lon, place_lat = self._place_keys.get(place, (None, None, None)) if place else (None, None, None)
        return Case(
            uid=uid, external=external, kind=kind, category_id=category, title=title, text=text, channel=channel,
            place_id=key, address=address, lon=place_lon if lon is None else lon, lat=place_lat if lat is None else lat,
            unit=self.context.unit, lead_id=self.unit_ids[lead] if lead else None, state=state,
            opened_by=self.context.actor.person, confidential=workflow.KINDS[kind].confidential, on_time=on_time,
            **{name: datetime.fromisoformat(written) if written else None for name, written in said.items()},
            **source,
        )  # fmt: skip

    @cached_property
    def _place_keys(self) -> dict[str, tuple[int, float, float]]:
        """uid → key and point, asked for when rows are built: places of the same workbook are saved by then."""
        rows = Place.objects.filter(unit__path__startswith=self.context.unit.path)
        return {uid.hex: (key, lon, lat) for uid, key, lon, lat in rows.values_list("uid", "pk", "lon", "lat")}

    def save(self, rows: list[Case]) -> int:
        return services.add_cases(self.context.actor, rows)

    def revive(self, rows: list[Case]) -> int:
        """Under the number that they had."""
        numbers = dict(Case.everything.filter(uid__in=[row.uid for row in rows]).values_list("uid", "number"))
        for row in rows:
            row.number = numbers[row.uid]
        count = super().revive(rows)
        services.begin_imported(self.context.actor, [row.uid for row in rows])
        return count

    @classmethod
    def settle(cls, uids: Any) -> None:
        services.settle(uids)


def _day(written: date | datetime) -> date:
    return written.date() if isinstance(written, datetime) else written


def _is_before(one: date | datetime, other: date | datetime) -> bool:
    """Whether one is written as earlier; where either says only the day, by days."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return _day(one) < _day(other)


def _said(written: date | datetime) -> str:
    return f"{written:%Y-%m-%d %H:%M}" if isinstance(written, datetime) else f"{written:%Y-%m-%d}"


def _state_name(state: str) -> str:
    return next(name for name in STATE_NAMES if STATES[name] == state)
