"""Mails of what persons were told: one for each person with everything that no mail told yet.

`beat` calls `send_digests`. Two at once send nothing twice, because a person's turn is claimed by a conditional update
before anything is sent. A claim lapses, so that what a stopped beat had claimed is sent by the next (ADR 0046).
"""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.digests import digest
from chuangwen.core.notices import Told, told
from chuangwen.people.access import Viewer
from chuangwen.people.models import Mailbox, Notice, NoticePolicy, Person
from chuangwen.people.rules import is_quiet, retry_minutes

logger = logging.getLogger("chuangwen.mail")

STANDARD = "standard"
# Longer than any server is waited for; what a stopped beat had claimed is free again after it.
CLAIM = timedelta(minutes=10)
# What is older is on the page and comes by no mail: else a city that turns mails on gets those of a year.
FRESH = timedelta(days=7)
AT_ONCE, MOST_LINES = 200, 50


def send_digests() -> int:
    """Send what is due; returns how many mails went out. Nothing without CHUANGWEN_SMTP_URL or in quiet hours."""
    policy = NoticePolicy.objects.filter(code=STANDARD).first()
    now = clock.now()
    if not settings.MAILS_GO_OUT or policy is None:
        return 0
    if is_quiet(timezone.localtime(now).time(), policy.quiet_from, policy.quiet_to):
        return 0
    due: dict[int, bool] = {}
    for key, urgent in _unmailed().order_by("person").values_list("person", "urgent").distinct():
        due[key] = due.get(key, False) or urgent
    sent = 0
    for person in Person.objects.filter(pk__in=_turns(due, policy)[:AT_ONCE]).select_related("unit"):
        interval = timedelta(0) if due[person.pk] else timedelta(minutes=policy.digest_minutes)
        sent += _claim(person, interval) and _send(person)
    return sent


def _unmailed() -> QuerySet[Notice]:
    """What a mail should tell: nobody read it, and there is an address to which it can go."""
    rows = Notice.objects.filter(mailed_at__isnull=True, read_at__isnull=True, at__gte=clock.now() - FRESH)
    return rows.filter(person__left_on__isnull=True).exclude(person__email="")


def _free(now: datetime) -> Q:
    """The mailboxes that nobody is sending for and that are not to wait after a failure."""
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    return unclaimed & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))


def _turns(due: dict[int, bool], policy: NoticePolicy) -> list[int]:
    """Whose turn it is; a person without a mailbox gets one."""
    Mailbox.objects.bulk_create([Mailbox(person_id=key) for key in due], ignore_conflicts=True, batch_size=AT_ONCE)
    now = clock.now()
    before = now - timedelta(minutes=policy.digest_minutes)
    urgent = [key for key, is_urgent in due.items() if is_urgent]
    turn = Q(sent_at__isnull=True) | Q(sent_at__lte=before) | Q(pk__in=urgent)
    found = Mailbox.objects.filter(_free(now), turn, pk__in=due).order_by("sent_at", "pk")
    return list(found.values_list("pk", flat=True))


def _claim(person: Person, interval: timedelta) -> bool:
    now = clock.now()
    turn = Q(sent_at__isnull=True) | Q(sent_at__lte=now - interval)
    return bool(Mailbox.objects.filter(_free(now), turn, pk=person.pk).update(claimed_until=now + CLAIM))


def _send(person: Person) -> bool:
    """What was claimed; whether a mail went out. Failures are kept with the mailbox, and the notices stay unmailed."""
    notices = list(_unmailed().filter(person=person).order_by("-urgent", "id"))
    with translation.override(settings.LANGUAGE_CODE):
        lines = told(Viewer(person), notices)
        shown = [(notice, lines[notice.uid]) for notice in notices if notice.uid in lines]
        try:
            if shown:
                _mail(person, shown).send()
        except (smtplib.SMTPException, OSError) as problem:
            _failed(person, problem)
            return False
    with transaction.atomic():
        # What the person may not see any more is told by no mail, now or later.
        Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mailed_at=clock.now())
        done = {"sent_at": clock.now()} if shown else {}
        Mailbox.objects.filter(pk=person.pk).update(claimed_until=None, failures=0, next_try_at=None, **done)
    return bool(shown)


def _failed(person: Person, problem: Exception) -> None:
    box = Mailbox.objects.get(pk=person.pk)
    wait = timedelta(minutes=retry_minutes(box.failures + 1))
    logger.warning("mail to person %s failed (%s), next try in %s", person.uid, type(problem).__name__, wait)
    Mailbox.objects.filter(pk=person.pk).update(
        claimed_until=None, failures=box.failures + 1, next_try_at=clock.now() + wait
    )


def _mail(person: Person, shown: list[tuple[Notice, Told]]) -> EmailMessage:
    count = len(shown)
    subject = _("%(count)s 条提醒") % {"count": count}
    if any(notice.urgent for notice, _told in shown):
        subject = _("急：%(subject)s") % {"subject": subject}
    parts = [_("%(person)s，您好：") % {"person": person}, ""]
    for notice, line in shown[:MOST_LINES]:
        parts.append(f"{timezone.localtime(notice.at):%m-%d %H:%M}  {line.text}")
        parts += [f"    {settings.PUBLIC_URL}{line.url}"] if line.url else []
    if count > MOST_LINES:
        parts.append(_("还有 %(count)s 条，在“提醒”里看") % {"count": count - MOST_LINES})
    parts += ["", settings.PUBLIC_URL + "/notices/", _("这封邮件由系统发出，不必回复。")]
    # The same notices have the same name: a mail that went out twice, because its beat was stopped between sending and
    # noting it, is known as one by the receiver.
    name = digest(sorted(str(notice.uid) for notice, _told in shown))[:32]
    headers = {"Message-ID": f"<{name}@{urlsplit(settings.PUBLIC_URL).hostname}>", "Date": formatdate(localtime=True)}
    return EmailMessage(f"【{settings.CITY_NAME}】{subject}", "\n".join(parts), to=[person.email], headers=headers)
