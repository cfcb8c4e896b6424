"""script/manage verify: whether events, files, photos, forms, figures, reports are what they were. Exit 1 if not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from chuangwen.core import events, files
from chuangwen.core.models import ChainHead
from chuangwen.evidence.verifying import verify_evidence
from chuangwen.forms import queries as forms
from chuangwen.metrics import queries as metrics
from chuangwen.reports import verifying


class Command(BaseCommand):
    help = "Check events, files, photos, forms, frozen rows and issued reports; exits 1 and names what does not hold."

    def handle(self, *_args: Any, **_options: Any) -> None:
        faults = [*events.verify_chain(), *files.verify_files(), *forms.verify_forms()]
        faults += verify_evidence()
        faults += [events.Fault(subject, what) for subject, what in metrics.verify_rows()]
        faults += verifying.verify_reports()
        for fault in faults:
            self.stderr.write(f"FAULT {fault.subject}: {fault.what}")
        head = ChainHead.objects.filter(pk=1).first()
        sealed, last = (head.sequence, head.hash) if head else (0, "")
        self.stdout.write(f"{sealed} events sealed, last hash {last or '-'}")
        self.stdout.write(f"{events.unsealed()} events not yet sealed")
        if faults:
            self.stdout.write(f"{len(faults)} faults")
            sys.exit(1)
        self.stdout.write("all holds")
