"""script/manage bench NAME: measures, prints one JSON object, and exits 1 when a limit is missed."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwen.bench import cases, documents, importing, places, runner, undoing

BENCHES: dict[str, runner.Bench] = {
    "cases": cases.bench,
    "import": importing.bench,
    "places": places.bench,
    "report": documents.bench,
    "undo": undoing.bench,
}


class Command(BaseCommand):
    help = "Measure something against its limits; exit 1 when one is missed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help=", ".join(sorted(BENCHES)))
        parser.add_argument("--note", action="store_true", help="write figures and date into docs/testing.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            bench = runner.pick("bench", BENCHES, options["name"])
        except runner.UnknownName as unknown:
            raise CommandError(str(unknown)) from unknown
        result = bench()
        self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
        if options["note"]:
            measured = result.as_json()["ratios"]
            figure = "; ".join(f"`{key}` {measured[key]} (≤ {limit})" for key, limit in result.limits.items())
            runner.note("bench", result.name, figure)
        if not result.ok:
            sys.exit(1)
