"""What pages ask about forms and filled copies. Every query starts from what the viewer may see."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing
from chuangwen.core.events import Fault
from chuangwen.core.models import Event
from chuangwen.core.registry import Ref
from chuangwen.forms.models import Form, FormVersion, Submission
from chuangwen.forms.rules.model import Form as Asked
from chuangwen.forms.rules.parsing import parse
from chuangwen.people.access import Viewer, pick_unit
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm, ancestor_paths
from chuangwen.places.models import Place, PlaceType
from chuangwen.places.queries import seen as seen_places

SUBMISSION_LABEL = pgettext_lazy("noun", "填报")
PANEL_COPIES = 5


def _reached(viewer: Viewer) -> Q:
    """A form is for its unit and all below it: whoever may see forms sees those of their units and of units above."""
    found = viewer.scope(Perm.FORM_VIEW)
    above = {path for own in viewer.paths(Perm.FORM_VIEW) for path in ancestor_paths(own)}
    return found | Q(unit__path__in=above) | (Q(unit__isnull=True) if above else Q(pk__in=[]))


def forms(viewer: Viewer) -> QuerySet[Form]:
    """The forms that are in use, with their current version and how many copies the viewer may see."""
    return _with_counts(viewer, Form.objects.filter(_reached(viewer), retired_on__isnull=True))


def _with_counts(viewer: Viewer, rows: QuerySet[Form]) -> QuerySet[Form]:
    current = FormVersion.objects.filter(form=OuterRef("pk"), retired_at__isnull=True)
    seen = Submission.objects.filter(viewer.scope(Perm.FORM_VIEW), version__form=OuterRef("pk")).order_by()
    counted = seen.values("version__form").annotate(count=Count("pk")).values("count")
    return rows.select_related("place_type", "unit").annotate(
        number=Subquery(current.values("number")[:1]),
        questions=Subquery(current.values("questions")[:1]),
        filled=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)),
    )


def form(viewer: Viewer, code: str) -> Form:
    """Also one that is retired: its copies stand."""
    found = _with_counts(viewer, Form.objects.filter(_reached(viewer), code=code)).first()
    if found is None:
        raise Missing
    return found


def versions(viewer: Viewer, of: Form) -> QuerySet[FormVersion]:
    """All versions, newest first, with how many copies of each the viewer may see."""
    seen = Submission.objects.filter(viewer.scope(Perm.FORM_VIEW), version=OuterRef("pk")).order_by()
    counted = seen.values("version").annotate(count=Count("pk")).values("count")
    return of.versions.annotate(filled=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))


def pick_version(of: Form, written: str) -> FormVersion:
    """The version with that number, else the current one, else the last."""
    rows = FormVersion.objects.filter(form=of).order_by("-number")
    found = rows.filter(number=int(written)).first() if written.isdecimal() and len(written) < 6 else rows.first()
    if found is None:
        raise Missing
    return found


def version(viewer: Viewer, uid: UUID) -> FormVersion:
    """A version of a form that the viewer reaches."""
    reached = Form.objects.filter(_reached(viewer))
    found = FormVersion.objects.select_related("form__place_type").filter(uid=uid, form__in=reached).first()
    if found is None:
        raise Missing
    return found


@lru_cache(maxsize=64)
def _parsed(_digest: str, key: int) -> Asked:
    return parse(FormVersion.objects.values_list("source", flat=True).get(pk=key))


def asked(of: FormVersion) -> Asked:
    """The version as it asks. It never changes, so that it is read once."""
    return _parsed(of.digest, of.pk)


def may_manage(viewer: Viewer, of: Form) -> bool:
    """Of a form that came with the product: who manages the forms of a whole city."""
    if of.unit is not None:
        return viewer.can(Perm.FORM_MANAGE, of.unit)
    return any(len(ancestor_paths(path)) == 1 for path in viewer.paths(Perm.FORM_MANAGE))


def may_withdraw(viewer: Viewer, row: Submission) -> bool:
    """Whoever fills forms for the unit; the event says who did it and why."""
    return viewer.can(Perm.FORM_FILL, row.unit)


def filling_unit(viewer: Viewer, code: str | None) -> Unit:
    """For which unit somebody fills a form: the one named, else their own, else the highest for which they may."""
    own = viewer.person.unit
    if not code and viewer.can(Perm.FORM_FILL, own):
        return own
    return pick_unit(viewer, Perm.FORM_FILL, code)


def submissions(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Submission]:
    found = Submission.objects.filter(viewer.scope(Perm.FORM_VIEW))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return _with_all(found)


def _with_all(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    return rows.select_related("version__form__place_type", "unit", "place", "filled_by").defer(
        "answers", "version__source"
    )


def submission(viewer: Viewer, uid: UUID) -> Submission:
    """Also one that was withdrawn."""
    rows = Submission.everything.filter(viewer.scope(Perm.FORM_VIEW), uid=uid)
    found = rows.select_related("version__form__place_type", "unit", "place__type", "filled_by").first()
    if found is None:
        raise Missing
    return found


def history(row: Submission) -> list[Event]:
    """What happened to a filled copy, newest first."""
    return list(Event.objects.filter(noun="submission", subject_uid=row.uid).select_related("detail").order_by("-id"))


def places_for(viewer: Viewer, of: Form, words: str = "") -> QuerySet[Place]:
    """The open places of the form's type that the viewer may see."""
    seen = Place.objects.filter(seen_places(viewer), type=of.place_type_id, closed_on__isnull=True)
    found = seen.select_related("unit", "type")
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(code__iexact=word))
    return found.order_by("name", "id")


