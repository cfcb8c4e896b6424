"""The traffic brigade and the hospital of the demo: what their workbooks hold, brought in as their clerks would.

Called by `city`. The stories stand on fixed dates of 2026: the meeting of 19 June, the training of 9 August, the group
of 28 June, the works of September.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.reports import queries as report_queries
from chuangwen.reports import services as reports

YEAR_START, YEAR_END = date(2026, 3, 1), date(2026, 12, 31)


@dataclass(frozen=True)
class Organisation:
    """A unit with its workbooks in their order; the head brings in the first, which founds units and persons."""

    unit: str
    form: str
    head: str
    clerk: str
    workbooks: tuple[str, ...]


ORGANISATIONS = (
    Organisation(
        "demo-brigade",
        "traffic-brigade",
        "brigade-head",
        "brigade-clerk",
        (
            "traffic-brigade-basics.xlsx",
            "traffic-brigade-activities.xlsx",
            "traffic-brigade-duty.xlsx",
            "traffic-brigade-outcomes.xlsx",
        ),
    ),
    Organisation(
        "demo-hospital",
        "hospital",
        "hospital-head",
        "hospital-clerk",
        (
            "hospital-basics.xlsx",
            "hospital-rounds.xlsx",
            "hospital-cleaning.xlsx",
            "hospital-activities.xlsx",
            "hospital-outcomes.xlsx",
        ),
    ),
)


def write_report(viewers: Mapping[str, Viewer], units: Mapping[str, Unit], each: Organisation) -> None:
    """The year so far, checked and waiting for its signature: what a head finds on the desk."""
    form = report_queries.form(each.form)
    clerk, head = viewers[each.clerk], viewers[each.head]
    draft = reports.write_report(clerk, form=form, unit=units[each.unit], start=YEAR_START, end=YEAR_END)
    reports.move(clerk, uid=draft.uid, verb="submit")
    reports.move(head, uid=draft.uid, verb="check")
