"""The only way up: which event calls what, and what upper apps tell the kernel about themselves.

Handlers may only enqueue a job or call one service. Called once, when the applications are loaded.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from chuangwen.cases import handing_over as case_handing_over
from chuangwen.cases import importers as case_importers
from chuangwen.cases import notices as case_notices
from chuangwen.cases import panels as case_panels
from chuangwen.cases import queries as cases
from chuangwen.cases import searching as case_searching
from chuangwen.cases import settings as case_settings
from chuangwen.cases import telling as case_telling
from chuangwen.cases import waiting as case_waiting
from chuangwen.core import events
from chuangwen.core import settings as core_settings
from chuangwen.core.importing import add_dependents, add_importer, add_support
from chuangwen.core.models import Event
from chuangwen.core.notices import about, add_notice
from chuangwen.core.registry import Noun, Panel, add_noun, add_panel
from chuangwen.core.setting import add_setting
from chuangwen.core.work import Work, add_work
from chuangwen.duties import importers as duty_importers
from chuangwen.duties import queries as duties
from chuangwen.duties import searching as duty_searching
from chuangwen.duties import services as duty_services
from chuangwen.duties import settings as duty_settings
from chuangwen.evidence import jobs as evidence_jobs
from chuangwen.evidence import queries as evidence
from chuangwen.evidence import searching as evidence_searching
from chuangwen.evidence import waiting as evidence_waiting
from chuangwen.forms import queries as forms
from chuangwen.interop import queries as imports
from chuangwen.interop import waiting as imports_waiting
from chuangwen.metrics import jobs as metric_jobs
from chuangwen.people import importers as people_importers
from chuangwen.people import person_queries
from chuangwen.people import queries as people
from chuangwen.people import searching as people_searching
from chuangwen.people import settings as people_settings
from chuangwen.people.unit_queries import add_hindrances
from chuangwen.places import handing_over as place_handing_over
from chuangwen.places import hindering as place_hindering
from chuangwen.places import importers as place_importers
from chuangwen.places import queries as places
from chuangwen.places import searching as place_searching
from chuangwen.places import services as place_services
from chuangwen.places import settings as place_settings
from chuangwen.reports import jobs as report_jobs
from chuangwen.reports import queries as reports
from chuangwen.reports import searching as report_searching
from chuangwen.reports import services as report_services
from chuangwen.reports import standing as report_standing
from chuangwen.reports import waiting as report_waiting

SETTINGS = (
    place_settings.PLACE_TYPES,
    people_settings.UNIT_KINDS,
    people_settings.LEVELS,
    people_settings.ROLES,
    duty_settings.OUTCOME_KINDS,
    case_settings.CATEGORIES,
    case_settings.ROUTING_RULES,
    case_settings.RESPONSE_TEMPLATES,
    case_settings.POLICY,
    core_settings.OFFICE_HOURS,
    people_settings.NOTICE_POLICY,
)


def refresh_days(event: Event) -> None:
    """A single record touches one day of one unit, an import many."""
    metric_jobs.refresh_days.enqueue(str(event.unit_uid), event.data.get("day", ""))


def withdraw_empty_rounds(_event: Event) -> None:
    """The day of a round stands as long as anybody's rounds hang on it."""
    duty_services.withdraw_empty_rounds()


def withdraw_charges(event: Event) -> None:
    """Nobody answers for a place that is no more."""
    if event.subject_uid:
        place_services.withdraw_charges_of(event.subject_uid)


def make_pdf(event: Event) -> None:
    """Whoever prints a document that is out should not have to wait for its PDF."""
    report_jobs.make_pdf.enqueue(str(event.subject_uid))


def make_copies(event: Event) -> None:
    """The receipt is given; the pixels are worked on afterwards. What is no photo has no copies and is done at once."""
    evidence_jobs.make_copies.enqueue(str(event.subject_uid))


def connect() -> None:
    """Called once, when the applications are loaded."""
    _handlers()
    _nouns_and_panels()
    _work_and_notices()
    for app in (people_importers, place_importers, duty_importers, case_importers):
        for importer in app.IMPORTERS:
            add_importer(importer)
    add_support(report_standing.supports)
    add_hindrances(case_handing_over.hindrances)
    add_hindrances(place_hindering.hindrances)
    add_dependents("people.Charter", "metrics.MetricDay")
    # Made with an imported case and following from its columns; what somebody did with one is an event.
    add_dependents("cases.CasePart", "cases.CaseDeadline", "cases.CaseStep")
    for setting in SETTINGS:
        add_setting(setting)


