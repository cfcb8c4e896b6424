"""What pages ask about evidence. Every query starts from what the viewer may see."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event, StoredFile
from chuangwen.core.registry import Ref, noun, resolve
from chuangwen.evidence import rules
from chuangwen.evidence.models import CopyRole, Evidence, EvidenceCopy, EvidenceUse, Kind, Redaction, State
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm
from chuangwen.places.geometry import metres_between_points
from chuangwen.places.models import Layer, Place
from chuangwen.places.queries import seen as seen_places

EVIDENCE_LABEL = pgettext_lazy("noun", "佐证")
ORIGINAL = "original"
PANEL_PHOTOS = 6
MOST_OFFERED = 500
MOST_SPACES = 8
BANDS = ("band_1", "band_2", "band_3", "band_4")


def _shown(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    copies = EvidenceCopy.objects.select_related("file")
    return rows.select_related("file", "unit", "place__unit", "made_by").prefetch_related(
        Prefetch("copies", queryset=copies)
    )


def evidence(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Evidence]:
    """What stands, with all that a list shows."""
    found = Evidence.objects.filter(viewer.scope(Perm.EVIDENCE_VIEW))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return _shown(found)


def piece(viewer: Viewer, uid: UUID) -> Evidence:
    """One photo or file, also one that was withdrawn: a document may still lead to it."""
    rows = _shown(Evidence.everything.filter(uid=uid))
    found = rows.filter(viewer.scope(Perm.EVIDENCE_VIEW)).first() or _as_proof(viewer, rows.first())
    if found is None:
        raise Missing
    return found


def _as_proof(viewer: Viewer, row: Evidence | None) -> Evidence | None:
    """A photo of another unit that a record shows to everybody who sees the record."""
    if row is None or row.withdrawn_at:
        return None
    uses = EvidenceUse.objects.filter(evidence=row).values_list("noun", "subject_uid")
    shown = any(noun(key).shows_proof and resolve(key, viewer, [subject]) for key, subject in uses)
    return row if shown else None


def photos(viewer: Viewer, uids: Collection[UUID]) -> dict[UUID, Evidence]:
    """Of these uids, those that stand and that the viewer may see, whatever their state."""
    return {row.uid: row for row in evidence(viewer).filter(uid__in=uids)}


def photos_of(viewer: Viewer, noun_key: str, subject_uid: UUID) -> list[Evidence]:
    """What a record uses as its proof, in the order in which it was declared; what the viewer may see of it."""
    uses = EvidenceUse.objects.filter(noun=noun_key, subject_uid=subject_uid).order_by("id")
    order = list(uses.values_list("evidence__uid", flat=True))
    found = photos(viewer, order)
    return [found[uid] for uid in order if uid in found]


def may_see_original(viewer: Viewer, row: Evidence) -> bool:
    """The original holds the camera's data and what was covered. A file that is no photo has only its original."""
    if not row.is_photo and row.withdrawn_at is None:
        return viewer.can(Perm.EVIDENCE_VIEW, row.unit)
    return viewer.can(Perm.EVIDENCE_REDACT, row.unit) or row.made_by_id == viewer.person.pk


def may_change(viewer: Viewer, row: Evidence) -> bool:
    """Who may caption and withdraw it: its maker, while they may hand in, and whoever may cover its parts."""
    if row.withdrawn_at or not viewer.can(Perm.EVIDENCE_ADD, row.unit):
        return False
    return row.made_by_id == viewer.person.pk or viewer.can(Perm.EVIDENCE_REDACT, row.unit)


def may_redact(viewer: Viewer, row: Evidence) -> bool:
    return row.is_photo and not row.withdrawn_at and viewer.can(Perm.EVIDENCE_REDACT, row.unit)


def current_copy(row: Evidence, role: str) -> StoredFile | None:
    """The copy that is served: of the present edition, and of none before it."""
    if row.withdrawn_at or not row.is_ready:
        return None
    return next((each.file for each in row.copies.all() if each.role == role and each.edition == row.edition), None)


def served(viewer: Viewer, uid: UUID, role: str, sha256: str) -> StoredFile:
    """The file behind an address; Missing for a copy that is no longer the present one."""
    row = piece(viewer, uid)
    found = row.file if role == ORIGINAL and may_see_original(viewer, row) else current_copy(row, role)
    if found is None or found.sha256 != sha256:
        raise Missing
    return found


def file_url(row: Evidence, role: str) -> str:
    """The address of a copy, with its digest, so that browsers may keep it; empty while there is none."""
    found = row.file if role == ORIGINAL else current_copy(row, role)
    return reverse("evidence-file", args=[row.uid, role, found.sha256]) if found else ""


