"""script/manage retarget FILE: rewrite the host of a document's links, after the installation moved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chuangwen.reports import docx


class Command(BaseCommand):
    help = "Rewrite the host of the figure links in a .docx to CHUANGWEN_PUBLIC_URL (or --to)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", default=settings.PUBLIC_URL)

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            path.write_bytes(docx.retarget(path.read_bytes(), options["to"]))
        except (OSError, docx.BadTemplate) as error:
            raise CommandError(f"{path}: {error}") from error
        except ValueError as error:
            raise CommandError(f"{options['to']}: write an address like https://cw.example.gov.cn") from error
        self.stdout.write(f"{path}: links lead to {options['to']}")
