"""The demo city: 安澜市, invented, centred on 29.03 N, 111.69 E. Everything in it goes through the services.

Called by `script/manage demo`, which `script/server` runs the first time. The reports' stories stand on fixed dates
of 2026; the living records are relative to today. Persons are roles, pupils are codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chuangwen import reference_data
from chuangwen.cases.services import watch_deadlines
from chuangwen.core import clock, database, events, search
from chuangwen.core.errors import Refused
from chuangwen.core.models import ImportState
from chuangwen.demo import case_rounds, cases, checklists, ground, living, organisations, photos
from chuangwen.interop import services as interop
from chuangwen.metrics import services as metrics
from chuangwen.people import services as people
from chuangwen.people import unit_queries
from chuangwen.people.access import Viewer
from chuangwen.people.models import Account, Person, Position, Role, Unit
from chuangwen.reports import queries as report_queries
from chuangwen.reports import services as reports

PASSWORD = "anlan-2026-demo"  # noqa: S105
SCHOOL_WORKBOOKS = (
    "primary-school-roster.xlsx",
    "primary-school-outings.xlsx",
    "primary-school-outcomes.xlsx",
    "primary-school-essays.xlsx",
)
CLASSES = range(98, 118)
TERM_START, TERM_END = date(2026, 3, 1), date(2026, 6, 30)
FULL_UNITS = 118


@dataclass(frozen=True)
class Login:
    """A demo account: where its person sits, and what they may do over which unit."""

    login: str
    name: str
    title: str
    unit: str
    role: str
    over: str


LOGINS = (
    Login("office", "市创文办经办人", "调度岗", "anlan-office", "city_office", "anlan"),
    Login("principal", "校长", "创建工作领导小组组长", "demo-primary", "unit_head", "demo-primary"),
    Login("clerk", "德育处经办员", "经办人", "demo-primary", "unit_clerk", "demo-primary"),
    Login("teacher", "c98 班班主任", "班主任", "demo-primary-c98", "recorder", "demo-primary-c98"),
    Login("second-clerk", "第二小学经办员", "经办人", "demo-second-primary", "unit_clerk", "demo-second-primary"),
    Login("brigade-head", "大队长", "大队长", "demo-brigade", "unit_head", "demo-brigade"),
    Login("brigade-clerk", "大队内勤", "内勤", "demo-brigade", "unit_clerk", "demo-brigade"),
    Login("hospital-head", "院长", "创建工作领导小组组长", "demo-hospital", "unit_head", "demo-hospital"),
    Login("hospital-clerk", "综合办公室经办员", "经办人", "demo-hospital", "unit_clerk", "demo-hospital"),
    Login("urban-clerk", "城管局经办员", "市容科", "anlan-urban", "unit_clerk", "anlan-urban"),
    Login("urban-head", "城管局局长", "局长", "anlan-urban", "unit_head", "anlan-urban"),
    Login("street-clerk", "文庙街道经办员", "综治办", "wenmiao-street", "unit_clerk", "wenmiao-street"),
    Login("grid", "柳堤社区网格员", "网格员", "liudi", "handler", "liudi"),
    Login("civil-clerk", "民政局经办员", "福彩中心", "anlan-civil-affairs", "unit_clerk", "anlan-civil-affairs"),
    Login("supervisor", "市督导组成员", "督导一组", "anlan-office", "supervisor", "anlan"),
    Login("leader", "分管副市长", "副市长", "anlan", "leader", "anlan"),
    Login("reader", "市督查员", "督查员", "anlan-office", "reader", "anlan"),
)

# code, parent, name, English name, kind, level
UNITS = (
    ("linjiang", "anlan", "临江区", "Linjiang District", "district", "district"),
    ("wangshan", "anlan", "望山区", "Wangshan District", "district", "district"),
    ("dongpu", "anlan", "东浦新区", "Dongpu New Area", "district", "district"),
    ("anlan-education", "anlan", "市教育局", "Education Bureau", "bureau", "city"),
    ("anlan-civil-affairs", "anlan", "市民政局", "Civil Affairs Bureau", "bureau", "city"),
    ("anlan-urban", "anlan", "市城管局", "Urban Management Bureau", "bureau", "city"),
    (
        "demo-primary",
        "anlan-education",
        "安澜市实验小学",
        "Anlan Experimental Primary School",
        "school",
        None,
    ),
    (
        "demo-second-primary",
        "anlan-education",
        "安澜市第二小学",
        "Anlan Second Primary School",
        "school",
        None,
    ),
    ("demo-brigade", "anlan", "交警市区一大队", "First Urban Traffic Brigade", "brigade", None),
    ("demo-hospital", "anlan", "安澜市康宁医院", "Anlan Kangning Hospital", "hospital", None),
    ("wenmiao-street", "linjiang", "文庙街道", "Wenmiao Street Office", "town", "town"),
    ("liudi", "wenmiao-street", "柳堤社区", "Liudi Community", "community", "village"),
)


def is_there() -> bool:
    return Unit.objects.filter(code="demo-primary").exists()


def is_empty() -> bool:
    """Whether no city was founded here: only then may a demo be built, with its published passwords."""
    return not Unit.objects.exists()


@transaction.atomic
def build(*, size: str = "small", today: date | None = None) -> None:
    """The whole city or, when stopped half-way, nothing of it. Raises Refused when there is one already."""
    if not is_empty():
        raise Refused("a city is there already", mend="use another CHUANGWEN_DATA, or --if-empty")
    reference_data.load()
    operator = people.found_city(code="anlan", name="安澜市", name_en="Anlan City", division_code="430700")
    units = _units(operator)
    _groups(operator, units)
    _logins(operator, units)
    _phones(operator, units)
    ground.build(operator, units, size=size)
    viewers = {each.login: _viewer(each.login) for each in LOGINS}
    clerk = viewers["clerk"]
    for name in SCHOOL_WORKBOOKS:
        bring_in(clerk, units["demo-primary"], settings.REFERENCE_DIR / "examples" / name)
    living.build(clerk, units["demo-primary"], today or clock.today())
    for each in organisations.ORGANISATIONS:
        for name in each.workbooks:
            bring_in(viewers[each.head], units[each.unit], settings.REFERENCE_DIR / "examples" / name)
    photos.build(viewers, units, today or clock.today())
    checklists.build([*viewers.values()], checklists.sites())
    cases.build(viewers, units, today or clock.today(), size=size)
    case_rounds.build(operator, viewers, units, today or clock.today())
    _told(viewers)
    if size == "full":
        _fill_up(operator, units["anlan"])
    database.refresh_statistics()
    metrics.refresh_days(units["anlan"].uid)
    _reports(clerk, viewers["principal"], units["demo-primary"])
    for each in organisations.ORGANISATIONS:
        organisations.write_report(viewers, units, each)
    while events.seal():
        pass
    search.follow_to_the_end()


def _viewer(login: str) -> Viewer:
    return Viewer(Person.objects.select_related("unit").get(account__login=login))


def _units(operator: Viewer) -> dict[str, Unit]:
    units = {"anlan": operator.person.unit}
    for code, parent, name, name_en, kind, level in UNITS:
        units[code] = people.add_unit(
            operator, parent=units[parent], code=code, name=name, name_en=name_en, kind=kind, level_id=level
        )
    for number in CLASSES:
        grade = "六" if number <= 104 else "五" if number <= 111 else "四"
        code = f"demo-primary-c{number}"
        units[code] = people.add_unit(
            operator,
            parent=units["demo-primary"],
            code=code,
            name=f"{grade}年级 c{number} 班",
            name_en=f"Class c{number}",
            short_name=f"c{number}",
            kind="class",
        )
    return units


def _groups(operator: Viewer, units: dict[str, Unit]) -> None:
    office = people.found_group(
        operator,
        parent=units["anlan"],
        code="anlan-office",
        name="市创文办",
        name_en="City Civilization Office",
        kind="office",
        remit="统一调度全市创建工作，汇总记录，起草报告，督办整改。",
        founded_on=date(2026, 1, 12),
    )
    units["anlan-office"] = office
    units["anlan-group"] = people.found_group(
        operator,
        parent=units["anlan"],
        code="anlan-group",
        name="市创建文明城市工作领导小组",
        name_en="City Leading Group for the Civilized City",
        kind="leading_group",
        remit="领导、部署和检查全市创建工作。",
        founded_on=date(2026, 1, 12),
        office=office,
        document_title="关于成立市创建文明城市工作领导小组的通知",
        document_number="安文明〔2026〕1号",
    )
    units["demo-primary-group"] = people.found_group(
        operator,
        parent=units["demo-primary"],
        code="demo-primary-group",
        name="实验小学创建文明城市工作领导小组",
        name_en="School Leading Group",
        kind="leading_group",
        remit="传达上级要求，制定实施方案，按“谁主管谁负责”逐项落实。",
        founded_on=date(2026, 2, 24),
        document_title="关于成立创建文明城市工作领导小组的通知",
        document_number="实小〔2026〕5号",
    )


def _logins(operator: Viewer, units: dict[str, Unit]) -> None:
    persons = {}
    for each in LOGINS:
        person = people.add_person(operator, unit=units[each.unit], code=each.login, name=each.name, title=each.title)
        people.open_account(operator, person=person, login=each.login)
        role = Role.objects.get(code=each.role)
        people.give_grant(operator, person=person, role=role, unit=units[each.over], since=date(2026, 1, 12))
        account = Account.objects.get(person=person)
        account.set_password(PASSWORD)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        persons[each.login] = person
    group = units["demo-primary-group"]
    for code, name, position, remit in (
        ("deputy", "德育副校长", Position.DEPUTY, "分管上街实践和家校联系"),
        ("counsellor", "大队辅导员", Position.DEPUTY, "组织学生志愿者，登记成效"),
        ("affairs", "总务主任", Position.MEMBER, "校园环境和公共设施"),
    ):
        person = people.add_person(operator, unit=units["demo-primary"], code=code, name=name, title=name)
        people.add_member(operator, group=group, person=person, position=position, remit=remit, since=date(2026, 2, 24))
    people.add_member(
        operator, group=group, person=persons["principal"], position=Position.LEADER, since=date(2026, 2, 24)
    )
    people.add_member(
        operator,
        group=units["anlan-group"],
        person=persons["office"],
        position=Position.OFFICE_HEAD,
        since=date(2026, 1, 12),
    )


def _phones(operator: Viewer, units: dict[str, Unit]) -> None:
    """The telephones of the duty rooms and of those who do the desk work there; none of them is anybody's."""
    for number, code in enumerate(("anlan-office", *(code for code, *_rest in UNITS))):
        unit = units[code]
        seen = unit_queries.unit_values(unit)
        people.edit_unit(operator, unit=unit, values={"phone": f"0736-70010{number:02d}"}, seen=seen)
    for number, each in enumerate(LOGINS):
        person = Person.objects.select_related("unit").get(account__login=each.login)
        people.edit_contact(operator, person=person, office_phone=f"0736-70020{number:02d}", email="")


