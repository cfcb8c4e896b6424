"""script/manage import_workbook FILE: bring a workbook in, all of its rows or none."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwen.core.errors import ProductError
from chuangwen.core.models import Import, ImportState
from chuangwen.interop import queries, services
from chuangwen.people.access import get_unit
from chuangwen.people.rules import Perm
from chuangwen.people.services import operator

CHUNK = 1024 * 1024


class Command(BaseCommand):
    help = "Import a workbook; with --dry-run only check it. Exit 1 when a row is bad: then nothing was imported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", default="demo-primary", help="code of the unit whose records they are")
        parser.add_argument("--coordinates", default="", choices=["", "wgs84", "gcj02", "bd09"], help="of positions")
        parser.add_argument("--dry-run", action="store_true", help="check only, import nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        try:
            actor = operator()
            unit = get_unit(actor, Perm.IMPORT_RUN, code=options["unit"])
            with path.open("rb") as file:
                chunks = iter(lambda: file.read(CHUNK), b"")
                taken = services.take_workbook(
                    actor, unit=unit, name=path.name, chunks=chunks, coordinates=options["coordinates"]
                )
        except ProductError as problem:
            raise CommandError(f"{problem.message or options['unit'] + ': no such unit'} {problem.mend}") from problem
        done = services.check(taken) if options["dry_run"] else services.bring_in(taken)
        self._print(done, as_json=options["json"])
        if done.state not in {ImportState.READY, ImportState.DONE}:
            sys.exit(1)

    def _print(self, done: Import, *, as_json: bool) -> None:
        problems = queries.explained(done.problems)
        if as_json:
            said = {
                "import": str(done.uid),
                "state": done.state,
                "sheets": done.sheets,
                "problem_count": done.problem_count,
                "problems": problems,
                "notes": queries.notes(done),
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
            return
        for sheet in done.sheets:
            self.stdout.write(f"{sheet['sheet']}: {sheet['noun']}, {sheet['rows']} rows")
        for each in problems:
            place = " ".join(str(part) for part in (each["sheet"], each["row"] or "", each["column"]) if part)
            self.stdout.write(f"{place}: {each['what']}。{each['mend']}")
        self.stdout.write(str(done.get_state_display()))
