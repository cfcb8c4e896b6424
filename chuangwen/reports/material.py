"""The events that a report could tell: what is known of each, which are told, and in what words.

Called by services, `writing` and the pages. Always holds: a candidate is a record of the unit and the period, and every
number in its sentence is a figure that opens to its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.duties.models import DutyKind, Shift
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric
from chuangwen.reports import docx, facts, rules, workflow
from chuangwen.reports.models import Report, ReportMaterial
from chuangwen.reports.rules import Facts

ON_SITE = "event.on_site"
# Where the number of heads stands in the words of a piece.
HEADS = "到场人数"
# （十一）, and the full stop behind the heading.
NUMBERED = 5
# How an event of a kind is said to have been held; the rest is 开展.
HELD = {
    DutyKind.MEETING: "召开",
    DutyKind.TRAINING: "组织",
    DutyKind.PROJECT: "实施",
}


@dataclass(frozen=True)
class Candidate:
    uid: UUID
    title: str
    heading: str
    words: str
    facts: Facts
    score: int

    @property
    def facts_json(self) -> dict[str, object]:
        return asdict(self.facts)


def weights(report: Report) -> dict[str, int]:
    """Those of the form where it has any: they are data."""
    return report.form.material_weights or rules.DEFAULT_WEIGHTS


def candidates(report: Report) -> dict[UUID, Candidate]:
    """Every event of the form's kinds within the period, best first."""
    shifts = facts.events(report.unit, report.start, report.end, report.form.material_kinds)
    known = facts.known(report.unit, shifts, report.start, report.end, used=_used_before(report))
    own = weights(report)
    found = {shift.uid.hex: _candidate(shift, known[shift.uid], own) for shift in shifts}
    order = rules.ranked({key: each.facts for key, each in found.items()}, own)
    return {found[key].uid: found[key] for key in order}


def _candidate(shift: Shift, known_facts: Facts, own: Mapping[str, int]) -> Candidate:
    heads = f"⟦{HEADS}⟧" if known_facts.heads else ""
    score = rules.score(known_facts, own)
    return Candidate(shift.uid, title_of(shift), shift.duty.name, _words(shift, heads), known_facts, score)


def _used_before(report: Report) -> set[UUID]:
    """What the unit's last document of the form told; the one that this supersedes is not a last time."""
    out = Report.objects.filter(form=report.form, unit=report.unit, state__in=workflow.OUT)
    if report.supersedes:
        out = out.exclude(pk=report.supersedes.pk)
    last = out.order_by("-issued_at").first()
    return set(told(last)) if last else set()


def title_of(shift: Shift) -> str:
    return f"{shift.day.month}月{shift.day.day}日 {shift.duty.name}"


def told(report: Report) -> list[UUID]:
    """The pieces that the draft tells, in their order."""
    rows = ReportMaterial.objects.filter(report=report, order__isnull=False).order_by("order")
    return list(rows.values_list("subject_uid", flat=True))


def known(report: Report) -> set[UUID]:
    return set(ReportMaterial.objects.filter(report=report).values_list("subject_uid", flat=True))


def set_order(report: Report, order: Sequence[UUID], *, by_hand: UUID | None = None) -> None:
    """Tell these pieces in this order, and no others."""
    rows = ReportMaterial.objects.filter(report=report)
    rows.update(order=None)
    for place, uid in enumerate(order):
        rows.filter(subject_uid=uid).update(order=place)
    if by_hand:
        rows.filter(subject_uid=by_hand).update(by_hand=True)


def tellable(report: Report) -> list[UUID]:
    """What the draft tells where nobody chose: of every arrangement the best event that has a story, best first."""
    found: list[UUID] = []
    seen: set[str] = set()
    for row in ReportMaterial.objects.filter(report=report).order_by("rank"):
        name = row.title.partition(" ")[2]
        if row.facts["story"] and name not in seen:
            seen.add(name)
            found.append(row.subject_uid)
    return found


def inherit(report: Report, before: Report) -> None:
    """Tell what the document before told, in its order, and leave out what was left out there by hand."""
    candidates_now = known(report)
    told_before = [uid for uid in told(before) if uid in candidates_now]
    set_order(report, told_before)
    by_hand = ReportMaterial.objects.filter(report=before, by_hand=True).values_list("subject_uid", flat=True)
    rows = ReportMaterial.objects.filter(report=report, subject_uid__in=[*told_before, *by_hand])
    rows.update(by_hand=True)


def is_decided(report: Report) -> bool:
    """Whether a writer chose anything by hand: then no rewrite chooses anew."""
    return ReportMaterial.objects.filter(report=report, by_hand=True).exists()


def told_figures(report: Report) -> list[tuple[UUID, Metric]]:
    """The figures that the told pieces print: (event, metric)."""
    metric = metrics.catalogue().filter(key=ON_SITE).first()
    rows = ReportMaterial.objects.filter(report=report, order__isnull=False).order_by("order")
    return [(row.subject_uid, metric) for row in rows if metric and row.facts["heads"]]


def rows(report: Report, marks: Mapping[str, docx.FigureMark]) -> list[dict[str, object]]:
    """What a template prints of the told pieces: 题目 and 文字, in the words that the draft took down."""
    heads = {name.rpartition("·")[2]: mark for name, mark in marks.items() if "·" in name}
    found = ReportMaterial.objects.filter(report=report, order__isnull=False).order_by("order")
    return [{"题目": row.heading, "文字": docx.Sentence(_sentence(row, heads))} for row in found]


