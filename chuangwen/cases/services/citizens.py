"""What citizens do, through the door: they report, say whether it was solved, and are forgotten again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.cases import queries, workflow
from chuangwen.cases.door import MOST_PHOTOS, code_for
from chuangwen.cases.models import Case, CaseCategory, CaseStep, Channel, Reporter
from chuangwen.cases.services.given import Given
from chuangwen.cases.services.moving import held, move_by_code
from chuangwen.cases.services.opening import Opened, Opening, ReporterGiven, open_case
from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.secrets import shown
from chuangwen.evidence import queries as evidence
from chuangwen.evidence.models import Evidence, EvidenceUse
from chuangwen.people.access import Viewer, require
from chuangwen.people.rules import Perm, token_digest

TITLE_SIGNS = 60
# What a citizen may bring; the category is what they take it for, and the office files it as what it is.
KINDS = ("report", "suggestion", "complaint")


@dataclass(frozen=True)
class CitizenReport:
    """What the page sends. `uid` and `key` are of the device's making; `photos` were handed in before, by uid."""

    uid: UUID
    key: str
    kind: str = "report"
    category: CaseCategory | None = None
    text: str = ""
    address: str = ""
    point: tuple[float, float] | None = None
    photos: Sequence[UUID] = ()
    name: str = ""
    contact: str = ""


def report(door: Viewer, sent: CitizenReport) -> Opened:
    """A case from a citizen, with the code to follow it. The same uid and key again give the same case and code.

    Raises Refused for what will not do, Conflict for a uid that is somebody else's.
    """
    there = known_report(door, sent.uid)
    code = code_for(sent.uid, sent.key)
    if there is None:
        _check(sent)
        photos = photos_of(door, sent.photos, subject=sent.uid)
        there = open_case(door, _opening(door, sent, photos, code)).case
    if not Reporter.objects.filter(case=there, code_digest=token_digest(code)).exists():
        raise Conflict(_("这件已经从别的手机报过了"), mend=_("凭当时给的查询码查进度"))
    return Opened(there, code)


def known_report(door: Viewer, uid: UUID) -> Case | None:
    """Whether this report came already: then it is no new one, and counts as none."""
    return Case.everything.filter(uid=uid, opened_by=door.person.pk).first()


def _check(sent: CitizenReport) -> None:
    if sent.kind not in KINDS:
        raise Refused(_("没有这种事项"), where="kind", mend=_("从列表里选"))
    if sent.kind == "report":
        if not sent.photos and not sent.text.strip():
            raise Refused(_("没有照片，也没有写是什么事"), where="photos", mend=_("拍一张，或写一句"))
        if sent.category is None:
            raise Refused(_("没有选是哪一类"), where="category", mend=_("点一个最像的，分错了有人会改"))
        if sent.point is None and not sent.address.strip():
            raise Refused(_("没有说在哪里"), where="point", mend=_("用我的位置，或在图上点，或写一句"))
    elif not sent.text.strip():
        raise Refused(_("没有写内容"), where="text", mend=_("写一句再发"))


def _opening(door: Viewer, sent: CitizenReport, photos: list[Evidence], code: str) -> Opening:
    return Opening(
        kind=sent.kind,
        title=_title(sent),
        text=sent.text,
        opened_for=door.person.unit,
        category=sent.category,
        address=sent.address,
        point=sent.point,
        channel=Channel.CITIZEN,
        photos=photos,
        reporter=ReporterGiven(sent.name, sent.contact, code),
        uid=sent.uid,
    )


def _title(sent: CitizenReport) -> str:
    """The first line that they wrote, else what they took it for."""
    first = next((line.strip() for line in sent.text.splitlines() if line.strip()), "")
    if first:
        return first if len(first) <= TITLE_SIGNS else f"{first[: TITLE_SIGNS - 1]}…"
    return sent.category.name if sent.category else ""


def photos_of(door: Viewer, uids: Sequence[UUID], *, subject: UUID) -> list[Evidence]:
    """The photos behind these uids, if they came through the door and belong to no other case. Raises Refused."""
    if len(set(uids)) > MOST_PHOTOS:
        raise Refused(_("照片太多"), where="photos", mend=_("最多 %(count)s 张，留最清楚的") % {"count": MOST_PHOTOS})
    found = evidence.photos(door, uids)
    photos = [found[uid] for uid in dict.fromkeys(uids) if uid in found and found[uid].made_by_id == door.person.pk]
    used = EvidenceUse.objects.filter(evidence__in=photos).exclude(subject_uid=subject)
    if len(photos) < len(set(uids)) or used.exists():
        raise Refused(_("有一张照片没有收到"), where="photos", mend=_("去掉它，重新拍一张"))
    return photos


# ---- with the code ----


def dispute(door: Viewer, case: Case, *, reason: str, photos: Sequence[UUID] = ()) -> Case:
    """The case is taken up again, because it was not solved. The same words again, as of a second press, do nothing."""
    with transaction.atomic():
        now = held(case)
        last = CaseStep.objects.filter(case=now, verb="dispute").order_by("-id").first()
        if now.is_open and last and last.text == reason.strip():
            return now
        given = Given(reason=reason, photos=photos_of(door, photos, subject=now.uid))
        moved = move_by_code(door, case=now, verb="dispute", given=given)
        Reporter.objects.filter(case=moved).update(satisfied=False)
        return moved


@transaction.atomic
def satisfied(door: Viewer, case: Case) -> Case:
    """Whoever brought it says that it is well. Once said, it is said."""
    require(door, Perm.CASE_REPORT, case.unit)
    now = held(case)
    if now.state not in workflow.DONE:
        raise Refused(_("还没有办完"), mend=_("办完以后再来说满不满意"))
    if Reporter.objects.filter(case=now).exclude(satisfied=True).update(satisfied=True):
        _record("case.satisfied", door, now)
    return now


def _record(verb: str, actor: Viewer, case: Case, detail: str = "") -> None:
    events.record(verb, actor_uid=actor.uid, noun="case", subject_uid=case.uid, unit_uid=case.unit.uid, detail=detail)


# ---- who it was ----


@dataclass(frozen=True)
class Named:
    """Name and telephone as they were left; either may be empty."""

    name: str
    contact: str


@transaction.atomic
def see_reporter(actor: Viewer, *, uid: UUID) -> Named:
    """Read who brought a case. Every look is an Event, so that whoever looked can be asked why."""
    case, reporter = _confided(actor, uid)
    _record("case.reporter_seen", actor, case)
    return Named(shown(reporter.name), shown(reporter.contact))


@transaction.atomic
def forget_reporter(actor: Viewer, *, uid: UUID, reason: str) -> Case:
    """Delete name and telephone for good, as whoever left them may ask; the case and its code stay."""
    case, reporter = _confided(actor, uid)
    if not reason.strip():
        raise Refused(_("没有写原因"), where="reason", mend=_("写一句，如“本人要求删除”"))
    if reporter.forgotten_at is None:
        gone = {"name": "", "contact": "", "contact_index": "", "forgotten_at": clock.now()}
        Reporter.objects.filter(pk=reporter.pk).update(**gone)
        _record("case.reporter_forgotten", actor, case, detail=reason.strip())
    return case


def _confided(actor: Viewer, uid: UUID) -> tuple[Case, Reporter]:
    case = queries.case(actor, uid)
    require(actor, Perm.CASE_CONFIDENTIAL, case.unit)
    reporter = Reporter.objects.select_for_update().filter(case=case).first()
    if reporter is None:
        raise Missing
    return case, reporter
