"""script/manage reindex: reads everything that can be searched again and makes the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from chuangwen.core import database, search


class Command(BaseCommand):
    help = "Make the search index anew from the records; searching goes on meanwhile."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for noun, count in search.reindex().items():
            self.stdout.write(f"{noun:<12}{count:>9,}")
        database.refresh_statistics()