def _handlers() -> None:
    events.on("report.issued", make_pdf)
    events.on("report.submitted", report_services.tell_of_move)
    events.on("report.returned", report_services.tell_of_move)
    events.on("evidence.received", make_copies)
    events.on("evidence.redacted", make_copies)
    events.on("evidence.retried", make_copies)
    for verb in (
        "import.done",
        "import.undone",
        "outcome.recorded",
        "outcome.corrected",
        "outcome.withdrawn",
        "essay.judged",
    ):
        events.on(verb, refresh_days)
    events.on("import.undone", withdraw_empty_rounds)
    events.on("import.undone", withdraw_charges)


def _nouns_and_panels() -> None:
    add_noun(Noun("outcome", duties.OUTCOME_LABEL, duties.outcome_refs, duties.outcome_digests))
    add_noun(Noun("shift", duties.SHIFT_LABEL, duties.shift_refs, duties.shift_digests))
    add_noun(Noun("attendance", duties.ATTENDANCE_LABEL, duties.attendance_refs, duties.attendance_digests))
    add_noun(Noun("submission", forms.SUBMISSION_LABEL, forms.submission_refs, forms.submission_digests))
    for noun in _searched():
        add_noun(noun)

    add_panel("place", Panel("evidence/place_panel.html", evidence.place_panel))
    add_panel("place", Panel("forms/place_panel.html", forms.place_panel))
    add_panel("place", Panel("cases/place_panel.html", case_panels.place_panel))
    add_panel("places", Panel("cases/places_panel.html", case_panels.places_panel))
    add_panel("submission", Panel("cases/submission_panel.html", case_panels.submission_panel))
    add_panel("unit", Panel("cases/unit_panel.html", case_panels.unit_panel))
    add_panel("unit", Panel("duties/unit_panel.html", duties.unit_panel))
    add_panel("unit", Panel("reports/unit_panel.html", reports.unit_panel))


def _searched() -> Iterator[Noun]:
    """The nouns that the search box finds, in the order of its groups."""
    of_cases = (cases.case_refs, cases.case_digests, *case_searching.CASES)
    yield Noun("case", cases.CASE_LABEL, *of_cases, shows_proof=True)
    yield Noun("place", places.PLACE_LABEL, places.place_refs, places.place_digests, *place_searching.PLACES)
    yield Noun("unit", people.UNIT_LABEL, people.unit_refs, people.unit_digests, *people_searching.UNITS)
    yield Noun("person", people.PERSON_LABEL, people.person_refs, people.person_digests, *people_searching.PERSONS)
    documents = report_searching
    yield Noun("report", documents.LABEL, documents.report_refs, documents.report_digests, *documents.REPORTS)
    yield Noun("duty", duties.DUTY_LABEL, duties.duty_refs, duties.duty_digests, *duty_searching.DUTIES)
    pieces = (evidence.evidence_refs, evidence.evidence_digests, *evidence_searching.EVIDENCE)
    yield Noun("evidence", evidence.EVIDENCE_LABEL, *pieces)


def _work_and_notices() -> None:
    with_unit = _("留在单位，有权限的人接着办")
    of_cases = case_handing_over
    add_work(Work("case", cases.CASE_LABEL, case_waiting.waiting, of_cases.held_by, of_cases.hand_over))
    add_work(
        Work("case_opened", _("登记的事项"), held_by=of_cases.opened_by, stays=_("登记人不变，由登记单位的人核验"))
    )
    add_work(
        Work("report", report_searching.LABEL, report_waiting.waiting, report_waiting.held_by, stays=with_unit),
    )
    add_work(Work("import", imports.IMPORT_LABEL, imports_waiting.waiting, imports_waiting.held_by, stays=with_unit))
    add_work(
        Work("evidence", evidence.EVIDENCE_LABEL, evidence_waiting.waiting, evidence_waiting.held_by, stays=with_unit)
    )
    add_work(
        Work(
            "charge",
            _("点位责任"),
            held_by=place_handing_over.held_by,
            hand_over=place_handing_over.hand_over,
        )
    )
    add_work(
        Work("membership", _("组内职务"), held_by=person_queries.memberships_held, stays=_("不随交接走，由机构另定"))
    )
    add_work(
        Work("grant", people.GRANT_LABEL, held_by=person_queries.grants_held, stays=_("不随交接走，由管授权的人另授"))
    )

    for kind in case_telling.KINDS:
        add_notice(kind, about(case_notices.said))
    add_notice("deputy", person_queries.tell_of_deputies)
    add_notice("handed_over", about(person_queries.said_of_hand_over))
    add_notice("report.submitted", about(report_waiting.said_of_submission))
    add_notice("report.returned", about(report_waiting.said_of_return))