def thumbnail_url(row: Evidence) -> str:
    return file_url(row, CopyRole.THUMBNAIL)


def public_url(row: Evidence) -> str:
    return file_url(row, CopyRole.PUBLIC)


# ---- the same or nearly the same ----


@dataclass
class Twin:
    """Another photo that is the same or nearly so; `metres` between the two, where both are known."""

    evidence: Evidence
    bits: int
    same_bytes: bool
    metres: int | None


@dataclass
class Alike:
    """What is alike: what the viewer may see, nearest first, and how many more there are elsewhere."""

    twins: list[Twin] = field(default_factory=list)
    elsewhere: int = 0

    def __bool__(self) -> bool:
        return bool(self.twins or self.elsewhere)


def alike_keys(row: Evidence) -> dict[int, int]:
    """primary key → differing bits of all that stands and is the same file or within ALIKE_BITS; whoever may see it.

    Asks four indexes for the bands that differ in at most one bit, which finds every hash within 7 bits.
    """
    others = Evidence.objects.exclude(pk=row.pk).order_by()
    found = dict.fromkeys(others.filter(file__sha256=row.file.sha256).values_list("pk", flat=True), 0)
    own = row.phash
    if own is None:
        return found
    for key, *parts in others.filter(near_bands(row)).values_list("pk", *BANDS):
        bits = rules.distance(own, rules.whole(parts))
        if bits <= rules.ALIKE_BITS:
            found[key] = min(bits, found.get(key, bits))
    return found


def near_bands(row: Evidence) -> Q:
    """Whose bands can be within 7 bits of a photo's."""
    near = Q()
    for name, band in zip(BANDS, rules.bands(row.phash or 0), strict=True):
        near |= Q(**{f"{name}__in": rules.near(band)})
    return near


def alike(viewer: Viewer, row: Evidence) -> Alike:
    keys = alike_keys(row)
    if not keys:
        return Alike()
    seen = evidence(viewer).filter(pk__in=keys)
    twins = [Twin(each, keys[each.pk], each.file.sha256 == row.file.sha256, metres_between(row, each)) for each in seen]
    twins.sort(key=lambda twin: (not twin.same_bytes, twin.bits, twin.evidence.received_at))
    return Alike(twins, len(keys) - len(twins))


def position(row: Evidence) -> rules.Point | None:
    """Where it was taken: its own point, else its place's."""
    return row.point or ((row.place.lon, row.place.lat) if row.place else None)


def metres_between(one: Evidence, other: Evidence) -> int | None:
    here, there = position(one), position(other)
    return round(metres_between_points(here, there)) if here and there else None


# ---- one piece ----


@dataclass(frozen=True)
class Use:
    """A record whose proof this is; `ref` is None where the viewer may not see it."""

    label: str
    ref: Ref | None


def uses(viewer: Viewer, row: Evidence) -> list[Use]:
    by_noun: dict[str, list[UUID]] = {}
    for key, uid in row.uses.order_by("id").values_list("noun", "subject_uid"):
        by_noun.setdefault(key, []).append(uid)
    found: list[Use] = []
    for key, uids in by_noun.items():
        refs = resolve(key, viewer, uids)
        found += [Use(str(noun(key).label), refs.get(uid)) for uid in uids]
    return found


def history(row: Evidence) -> list[Event]:
    """What happened to it, newest first."""
    return list(Event.objects.filter(noun="evidence", subject_uid=row.uid).select_related("detail").order_by("-id"))


def redactions(row: Evidence) -> list[Redaction]:
    return list(row.redactions.select_related("made_by").order_by("id"))


# ---- places ----


def places(viewer: Viewer) -> QuerySet[Place]:
    """Where a photo may be said to be from: the open places of the register that the viewer sees."""
    seen = Place.objects.filter(seen_places(viewer), type__layer=Layer.REGISTER, closed_on__isnull=True)
    return seen.select_related("unit", "type")


def place(viewer: Viewer, uid: UUID) -> Place:
    """Also a closed or withdrawn one, so that the service can say so. Raises Missing."""
    seen = Place.everything.filter(seen_places(viewer), type__layer=Layer.REGISTER, uid=uid)
    found = seen.select_related("unit", "type").first()
    if found is None:
        raise Missing
    return found