def _told(viewers: Mapping[str, Viewer]) -> None:
    """One clerk is on leave; the clock of cases goes round, so that notices stand. What is older has been read."""
    clerk, head = viewers["urban-clerk"], viewers["urban-head"]
    since = clock.today()
    people.appoint_deputy(
        clerk, person=clerk.person, deputy=head.person, since=since, until=since + timedelta(days=4), reason="外出学习"
    )
    for viewer in viewers.values():
        people.mark_all_read(viewer, until=clock.now() - timedelta(days=1))
    while watch_deadlines():
        pass


def _fill_up(operator: Viewer, city: Unit) -> None:
    """As many units as a real city has (118), so that lists and rights are seen at their size."""
    standing = Unit.objects.exclude(kind_id="class").count()
    for number in range(1, FULL_UNITS - standing + 1):
        people.add_unit(
            operator,
            parent=city,
            code=f"unit-{number:03d}",
            name=f"市直单位 {number:03d}",
            name_en=f"City unit {number:03d}",
            kind="bureau",
            level_id="city",
        )


def bring_in(actor: Viewer, unit: Unit, path: Path) -> UUID:
    """A workbook by the same way as a clerk's. Raises Refused if a row is bad."""
    taken = interop.take_workbook(actor, unit=unit, name=path.name, chunks=[path.read_bytes()])
    done = interop.bring_in(taken)
    if done.state != ImportState.DONE:
        raise Refused(f"{path.name}: {done.problems[:3]}")
    return done.uid


def _reports(clerk: Viewer, principal: Viewer, school: Unit) -> None:
    form = report_queries.form("primary-school")
    issued = reports.write_report(clerk, form=form, unit=school, start=TERM_START, end=TERM_END)
    for who, verb in ((clerk, "submit"), (principal, "check"), (principal, "sign"), (clerk, "issue")):
        reports.move(who, uid=issued.uid, verb=verb)
    reports.write_report(clerk, form=form, unit=school, start=date(2026, 5, 1), end=date(2026, 5, 31))