def _sentence(row: ReportMaterial, heads: Mapping[str, docx.FigureMark]) -> tuple[str | docx.FigureMark, ...]:
    before, mark, after = row.words.partition(f"⟦{HEADS}⟧")
    figure = heads.get(row.subject_uid.hex[:6])
    return (before, figure, after) if mark and figure else (row.words,)


def _words(shift: Shift, heads: str) -> str:
    place = f"在{shift.place}" if shift.place else ""
    held = HELD.get(DutyKind(shift.duty.kind), "开展")
    story = shift.story if not shift.story or shift.story.endswith(("。", "！", "？")) else f"{shift.story}。"
    came = f"，{heads}人到场" if heads else ""
    return f"{facts.days_of(shift)}{place}{held}{came}。{story}"


def lengths_of(report: Report, uids: Sequence[UUID]) -> list[int]:
    """About how many characters each piece takes: its number, its heading, its words."""
    found = {row.subject_uid: row for row in ReportMaterial.objects.filter(report=report, subject_uid__in=uids)}
    return [len(found[uid].heading) + len(found[uid].words) + NUMBERED for uid in uids]


@dataclass(frozen=True)
class Piece:
    """A piece as the writing desk shows it: its reasons in words, and why it is told or not."""

    row: ReportMaterial
    reasons: list[str]
    why: str


def pieces(report: Report) -> tuple[list[Piece], list[Piece]]:
    """(told in their order, left out best first)."""
    found = list(ReportMaterial.objects.filter(report=report))
    told_rows = sorted((row for row in found if row.order is not None), key=lambda row: row.order or 0)
    left = sorted((row for row in found if row.order is None), key=lambda row: row.rank)
    names = {row.title.partition(" ")[2]: row.title for row in told_rows}
    return (
        [Piece(row, reasons(Facts(**row.facts)), "") for row in told_rows],
        [Piece(row, reasons(Facts(**row.facts)), _why_not(report, row, names)) for row in left],
    )


def _why_not(report: Report, row: ReportMaterial, names: Mapping[str, str]) -> str:
    if row.by_hand:
        return _("写稿时去掉了")
    if not row.facts["story"]:
        return _("没有写经过，只有数")
    same = names.get(row.title.partition(" ")[2])
    if same:
        return _("同一活动已写 %(title)s") % {"title": same.partition(" ")[0]}
    return _("排在第 %(rank)s，这类文书最多 %(limit)s 条、%(length)s 字") % {
        "rank": row.rank,
        "limit": report.form.material_limit,
        "length": report.form.length,
    }


FEATURE_NAMES = {
    "size": gettext_lazy("规模"),
    "change": gettext_lazy("变化"),
    "rarity": gettext_lazy("少有"),
    "spread": gettext_lazy("普遍"),
    "photo": gettext_lazy("照片"),
    "story": gettext_lazy("经过"),
    "fresh": gettext_lazy("上次未用"),
}


@dataclass(frozen=True)
class Line:
    """A piece in the table of the ranking: its features in the order of FEATURES."""

    row: ReportMaterial
    features: list[int]
    reasons: list[str]


def lines(report: Report) -> list[Line]:
    """Every piece in its rank, with the features from which its score was computed."""
    found = ReportMaterial.objects.filter(report=report).order_by("rank")
    computed = ((row, Facts(**row.facts)) for row in found)
    return [Line(row, [*rules.features(known_facts).values()], reasons(known_facts)) for row, known_facts in computed]


def named_weights(report: Report) -> list[tuple[str | Promise, int]]:
    """(feature, weight) of the form, in the order of FEATURES."""
    own = weights(report)
    return [(FEATURE_NAMES[name], own.get(name, 0)) for name in rules.FEATURES]


def reasons(known_facts: Facts) -> list[str]:
    """What speaks for the piece and what against, each with the numbers that it was computed from."""
    said = [_size(known_facts), _change(known_facts), _rarity(known_facts), _spread(known_facts)]
    if known_facts.photos:
        said.append(_("照片 %(count)s 张") % {"count": known_facts.photos})
    if known_facts.story:
        said.append(_("有经过"))
    if known_facts.used:
        said.append(_("上次用过"))
    return [each for each in said if each]


def _size(known_facts: Facts) -> str:
    if not known_facts.size or not known_facts.target:
        return ""
    share = round(known_facts.size * 100 / known_facts.target)
    if known_facts.planned:
        return _("%(size)s，达到计划 %(target)s 的 %(share)s%%") % {
            "size": known_facts.size,
            "target": known_facts.target,
            "share": share,
        }
    return _("%(size)s，是同类平均 %(target)s 的 %(share)s%%") % {
        "size": known_facts.size,
        "target": known_facts.target,
        "share": share,
    }


def _change(known_facts: Facts) -> str:
    if not known_facts.previous or known_facts.previous == known_facts.size:
        return ""
    return _("上一场 %(previous)s，这一场 %(size)s") % {"previous": known_facts.previous, "size": known_facts.size}


def _rarity(known_facts: Facts) -> str:
    if known_facts.siblings == 1:
        return _("有特色：本期只此一场")
    return _("本期同类 %(count)s 场") % {"count": known_facts.siblings}


def _spread(known_facts: Facts) -> str:
    if known_facts.units < 2 or not known_facts.reached:
        return ""
    return _("有普遍性：%(units)s 个下级单位里 %(reached)s 个参加") % {
        "units": known_facts.units,
        "reached": known_facts.reached,
    }
