"""One of everything that the school of the small city owns, made through the services where they make files.

LITTER and NOTE appear in the school's records and nowhere else: a page that shows them shows the school's.
"""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from PIL import Image

from chuangwen.cases import services as cases
from chuangwen.cases.door import door
from chuangwen.cases.models import Case, CaseCategory, Revisit, RevisitDraw, Watch
from chuangwen.cases.services import Opening, ReporterGiven
from chuangwen.core import clock, files
from chuangwen.core.models import ColumnName, Import, ImportState
from chuangwen.core.tabular import SheetToWrite, write_workbook
from chuangwen.duties.models import Outcome, Shift
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import Evidence
from chuangwen.forms.models import Form, Submission
from chuangwen.interop import services as interop
from chuangwen.metrics import services as metrics
from chuangwen.people import services as people
from chuangwen.people.models import ApiToken, Charter, Deputy, Grant, Membership, Notice, Person, SavedView, Unit
from chuangwen.places.models import Place, Responsibility
from chuangwen.reports import queries as report_queries
from chuangwen.reports import services as reports
from chuangwen.reports.models import Report, ReportComment, ReportFigure, ReportTemplate
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, OutcomeFactory, ShiftFactory
from tests.factories.forms import FormFactory, SubmissionFactory
from tests.factories.people import AccountFactory, GrantFactory, MembershipFactory, PersonFactory
from tests.factories.places import place

LITTER = 48615
NOTE = "只在实验小学"
# The code with which the case is followed.
CODE = "ABCDEFGHJK"
PROBLEM = {"sheet": "成效", "row": 7, "column": "日期", "key": "day", "value": NOTE, "code": "no_rows", "params": {}}
BAD_ROW = {"sheet": "成效", "row": 7, "cells": {"day": NOTE}, "problems": [PROBLEM]}
SHEET = {
    "sheet": "成效", "noun": "outcome", "header_row": 1, "columns": [["day", "日期", "日期 (A)"]],
    "ignored": [], "notes": [], "rows": 1, "new": 1, "skipped": 0,
}  # fmt: skip


@dataclass
class Records:
    outcome: Outcome
    essay: Outcome
    shift: Shift
    import_row: Import
    report: Report
    comment: ReportComment
    figure: ReportFigure
    template: ReportTemplate
    membership: Membership
    grant: Grant
    token: ApiToken
    view: SavedView
    teacher: Person
    pupil: Person
    column_name: ColumnName
    place: Place
    charge: Responsibility
    photo: Evidence
    form: Form
    copy: Submission
    case: Case
    revisit: Revisit
    watch: Watch
    notice: Notice
    deputy: Deputy


def _workbook() -> bytes:
    data = BytesIO()
    write_workbook(data, [SheetToWrite("成效", ["日期", "班级", "类别", "数量"], [[NOTE, "c98", "捡拾垃圾", 1]])])
    return data.getvalue()


def photo() -> bytes:
    """Stripes, so that it has a perceptual hash."""
    image = Image.new("RGB", (48, 36), (30, 90, 160))
    image.paste((230, 200, 120), (8, 6, 20, 30))
    data = BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


def build(city: City) -> Records:
    school, clerk = city["school"], city.viewer("clerk")
    day = clock.today() - timedelta(days=7)
    shift = ShiftFactory.create(duty=DutyFactory.create(unit=school), number="HD-2026", place=NOTE)
    pupil = PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    AttendanceFactory.create(shift=shift, person=pupil)
    outcome = OutcomeFactory.create(unit=city["c98"], amount=LITTER, shift=shift, day=day, note=NOTE)
    teacher = PersonFactory.create(unit=school, code="teacher", title=NOTE)
    AccountFactory.create(person=teacher)
    found = interop.take_workbook(clerk, unit=school, name=f"{NOTE}.xlsx", chunks=[_workbook()])
    Import.objects.filter(pk=found.pk).update(
        state=ImportState.READY, problems=[PROBLEM], problem_count=1, bad_rows=[BAD_ROW], sheets=[SHEET]
    )
    document = files.keep(
        [b"scan"], name="notice.pdf", media_type="application/pdf", unit_uid=school.uid, created_by=clerk.uid
    )
    Charter.objects.filter(unit=city["group"]).update(document=document)
    metrics.refresh_days(city["city"].uid)
    form = report_queries.form("primary-school")
    report = reports.write_report(clerk, form=form, unit=school, start=day, end=clock.today())
    people.issue_token(clerk, name=NOTE)
    there = place(school, name=NOTE)
    handed_in = evidence.hand_in(clerk, unit=school, name=f"{NOTE}.jpg", chunks=[photo()])
    asked = FormFactory.create(unit=school, name=NOTE)
    copy = SubmissionFactory.create(
        version=asked.versions.get(), unit=school, filled_by=city.persons["clerk"], answers={"remark": NOTE}
    )
    # As in every city that is used: made by whoever came first.
    door()
    opening = Opening(
        kind="finding",
        title=NOTE,
        opened_for=school,
        category=CaseCategory.objects.get(pk="manhole"),
        reporter=ReporterGiven(NOTE, "7220001", CODE),
    )
    people.tell(city.persons["clerk"], "handed_over", noun="person", subject_uid=teacher.uid, data={"count": LITTER})
    case = cases.open_case(clerk, opening).case
    return Records(
        case=case,
        revisit=Revisit.objects.create(draw=drawn(city["city"]), case=case),
        watch=Watch.objects.create(group=city["group"], over=city["school"], since=clock.today()),
        notice=Notice.objects.get(kind="handed_over"),
        deputy=Deputy.objects.create(
            person=city.persons["clerk"], deputy=teacher, since=day + timedelta(days=30), until=day + timedelta(days=40)
        ),
        photo=handed_in,
        outcome=outcome,
        essay=OutcomeFactory.create(kind_id="essay", unit=city["c98"], amount=1, person=pupil),
        shift=shift,
        import_row=found,
        report=report,
        comment=reports.comment(clerk, uid=report.uid, text=NOTE),
        figure=report.figures.get(name="捡拾垃圾次数"),
        template=report.template,
        membership=MembershipFactory.create(group=city["group"], person=teacher),
        grant=GrantFactory.create(person=teacher, role_id="recorder", unit=school),
        token=ApiToken.objects.get(name=NOTE),
        view=people.save_view(clerk, list_key="outcomes", name="我的", query=f"q={NOTE}"),
        teacher=teacher,
        form=asked,
        copy=copy,
        pupil=pupil,
        column_name=ColumnName.objects.create(
            unit_uid=school.uid,
            noun="outcome",
            heading="多少",
            column="amount",
            created_by=clerk.uid,
            created_at=clock.now(),
        ),
        place=there,
        charge=Responsibility.objects.create(place=there, unit=school, since=day),
    )


def build_second(city: City) -> Outcome:
    """What the second school owns: enough that its clerk's lists are not empty."""
    shift = ShiftFactory.create(duty=DutyFactory.create(unit=city["second"]), number="HD-2")
    AttendanceFactory.create(shift=shift, person=PersonFactory.create(pupil=True, unit=city["d11"], code="d11-01"))
    return OutcomeFactory.create(unit=city["d11"], amount=2, shift=shift)


def drawn(unit: Unit) -> RevisitDraw:
    today = clock.today()
    return RevisitDraw.objects.create(
        unit=unit,
        closed_from=today,
        closed_to=today,
        share=100,
        seed=1,
        population=1,
        population_digest="",
        at=clock.now(),
    )
