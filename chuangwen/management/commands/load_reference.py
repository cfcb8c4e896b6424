"""script/manage load_reference: roles, kinds, figures and report forms as the reference files say them."""

from typing import Any

from django.core.management.base import BaseCommand

from chuangwen import reference_data
from chuangwen.core import calendar
from chuangwen.metrics.jobs import refresh_days
from chuangwen.metrics.models import Metric
from chuangwen.people.models import Unit


class Command(BaseCommand):
    help = "Load reference data; safe to repeat."

    def handle(self, *_args: Any, **options: Any) -> None:
        before = set(Metric.objects.values_list("pk", flat=True))
        loaded = reference_data.load()
        root = Unit.objects.filter(parent__isnull=True).first()
        if root and set(Metric.objects.values_list("pk", flat=True)) != before:
            # A new figure, or a new version of one, has no day sums yet.
            refresh_days.enqueue(str(root.uid))
        for year in calendar.years_to_enter():
            self.stderr.write(f"no holidays of {year} are known: enter them on the page 设置, 节假日")
        for table, rows in loaded.items():
            if options["verbosity"] > 1:
                self.stdout.write(f"{table}: {rows}")
