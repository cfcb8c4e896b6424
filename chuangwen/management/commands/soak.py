"""script/soak NAME: a long proof, whose figure and date go into docs/testing.md. Exit 1 when something did not hold."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwen.bench import runner, soak_cases, soak_forms, soak_import, soak_photos

SOAKS: dict[str, runner.Soak] = {
    "cases": soak_cases.soak,
    "forms": soak_forms.soak,
    "import": soak_import.soak,
    "photos": soak_photos.soak,
}


class Command(BaseCommand):
    help = "Run a long proof; its figure and date go into docs/testing.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help=", ".join(sorted(SOAKS)))
        parser.add_argument("--count", type=int, default=500, help="how many rounds")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            soak = runner.pick("soak", SOAKS, options["name"])
        except runner.UnknownName as unknown:
            raise CommandError(str(unknown)) from unknown
        done = soak(options["count"], options["seed"])
        said = {"name": done.name, "ok": not done.failures, "rounds": done.rounds, "failures": done.failures}
        self.stdout.write(json.dumps(said, ensure_ascii=False))
        if done.failures:
            sys.exit(1)
        runner.note("soak", done.name, done.figure)
