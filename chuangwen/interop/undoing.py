"""Undoing an import: what it brought, what stands on that, and how it goes.

Records are withdrawn at one moment, `Import.undone_at`, and never deleted; by that moment a later workbook knows that
it may bring them back. Called by `services` and `queries`.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import importing, jobs, registry
from chuangwen.core.errors import Missing
from chuangwen.core.importing import ImportContext, Importer, Support, Undoing
from chuangwen.core.models import Event, Import, ImportChange, Imported, ImportState
from chuangwen.interop.saving import put
from chuangwen.people.access import Viewer, units_with
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

LISTED = 50
BATCH = 500


def importers_of(import_row: Import, nouns: Collection[str] | None = None) -> list[type[Importer]]:
    """Those of the nouns that the import brought or changed, or of these."""
    if nouns is None:
        nouns = {sheet["noun"] for sheet in import_row.sheets}
    return [importer for importer in importing.importers() if importer.noun in nouns]


def models_of(import_row: Import) -> list[Any]:
    """Each once: two nouns may write into one table."""
    return [*dict.fromkeys(importer.model for importer in importers_of(import_row))]


def require_nouns(actor: Viewer, import_row: Import, nouns: Collection[str] | None = None) -> None:
    """Whoever may not bring a noun in may not take it back either, nor go on with it. Raises Missing."""
    context = ImportContext(actor, Unit.everything.get(uid=import_row.unit_uid), import_row)
    if not all(importer(context).allowed() for importer in importers_of(import_row, nouns)):
        raise Missing


def standing_rows(model: Any, import_row: Import) -> QuerySet[Any]:
    """The records of the import that nobody has withdrawn."""
    rows: QuerySet[Any] = model.objects.filter(source=import_row).order_by()
    return rows


def counts(import_row: Import) -> dict[str, int]:
    """noun → how many of its records stand."""
    found: dict[str, int] = {}
    noun_of = {sheet["sheet"][:40]: sheet["noun"] for sheet in import_row.sheets}
    for model in models_of(import_row):
        by_sheet = standing_rows(model, import_row).values("source_sheet").annotate(count=Count("pk"))
        for row in by_sheet:
            noun = noun_of[row["source_sheet"]]
            found[noun] = found.get(noun, 0) + row["count"]
    return found


def withdraw_rows(import_row: Import, moment: datetime) -> dict[str, int]:
    """Returns how many went, by noun."""
    went = counts(import_row)
    total, gone = sum(went.values()), 0
    for model in models_of(import_row):
        gone += standing_rows(model, import_row).update(withdrawn_at=moment)
        jobs.set_progress(str(import_row.uid), gone, total)
    return went


def restore_changes(import_row: Import) -> dict[str, int]:
    """Give the records that the import changed what they said before. Returns how many, by noun."""
    restored: dict[str, int] = {}
    for importer in importers_of(import_row):
        changes = ImportChange.objects.filter(source=import_row, noun=importer.noun).order_by("pk")
        found = changes.iterator(chunk_size=BATCH)
        while chunk := list(islice(found, BATCH)):
            rows = importer.model.everything.in_bulk([each.subject_uid for each in chunk], field_name="uid")
            for change in chunk:
                put(rows[change.subject_uid], change.before)
            names = sorted({name for change in chunk for name in change.before})
            importer.model.everything.bulk_update(rows.values(), names, batch_size=200)
            importer.settle(list(rows))
            restored[importer.noun] = restored.get(importer.noun, 0) + len(chunk)
    return restored


def supports(viewer: Viewer, import_row: Import) -> list[Support]:
    """What stands on the records of the import: first what keeps it from being undone, then what is only said."""
    found = _Standing(viewer, import_row)
    own = [*found.dependents(), *found.touched(), *found.changed_later(), *found.skipped_later()]
    upper = importing.supports(Undoing(viewer, import_row, found.uids))
    return sorted([*own, *upper], key=lambda support: not support.refuses)


class _Standing:
    """What the engine itself knows to stand on the records of an import."""

    def __init__(self, viewer: Viewer, import_row: Import) -> None:
        self.viewer, self.source = viewer, import_row

    @cached_property
    def changed(self) -> list[UUID]:
        return list(self.source.changes.values_list("subject_uid", flat=True))

    @cached_property
    def uids(self) -> frozenset[UUID]:
        rows = (standing_rows(model, self.source) for model in models_of(self.source))
        return frozenset(self.changed).union(*(each.values_list("uid", flat=True) for each in rows))

    def dependents(self) -> Iterator[Support]:
        """Rows of other tables, or of other imports, that point to a record of this import."""
        along = [rows for each in importers_of(self.source) if (rows := each.along(self.source)) is not None]
        for model in models_of(self.source):
            for relation in model._meta.related_objects:
                related = relation.related_model
                if relation.many_to_many or importing.is_dependent(related):
                    continue
                name = relation.field.name
                asked = {f"{name}__source": self.source, f"{name}__withdrawn_at__isnull": True}
                rows = related._base_manager.filter(**asked)
                if issubclass(related, Imported):
                    rows = rows.filter(withdrawn_at__isnull=True).exclude(source=self.source)
                for made in along:
                    if made.model is related:
                        rows = rows.exclude(pk__in=made.order_by().values("pk"))
                if count := rows.count():
                    yield self._dependent(model, related, rows, count)

    def _dependent(self, model: Any, related: Any, rows: QuerySet[Any], count: int) -> Support:
        said = {"count": count, "what": related._meta.verbose_name, "record": model._meta.verbose_name}
        reason = _("%(count)s 条%(what)s用着这里的%(record)s") % said
        lines: list[tuple[str, str]] = []
        if issubclass(related, Imported):
            brought = rows.filter(source__isnull=False).values_list("source", flat=True).distinct()
            lines = self._imports(list(brought))
            rows = rows.filter(source__isnull=True)
        lines += self._records(related._meta.model_name, rows)
        return Support(reason, _("先撤回后来的导入，或者逐条撤回"), lines, count)

    def touched(self) -> Iterator[Support]:
        """Records that a person changed or judged in the page since."""
        done = Event.objects.filter(verb="import.done", subject_uid=self.source.uid).order_by("id").last()
        since = Event.objects.filter(id__gt=done.pk if done else 0)
        asked: list[Any] = [standing_rows(model, self.source).values("uid") for model in models_of(self.source)]
        found: dict[str, set[UUID]] = {}
        for uids in (*asked, self.changed):
            for noun, uid in since.filter(subject_uid__in=uids).values_list("noun", "subject_uid"):
                found.setdefault(noun, set()).add(uid)  # type: ignore[arg-type]
        for noun, subjects in found.items():
            reason = _("%(count)s 条导入以后在页面上改过") % {"count": len(subjects)}
            yield Support(reason, _("先逐条撤回，再撤回整个导入"), self._lines(noun, subjects), len(subjects))

    def changed_later(self) -> Iterator[Support]:
        """Records that a later import changed: what it put there would be lost, or come to stand on nothing."""
        others = ImportChange.objects.filter(source__state=ImportState.DONE).exclude(source=self.source)
        found: dict[int, int] = {}
        asked = [standing_rows(model, self.source).values("uid") for model in models_of(self.source)]
        for rows in (*(others.filter(subject_uid__in=uids) for uids in asked), self._later(others)):
            for row in rows.order_by().values("source").annotate(count=Count("pk")):
                found[row["source"]] = found.get(row["source"], 0) + row["count"]
        if found:
            reason = _("之后的导入改过这里的 %(count)s 条") % {"count": sum(found.values())}
            yield Support(reason, _("先撤回后来的那次导入"), self._imports([*found]), sum(found.values()))

    def _later(self, others: QuerySet[ImportChange]) -> QuerySet[ImportChange]:
        """Of the records that this import changed itself: the changes of one import lie together."""
        mine = self.source.changes.order_by("-pk").first()
        if mine is None:
            return others.none()
        return others.filter(pk__gt=mine.pk, subject_uid__in=self.source.changes.values("subject_uid"))

    def skipped_later(self) -> Iterator[Support]:
        """A warning: later workbooks held the same rows and left them out, because these were there."""
        nouns = {sheet["noun"] for sheet in self.source.sheets}
        later = Import.objects.filter(unit_uid=self.source.unit_uid, pk__gt=self.source.pk, state=ImportState.DONE)
        found = {
            row.pk: count
            for row in later.only("sheets")
            if (count := sum(sheet.get("skipped", 0) for sheet in row.sheets if sheet["noun"] in nouns))
        }
        if found:
            reason = _("之后的导入因为“以前导入过”跳过了 %(count)s 行，其中可能有这里的行") % {
                "count": sum(found.values())
            }
            mend = _("撤回以后，把那些表再传一次，跳过的行会补上")
            yield Support(reason, mend, self._imports([*found]), sum(found.values()), refuses=False)

    def _imports(self, keys: list[int]) -> list[tuple[str, str]]:
        units = set(units_with(self.viewer, Perm.IMPORT_RUN).values_list("uid", flat=True))
        rows = Import.objects.filter(pk__in=keys).select_related("file").order_by("-pk")
        seen = [row for row in rows[:LISTED] if row.unit_uid in units]
        return [(f"{row.file.name}（{_at(row)}）", reverse("import", args=[row.uid])) for row in seen]

    def _records(self, noun: str, rows: QuerySet[Any]) -> list[tuple[str, str]]:
        if not hasattr(rows.model, "uid"):
            return []
        return self._lines(noun, set(rows.values_list("uid", flat=True)[:LISTED]))

    def _lines(self, noun: str, uids: set[UUID]) -> list[tuple[str, str]]:
        """As many as a person reads, of those that the viewer may see."""
        try:
            refs = registry.resolve(noun, self.viewer, sorted(uids)[:LISTED])
        except KeyError:
            return []
        return sorted((ref.label, ref.url) for ref in refs.values())


def _at(import_row: Import) -> str:
    return timezone.localtime(import_row.created_at).strftime("%Y-%m-%d %H:%M")