def place_written(viewer: Viewer, written: str) -> Place:
    """The place that somebody wrote: by uid, number or name, the latter two with whose register it stands in where
    several have them. Raises Missing, and Refused where it is still not clear which one is meant.
    """
    try:
        return place(viewer, UUID(written))
    except ValueError:
        found = _called(viewer, written)
    if not found:
        raise Missing
    if len(found) > 1:
        raise Refused(_("叫“%(name)s”的点位不止一个") % {"name": written}, where="place", mend=_told_apart(*found))
    return found[0]


def _called(viewer: Viewer, written: str) -> list[Place]:
    """At most two."""
    here = places(viewer)
    if found := list(here.filter(Q(code=written) | Q(name=written))[:2]):
        return found
    in_full = Q(pk__in=[])
    for at in [at for at, sign in enumerate(written) if sign == " "][:MOST_SPACES]:
        head, tail = written[:at], written[at + 1 :]
        keeper = Q(unit__short_name=tail) | Q(unit__name=tail) | Q(unit__name_en=tail)
        in_full |= keeper & (Q(code=head) | Q(name=head))
    return list(here.filter(in_full)[:2])


def _in_full(row: Place) -> str:
    return f"{row.code or row.name} {row.unit.label}"


def _told_apart(one: Place, other: Place) -> str:
    ways = {"one": _in_full(one), "other": _in_full(other)}
    if ways["one"] == ways["other"]:
        return _("先在点位页给它们各写一个编号，再写编号")
    return _("写成“%(one)s”或“%(other)s”这样") % ways


def place_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """What a field offers: the number where there is one, else the name, with whose register it stands in."""
    offered = list(places(viewer).order_by("name")[:MOST_OFFERED])
    written = [each.code or each.name for each in offered]
    times = Counter(written)
    return [
        (said if times[said] == 1 else _in_full(each), f"{each.name} · {each.unit.label}")
        for said, each in zip(written, offered, strict=True)
    ]


def place_panel(viewer: Viewer, place_row: Place) -> dict[str, object] | None:
    """The newest photos of a place, for the place's page; None where there are none to see."""
    rows = evidence(viewer).filter(place=place_row)
    total = rows.count()
    if not total:
        return None
    newest = list(rows.filter(kind=Kind.PHOTO, state=State.READY).order_by("-taken_at", "-id")[:PANEL_PHOTOS])
    return {"total": total, "photos": with_pictures(newest), "url": f"{reverse('evidence')}?place={place_row.uid}"}


@dataclass(frozen=True)
class Picture:
    """A piece of evidence as a page shows it: with the addresses of what this edition shows."""

    row: Evidence
    thumbnail: str
    url: str


def with_pictures(rows: Iterable[Evidence]) -> list[Picture]:
    return [Picture(row, thumbnail_url(row), reverse("evidence-piece", args=[row.uid])) for row in rows]


# ---- the registry ----


def evidence_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    seen = Evidence.everything.filter(viewer.scope(Perm.EVIDENCE_VIEW), uid__in=uids)
    rows = seen.select_related("file", "unit", "place")
    return {row.uid: Ref(row.uid, label(row), reverse("evidence-piece", args=[row.uid])) for row in rows}


def label(row: Evidence) -> str:
    where = row.place.name if row.place else row.said_where
    day = f"{timezone.localtime(row.taken_at):%Y-%m-%d}"
    return " ".join(part for part in (day, row.unit.label, where, str(row)) if part)


def evidence_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """Digest of what a document could depend on: the file, whose it is, when and where."""
    fields = ["file__sha256", "unit_id", "place_id", "taken_at"]
    rows = Evidence.objects.filter(uid__in=uids).values_list("uid", *fields)
    return {uid: digest(values) for uid, *values in rows}


def makers(viewer: Viewer) -> QuerySet[Person]:
    """Who handed in something that the viewer may see."""
    seen = Evidence.objects.filter(viewer.scope(Perm.EVIDENCE_VIEW)).order_by().values("made_by")
    return Person.everything.filter(pk__in=seen).select_related("unit").order_by("unit__path", "code")


def chosen(viewer: Viewer, uids: Sequence[UUID]) -> list[Evidence]:
    """The photos of a selection that have a public copy, in the order of the selection."""
    found = photos(viewer, uids)
    return [found[uid] for uid in dict.fromkeys(uids) if uid in found and current_copy(found[uid], CopyRole.PUBLIC)]


def use_counts(rows: Collection[Evidence]) -> dict[int, int]:
    counted = EvidenceUse.objects.filter(evidence__in=rows).order_by().values("evidence").annotate(count=Count("pk"))
    return {each["evidence"]: each["count"] for each in counted}
