"""script/manage worker: runs background jobs one after another."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run background jobs until stopped."

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("db_worker", interval=0.5, startup_delay=False, verbosity=1)
