"""Mails: one for each person with what no mail told yet, through a real server; never lost, rarely twice."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from chuangwen import settings as product_settings
from chuangwen.core import clock
from chuangwen.management.commands import beat
from chuangwen.people import services
from chuangwen.people.models import Grant, Mailbox, Notice, NoticePolicy, Person
from chuangwen.people.rules import is_quiet, retry_minutes
from chuangwen.people.services import mailing
from tests.factories.city import City

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Inbox:
    """What the server took; `refuse` makes it answer that it cannot."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            return "451 try again later"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def texts(self) -> list[str]:
        return [mail.get_content() for mail in self.mails]


@pytest.fixture
def inbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A server on this machine, the product set to send through it, at noon."""
    found = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in product_settings.smtp(f"smtp://127.0.0.1:{port}?from=cw@anlan.gov.cn").items():
        setattr(settings, name, value)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    at(monkeypatch, NOON)
    yield found
    controller.stop()


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def tell(city: City, part: str = "clerk", **more: Any) -> None:
    person = city.persons[part]
    Person.objects.filter(pk=person.pk).update(email=f"{part}@anlan.gov.cn")
    services.tell(person, "handed_over", noun="person", subject_uid=city.persons["head"].uid, data={"count": 3}, **more)


def test_one_mail_has_everything_that_no_mail_told(city: City, inbox: Inbox) -> None:
    for _each in range(3):
        tell(city)
    assert services.send_digests() == 1
    assert services.send_digests() == 0
    [mail] = inbox.mails
    assert mail["To"] == "clerk@anlan.gov.cn"
    assert mail["From"] == "cw@anlan.gov.cn"
    assert mail["Subject"] == "【安澜市】3 条提醒"
    text = mail.get_content()
    assert text.count("3 件交给了您") == 3
    assert f"/persons/{city.persons['head'].uid}/" in text
    assert not Notice.objects.filter(mailed_at__isnull=True).exists()


def test_between_two_mails_lies_the_interval_but_for_urgent_ones(
    city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(city)
    services.send_digests()
    tell(city)
    assert services.send_digests() == 0
    tell(city, urgent=True)
    assert services.send_digests() == 1
    assert inbox.mails[1]["Subject"] == "【安澜市】急：2 条提醒"
    tell(city)
    at(monkeypatch, NOON + timedelta(minutes=59))
    assert services.send_digests() == 0
    at(monkeypatch, NOON + timedelta(minutes=61))
    assert services.send_digests() == 1


def test_no_mail_goes_out_in_quiet_hours_not_even_an_urgent_one(
    city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON.replace(hour=22))
    tell(city, urgent=True)
    assert services.send_digests() == 0
    at(monkeypatch, NOON.replace(hour=22) + timedelta(hours=9))
    assert services.send_digests() == 1
    assert len(inbox.mails) == 1


def test_what_failed_stays_and_is_tried_later_and_later(
    city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(city)
    inbox.refuse = True
    assert services.send_digests() == 0
    assert Notice.objects.get().mailed_at is None
    inbox.refuse = False
    assert services.send_digests() == 0
    at(monkeypatch, NOON + timedelta(minutes=3))
    assert services.send_digests() == 1
    box = Mailbox.objects.get()
    assert (box.failures, box.next_try_at, box.claimed_until) == (0, None, None)
    assert [retry_minutes(failures) for failures in (1, 2, 3, 9, 60000)] == [2, 4, 8, 360, 360]


def test_a_server_that_is_not_there_is_a_failure_like_another(city: City, inbox: Inbox, settings: Any) -> None:
    tell(city)
    settings.EMAIL_PORT = 1
    assert services.send_digests() == 0
    assert Mailbox.objects.get().failures == 1


def test_two_beats_at_once_send_one_mail(city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks while the first is sending."""
    tell(city)
    seen = []
    send = mailing._mail

    def and_meanwhile(*asked: Any) -> Any:
        seen.append(services.send_digests())
        return send(*asked)

    monkeypatch.setattr(mailing, "_mail", and_meanwhile)
    assert services.send_digests() == 1
    assert seen == [0]
    assert len(inbox.mails) == 1


