"""What the writing desk asks of a draft: its paragraphs with their marks, its length, who wrote it, what moved."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import Event
from chuangwen.people.access import Viewer, label_of_persons
from chuangwen.reports import docx, queries, rules, workflow
from chuangwen.reports.models import Report, ReportComment, ReportFigure, ReportState
from chuangwen.reports.placing import anchor_of, stands_at
from chuangwen.reports.writing import length_of_blocks

WROTE = ("report.drafted", "report.edited", "report.arranged")


@dataclass(frozen=True)
class Paragraph:
    """A block of the page: `wording` is what a writer edits, None where the paragraph cannot be edited; `edited` is the
    id of the change that stands there, empty where there is none.
    """

    block: docx.Block
    wording: str | None
    edited: str
    comments: int


def paragraphs(report: Report, text: list[docx.Block] | None = None) -> list[Paragraph]:
    """The document as it stands, each paragraph with its wording and its open comments; `text` where it is read."""
    names, blocks = _marked(report, text)
    edited = {anchor_of(edit): str(edit["id"]) for edit in report.edits if stands_at(edit, anchor_of(edit))}
    talked: dict[str, int] = {}
    for anchor in ReportComment.objects.filter(report=report, settled_at__isnull=True).values_list("anchor", flat=True):
        talked[anchor] = talked.get(anchor, 0) + 1
    return [
        Paragraph(
            block,
            docx.markup(block, names) if block.anchor else None,
            edited.get(block.anchor, ""),
            talked.get(block.anchor, 0) if block.anchor else 0,
        )
        for block in blocks
    ]


def _marked(report: Report, text: list[docx.Block] | None = None) -> tuple[dict[str, str], list[docx.Block]]:
    """(address on this site → figure's name, the text with its figures leading there).

    By the code and not by the whole address: a site may have another name today than when the text was written.
    """
    names = {reverse("open-code", args=[figure.code]): figure.name for figure in queries.figures(report)}
    return names, [_led_here(block, names) for block in text or queries.text_of(report)]


def _led_here(block: docx.Block, names: Collection[str]) -> docx.Block:
    def led(runs: tuple[docx.Run, ...]) -> tuple[docx.Run, ...]:
        return tuple(replace(run, href=_here(run.href, names)) if run.href else run for run in runs)

    return replace(block, runs=led(block.runs), rows=tuple(tuple(map(led, row)) for row in block.rows))


def _here(href: str, names: Collection[str]) -> str:
    path = urlsplit(href).path
    return path if path in names else href


def wording(report: Report, anchor: str) -> str | None:
    """The paragraph as a writer edits it; None where there is none of that anchor."""
    if not anchor or report.document is None:
        return None
    names, blocks = _marked(report)
    found = next((block for block in blocks if block.anchor == anchor), None)
    return docx.markup(found, names) if found else None


def spoken(report: Report, anchor: str) -> str:
    """The paragraph as it is printed; empty where there is none of that anchor."""
    if not anchor:
        return ""
    found = next((block for block in queries.text_of(report) if block.anchor == anchor), None)
    return "".join(run.text for run in found.runs) if found else ""


def length_of(report: Report) -> int:
    """Characters of the text, from the title to what stands before the signature."""
    return length_of_blocks(queries.text_of(report))


def writers(report: Report) -> set[UUID | None]:
    """Everybody who wrote or changed the text of this draft."""
    wrote = Event.objects.filter(noun="report", subject_uid=report.uid, verb__in=WROTE)
    return {report.created_by, *wrote.values_list("actor_uid", flat=True)}


def allowed(viewer: Viewer, report: Report) -> set[str]:
    """The verbs that the viewer may use now; whoever wrote the text does not check it."""
    verbs = queries.allowed(viewer, report)
    own = {row.verb for row in workflow.TRANSITIONS if row.by_another and row.verb in verbs}
    return verbs - own if own and viewer.uid in writers(report) else verbs


def successor(report: Report) -> Report | None:
    """The document that supersedes this one, or is being written to."""
    return report.successors.exclude(state=ReportState.DISCARDED).select_related("unit", "form").first()


def successor_out(report: Report) -> Report | None:
    """The document that superseded this one, once it is out: then anybody may know of it."""
    found = successor(report)
    return found if found and found.is_out else None


@dataclass(frozen=True)
class Change:
    """A change by hand: what the template said, what it says now, and both as they are read.

    `placed` is false where it found no place, `gone` are the figures that it names no more.
    """

    id: str
    was: str
    text: str | None
    who: str
    placed: bool
    numbers: list[str]
    gone: list[str]
    was_said: str
    now_said: str


def changes(report: Report) -> list[Change]:
    """The writers' changes, each with the numbers in it that no record bears out."""
    who = label_of_persons({UUID(str(edit["by"])) for edit in report.edits})
    printed = {figure.name: figure.text for figure in queries.figures(report)}
    return [
        Change(
            str(edit["id"]),
            edit["was"],
            edit["text"],
            who.get(UUID(str(edit["by"])), ""),
            edit.get("placed", True),
            rules.typed_numbers(edit["text"] or "", edit["was"]),
            rules.taken_out(edit["text"] or "", edit["was"]),
            rules.spoken(edit["was"], printed),
            rules.spoken(edit["text"] or "", printed),
        )
        for edit in report.edits
    ]


@dataclass(frozen=True)
class Remark:
    comment: ReportComment
    who: str


def remarks(report: Report) -> list[Remark]:
    """Open remarks first, each with its author."""
    found = list(report.comments.order_by("settled_at", "id"))
    found.sort(key=lambda each: each.settled_at is not None)
    who = label_of_persons({each.by for each in found})
    return [Remark(each, who.get(each.by, "")) for each in found]


@dataclass(frozen=True)
class Step:
    """One event of a report's way, as its page tells it."""

    label: str | Promise
    at: datetime
    who: str
    reason: str


STEPS = {
    "report.drafted": _("写稿"),
    "report.submitted": _("送核稿"),
    "report.recalled": _("撤回送核"),
    "report.checked": _("核稿通过"),
    "report.returned": _("退回"),
    "report.signed": _("签发"),
    "report.unsigned": _("撤销签发"),
    "report.issued": _("印发"),
    "report.archived": _("归档"),
}


def way(report: Report, *, reasons: bool) -> list[Step]:
    """What happened to the report so far, oldest first; `reasons` for those who make it."""
    found = Event.objects.filter(noun="report", subject_uid=report.uid, verb__in=[*STEPS]).order_by("id")
    listed = list(found.select_related("detail"))
    who = label_of_persons({event.actor_uid for event in listed})
    return [
        Step(STEPS[event.verb], event.at, who.get(event.actor_uid, ""), _why(event) if reasons else "")
        for event in listed
    ]


def _why(event: Event) -> str:
    return event.detail.text if hasattr(event, "detail") else ""


def moved_figures(viewer: Viewer, report: Report) -> list[queries.FigureChange]:
    """What moved since the document that this one supersedes: figures of both, with the rows that moved them."""
    if report.supersedes is None:
        return []
    old = {figure.snapshot.metric.key: figure for figure in queries.figures(report.supersedes) if _whole(figure)}
    new = {figure.snapshot.metric.key: figure for figure in queries.figures(report) if _whole(figure)}
    return [
        change
        for key, figure in new.items()
        if key in old and (change := queries.between(viewer, old[key], figure)) is not None
    ]


def _whole(figure: ReportFigure) -> bool:
    """Of the whole unit and period, not of one told event."""
    return figure.snapshot.subject_uid is None
