"""script/manage serve: the web server of the product (waitress)."""

from argparse import ArgumentParser
from typing import Any

import waitress
from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.servers.basehttp import get_internal_wsgi_application


class Command(BaseCommand):
    help = "Serve the product on CHUANGWEN_PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Behind a reverse proxy only the loopback address should answer; alone, phones in the office must reach it.
        parser.add_argument("--host", default="0.0.0.0")  # noqa: S104
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *_args: Any, **options: Any) -> None:
        application = get_internal_wsgi_application()
        waitress.serve(application, host=options["host"], port=options["port"], threads=8, ident="chuangwen")
