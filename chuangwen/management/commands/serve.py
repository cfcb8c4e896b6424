"""script/manage serve: the web server of the product (waitress)."""

import signal
import sys
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
        # The way in which script/server and every process manager ask it to stop.
        signal.signal(signal.SIGTERM, _leave)
        waitress.serve(
            application, host=options["host"], port=options["port"], threads=8, ident="chuangwen", **_proxy()
        )


def _proxy() -> dict[str, Any]:
    """Without this every visitor would have the proxy's address, and one could lock out all."""
    if not settings.TRUSTED_PROXY:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    return {
        "trusted_proxy": settings.TRUSTED_PROXY,
        "trusted_proxy_headers": headers,
        "clear_untrusted_proxy_headers": True,
    }


def _leave(*_signal: object) -> None:
    sys.exit(0)