def place(viewer: Viewer, uid: UUID) -> Place:
    found = Place.objects.filter(seen_places(viewer), uid=uid).select_related("type", "unit").first()
    if found is None:
        raise Missing
    return found


def submission_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    seen = Submission.everything.filter(viewer.scope(Perm.FORM_VIEW), uid__in=uids)
    return {
        row.uid: Ref(row.uid, str(row), reverse("submission", args=[row.uid]), row.source_label)
        for row in seen.select_related("version__form", "place", "source__file").defer("version__source", "answers")
    }


def submission_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """Digest of each that stands: what was answered, where, for whom and when."""
    rows = Submission.objects.filter(uid__in=uids).values_list("uid", "digest", "unit_id", "place_id", "day")
    return {uid: digest(values) for uid, *values in rows}


def digest_of(version_digest: str, place_uid: UUID | None, answers: Mapping[str, object]) -> str:
    """What a filled copy says: its form word for word, its place, its answers."""
    return digest({"version": version_digest, "place": place_uid, "answers": answers})


def verify_forms() -> Iterator[Fault]:
    """Versions that no longer say what they said, and copies whose form or answers are not those handed in."""
    for version_row in FormVersion.objects.select_related("form").iterator(chunk_size=200):
        if digest(version_row.source) != version_row.digest:
            yield Fault(f"form {version_row.form.code} v{version_row.number}", "its questions were altered")
    rows = Submission.everything.select_related("version", "place").defer("version__source")
    for row in rows.iterator(chunk_size=500):
        if row.version_digest != row.version.digest:
            yield Fault(f"submission {row.uid}", "its form is not the one that was filled")
        if digest_of(row.version_digest, row.place.uid if row.place else None, row.answers) != row.digest:
            yield Fault(f"submission {row.uid}", "its answers were altered")


def place_panel(viewer: Viewer, of: Place) -> dict[str, Any] | None:
    """Which checklists are for such a place, and what was last found there; None where the viewer sees no forms."""
    if not viewer.can(Perm.FORM_VIEW):
        return None
    open_still = not of.closed_on and not of.withdrawn_at
    fitting = list(forms(viewer).filter(place_type=of.type_id)) if open_still else []
    copies = list(submissions(viewer).filter(place=of).order_by("-filled_at")[:PANEL_COPIES])
    if not fitting and not copies:
        return None
    may_fill = viewer.can(Perm.FORM_FILL) and Place.objects.filter(seen_places(viewer), pk=of.pk).exists()
    return {"forms": fitting, "copies": copies, "place": of, "may_fill": may_fill}


def types_with_forms() -> list[tuple[str, PlaceType]]:
    """The types of place for which there is a form: a filter's choices."""
    return [(row.code, row) for row in PlaceType.objects.filter(forms__isnull=False).distinct()]


def form_choices(viewer: Viewer) -> list[tuple[str, Form]]:
    """The forms that the viewer reaches, also those out of use, whose copies stand: a filter's choices."""
    return [(row.code, row) for row in Form.objects.filter(_reached(viewer))]
