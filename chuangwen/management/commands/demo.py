"""script/manage demo: builds the demo city, or prints its logins."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwen.core.errors import ProductError
from chuangwen.demo import city


class Command(BaseCommand):
    help = "Build the demo city (small: seconds; full: 118 units)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=["small", "full"], default="small")
        parser.add_argument("--today", type=date.fromisoformat, help="the day to which living records are relative")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when a city is there")
        parser.add_argument("--logins", action="store_true", help="print the demo logins and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["logins"]:
            self._logins()
            return
        if options["if_empty"] and not city.is_empty():
            return
        self.stdout.write("building the demo city …")
        try:
            city.build(size=options["size"], today=options["today"])
        except ProductError as problem:
            raise CommandError(f"{problem.message}; {problem.mend}") from problem
        self.stdout.write("the demo city is there")

    def _logins(self) -> None:
        if not city.is_there():
            return
        for each in city.LOGINS:
            self.stdout.write(f"  {each.login:<14}{city.PASSWORD}    {each.name}")
