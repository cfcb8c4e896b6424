"""script/manage beat: the one clock that calls what must happen regularly."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from chuangwen.cases.services import watch_deadlines
from chuangwen.core import events, jobs, search
from chuangwen.core.idempotency import forget_old_keys
from chuangwen.evidence.services import give_up_lost as give_up_lost_photos
from chuangwen.interop.services import give_up_lost
from chuangwen.people.services import send_digests

logger = logging.getLogger("chuangwen.beat")


@dataclass
class Regular:
    call: Callable[[], Any]
    seconds: float
    due: float = 0.0


def forget_old_traces() -> None:
    """What libraries keep of ended jobs, of sessions and of sign-ins: it grows for ever, and nobody asks for it."""
    call_command("prune_db_task_results", min_age_days=7, verbosity=0)
    call_command("clearsessions", verbosity=0)
    call_command("axes_reset_logs", age=30, verbosity=0)


class Command(BaseCommand):
    help = "Seal events, keep the search index, watch deadlines, give back lost jobs, send mails; until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="call everything once and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        regular = [
            Regular(events.seal, 3),
            Regular(search.follow, 3),
            Regular(jobs.reap, 30),
            Regular(give_up_lost, 60),
            Regular(give_up_lost_photos, 60),
            Regular(watch_deadlines, 60),
            Regular(send_digests, 30),
            Regular(forget_old_keys, 3600),
            Regular(forget_old_traces, 24 * 3600),
        ]
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_signal: stop.set())
        while not stop.is_set():
            for each in regular:
                if each.due <= monotonic():
                    self._call(each)
            if options["once"]:
                return
            stop.wait(0.5)

    @staticmethod
    def _call(each: Regular) -> None:
        # A busy or restarting database must not stop the clock: the next round tries again.
        try:
            each.call()
        except DatabaseError:
            logger.exception("beat: %s failed, trying again", each.call.__name__)
        each.due = monotonic() + each.seconds
        close_old_connections()