def test_a_beat_that_stopped_before_sending_loses_nothing(
    city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(city)
    with monkeypatch.context() as stopped:
        stopped.setattr(mailing, "_send", lambda _person: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.send_digests()
    assert services.send_digests() == 0
    at(monkeypatch, NOON + timedelta(minutes=11))
    assert services.send_digests() == 1
    assert len(inbox.mails) == 1


def test_a_beat_that_stopped_after_sending_sends_again_under_the_same_name(
    city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(city)
    services.send_digests()
    Notice.objects.update(mailed_at=None)
    Mailbox.objects.update(sent_at=None, claimed_until=clock.now())
    at(monkeypatch, NOON + timedelta(minutes=1))
    services.send_digests()
    assert len(inbox.mails) == 2
    assert inbox.mails[0]["Message-ID"] == inbox.mails[1]["Message-ID"]


def test_who_has_no_address_left_or_has_read_it_gets_no_mail(city: City, inbox: Inbox) -> None:
    for part in ("clerk", "head", "recorder"):
        tell(city, part)
    Person.objects.filter(pk=city.persons["clerk"].pk).update(email="")
    Person.objects.filter(pk=city.persons["head"].pk).update(left_on=clock.today())
    services.mark_all_read(city.viewer("recorder"))
    assert services.send_digests() == 0
    assert inbox.mails == []


def test_a_mail_tells_nothing_that_its_reader_may_no_longer_see(city: City, inbox: Inbox) -> None:
    tell(city)
    Grant.objects.filter(person=city.persons["clerk"]).delete()
    assert services.send_digests() == 0
    assert inbox.mails == []
    assert Notice.objects.get().mailed_at


def test_what_is_older_than_a_week_comes_by_no_mail(city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(city)
    at(monkeypatch, NOON + timedelta(days=8))
    assert services.send_digests() == 0


def test_without_an_address_of_a_server_nothing_is_sent(city: City, inbox: Inbox, settings: Any) -> None:
    tell(city)
    settings.MAILS_GO_OUT = False
    assert services.send_digests() == 0
    assert Notice.objects.get().mailed_at is None


def test_the_clock_sends_them(city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    # The queue of the tests is not the database's, so that nothing of it could be forgotten.
    monkeypatch.setattr(beat, "forget_old_traces", lambda: None)
    # The connection is the test's own, with its transaction.
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    tell(city)
    call_command("beat", "--once")
    assert len(inbox.mails) == 1


def test_many_persons_get_one_each_with_few_queries_a_mail(
    city: City, inbox: Inbox, django_assert_max_num_queries: Any
) -> None:
    for part in ("clerk", "head", "office"):
        tell(city, part)
    with django_assert_max_num_queries(5 + 3 * 10):
        assert services.send_digests() == 3
    assert len(inbox.mails) == 3


@pytest.mark.parametrize(("hour", "quiet"), [(20, False), (22, True), (2, True), (7, False), (12, False)])
def test_quiet_hours_may_go_over_midnight(hour: int, quiet: bool) -> None:
    times = [NOON.replace(hour=each).time() for each in (hour, 21, 7)]
    assert is_quiet(*times) is quiet


def test_the_same_two_times_mean_no_quiet_hours_and_a_day_can_be_quiet(db: None) -> None:
    seven, noon, one = (NOON.replace(hour=each).time() for each in (7, 12, 13))
    assert not is_quiet(seven, seven, seven)
    assert is_quiet(noon, seven, one)
    assert NoticePolicy.objects.get().digest_minutes == 60


def test_the_address_of_a_server_is_read_whole_or_refused() -> None:
    read = product_settings.smtp("smtp+starttls://cw%40anlan:p%2Fw@mail.anlan.gov.cn?from=cw@anlan.gov.cn")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_USE_TLS"]) == ("mail.anlan.gov.cn", 587, True)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("cw@anlan", "p/w")
    assert product_settings.smtp("")["MAILS_GO_OUT"] is False
    assert product_settings.smtp("smtps://h?from=a@b.cn")["EMAIL_PORT"] == 465
    for wrong in ("http://h?from=a@b.cn", "smtp://h", "smtp://?from=a@b.cn", "mail.anlan.gov.cn"):
        with pytest.raises(ImproperlyConfigured):
            product_settings.smtp(wrong)
