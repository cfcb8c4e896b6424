"""script/manage load_reference: roles, kinds, figures and report forms as the reference files say them."""

from typing import Any

from django.core.management.base import BaseCommand

from chuangwen import reference_data


class Command(BaseCommand):
    help = "Load reference data; safe to repeat."

    def handle(self, *_args: Any, **options: Any) -> None:
        for table, rows in reference_data.load().items():
            if options["verbosity"] > 1:
                self.stdout.write(f"{table}: {rows}")
