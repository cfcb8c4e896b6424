"""script/manage write_report: a report of a unit over a period as .docx, or what has moved since an earlier one."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chuangwen.core import files
from chuangwen.core.errors import Missing, ProductError
from chuangwen.people.access import Viewer, get_unit
from chuangwen.people.rules import Perm
from chuangwen.people.services import operator
from chuangwen.reports import docx, material, queries, services, writing
from chuangwen.reports.models import Report

NEEDED = (("--form", "form"), ("--unit", "unit"), ("--from", "start"), ("--to", "end"))


class Command(BaseCommand):
    help = "Write a report; --compare names the figures of an earlier .docx that the records no longer bear out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--form", default="")
        parser.add_argument("--unit", default="")
        parser.add_argument("--from", dest="start", type=date.fromisoformat)
        parser.add_argument("--to", dest="end", type=date.fromisoformat)
        parser.add_argument("--out", type=Path, help="where the .docx goes")
        parser.add_argument("--issue", action="store_true", help="issue it at once, else it is a draft")
        parser.add_argument("--json", action="store_true", help="print {figures: {key: {value, definition, rows}}}")
        parser.add_argument("--compare", type=Path, metavar="LAST.docx")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            actor = operator()
            if options["compare"]:
                self._compare(actor, options["compare"], as_json=options["json"])
                return
            report = self._write(actor, options)
        except Missing as missing:
            raise CommandError(f"no such unit, form or document: {options['unit']}, {options['form']}") from missing
        except ProductError as problem:
            raise CommandError(f"{problem.message} {problem.mend}") from problem
        if options["json"]:
            self.stdout.write(json.dumps(self._said(report), ensure_ascii=False, indent=2))
        elif options["out"]:
            self.stdout.write(f"{report.title}: {options['out']}")

    def _write(self, actor: Viewer, options: dict[str, Any]) -> Report:
        missing = [name for name, key in NEEDED if not options[key]]
        if missing:
            raise CommandError(f"to write a report, say {', '.join(missing)}")
        unit = get_unit(actor, Perm.REPORT_WRITE, code=options["unit"])
        form = queries.form(options["form"])
        report = services.write_report(actor, form=form, unit=unit, start=options["start"], end=options["end"])
        if options["issue"]:
            report = services.carry_through(actor, uid=report.uid)
            if services.leads_nowhere():
                self.stderr.write(
                    f"warning: the links lead to {settings.PUBLIC_URL}; set CHUANGWEN_PUBLIC_URL, "
                    "or rewrite them later with script/manage retarget FILE"
                )
        if options["out"] and report.document:
            options["out"].write_bytes(files.read(report.document))
        return report

    def _said(self, report: Report) -> dict[str, Any]:
        figures = {
            figure.snapshot.metric.key: {
                "name": figure.name,
                "value": _exact(figure.text, figure.snapshot.numerator, figure.snapshot.denominator, figure),
                "text": figure.text,
                "definition": figure.snapshot.metric.official_meaning,
                "rows": figure.snapshot.rows.count,
                "digest": figure.snapshot.rows.digest,
                "url": writing.address(figure.code),
            }
            for figure in queries.figures(report)
            if figure.snapshot.subject_uid is None
        }
        told, _left = material.pieces(report)
        return {
            "report": report.code,
            "state": report.state,
            "asOf": min(report.end, timezone.localdate(report.as_of)).isoformat(),
            "figures": figures,
            "material": [
                {
                    "title": piece.row.title,
                    "score": piece.row.score,
                    "facts": piece.row.facts,
                    "record": str(piece.row.subject_uid),
                }
                for piece in told
            ],
        }

    def _compare(self, actor: Viewer, path: Path, *, as_json: bool) -> None:
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        try:
            changed = queries.compare_document(actor, path.read_bytes())
        except docx.BadTemplate as bad:
            raise CommandError(f"{path}: not a Word document") from bad
        if as_json:
            self.stdout.write(json.dumps([_change(each) for each in changed], ensure_ascii=False, indent=2))
        for each in changed if not as_json else []:
            self.stdout.write(f"{each.figure.name}: {each.was} → {each.now}")
            for change, ref in each.rows:
                label = f"{ref.label} ({ref.source})" if ref and ref.source else ref.label if ref else str(change.uid)
                self.stdout.write(f"  {change.kind}: {label}: {_amount(change.before)} → {_amount(change.now)}")
        if not changed and not as_json:
            self.stdout.write("every figure is what the records say")
        if changed:
            sys.exit(1)


def _amount(contribution: int | None) -> str:
    return "-" if contribution is None else str(contribution)


def _exact(text: str, numerator: int, denominator: int | None, figure: Any) -> Any:
    if denominator is not None:
        return {"numerator": numerator, "denominator": denominator}
    if figure.snapshot.metric.shape in {"list_top", "list_zero"}:
        return [] if numerator == 0 else text.split("、")
    if figure.snapshot.metric.shape in {"first_day", "last_day"}:
        return date.fromordinal(numerator).isoformat() if numerator else None
    return text if figure.snapshot.metric.style == "text" else numerator


def _change(each: queries.FigureChange) -> dict[str, Any]:
    rows = [
        {
            "uid": str(change.uid),
            "kind": change.kind,
            "before": change.before,
            "now": change.now,
            "row": ref.label if ref else "",
            "source": ref.source if ref else "",
        }
        for change, ref in each.rows
    ]
    key = each.figure.snapshot.metric.key
    return {"key": key, "name": each.figure.name, "was": each.was, "now": each.now, "rows": rows}
