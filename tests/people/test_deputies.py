"""A deputy acts for somebody who is away: for days, with what is lent, and never further."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from chuangwen.people import queries, services
from chuangwen.people.access import Viewer, may_set_password
from chuangwen.people.models import Account, Deputy, Notice, Person, Role
from chuangwen.people.rules import NEVER_LENT, Perm
from tests.factories.city import City, build
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory
from tests.factories.state import nothing_changes, one_event

WEEK = timedelta(days=6)


def appoint(city: City, person: str, deputy: str, *, by: str = "", since: date | None = None, days: int = 6) -> Deputy:
    first = since or clock.today()
    return services.appoint_deputy(
        city.viewer(by or person),
        person=city.persons[person],
        deputy=city.persons[deputy],
        since=first,
        until=first + timedelta(days=days),
    )


def test_the_deputy_may_what_the_absent_person_may_on_these_days_alone(city: City) -> None:
    assert not city.viewer("clerk").can(Perm.REPORT_SIGN, city["school"])
    row = appoint(city, "head", "clerk")
    assert city.viewer("clerk").can(Perm.REPORT_SIGN, city["school"])
    assert [each.person for each in city.viewer("clerk").standing_in] == [city.persons["head"]]
    for since, until in ((-9, -1), (1, 9)):
        today = clock.today()
        days = {"since": today + timedelta(days=since), "until": today + timedelta(days=until)}
        Deputy.objects.filter(pk=row.pk).update(**days)
        assert not city.viewer("clerk").can(Perm.REPORT_SIGN, city["school"])
    Deputy.objects.filter(pk=row.pk).update(since=clock.today(), until=clock.today())
    assert city.viewer("clerk").can(Perm.REPORT_SIGN, city["school"])


@pytest.mark.parametrize("perm", sorted(NEVER_LENT))
def test_what_shapes_who_may_do_what_is_never_lent(city: City, perm: Perm) -> None:
    assert city.viewer("office").can(perm, city["office"])
    had = city.viewer("reader").can(perm)
    appoint(city, "office", "reader")
    assert not had
    assert not city.viewer("reader").can(perm)
    assert city.viewer("reader").can(Perm.REPORT_SIGN, city["school"])


def test_nobody_gives_a_role_or_a_password_by_what_is_only_lent(city: City) -> None:
    """The reader's own grant.manage does not reach what the office lends."""
    GrantFactory.create(person=city.persons["reader"], role_id="unit_head", unit=city["second"])
    appoint(city, "office", "reader")
    reader = city.viewer("reader")
    assert reader.can(Perm.EVIDENCE_REDACT, city["city"])
    role = services.role_for("city_office")
    with pytest.raises(Refused, match="您自己没有的权限"):
        services.give_grant(reader, person=city.persons["clerk"], role=role, unit=city["second"])


def test_a_deputy_of_a_deputy_gets_nothing(city: City) -> None:
    """Even if such rows stood in the table."""
    for person, deputy in (("office", "head"), ("head", "clerk")):
        Deputy.objects.create(
            person=city.persons[person], deputy=city.persons[deputy], since=clock.today(), until=clock.today()
        )
    assert city.viewer("head").can(Perm.REPORT_SIGN, city["hospital"])
    assert not city.viewer("clerk").can(Perm.REPORT_SIGN, city["hospital"])


def test_a_chain_a_circle_and_a_second_deputy_are_refused(city: City) -> None:
    appoint(city, "head", "clerk")
    with pytest.raises(Refused, match="自己也由别人代理"):
        appoint(city, "clerk", "head")
    third = PersonFactory.create(unit=city["school"])
    AccountFactory.create(person=third)
    city.persons["third"] = third
    with pytest.raises(Refused, match="正代理"):
        appoint(city, "clerk", "third")
    with pytest.raises(Refused, match="已由"):
        appoint(city, "head", "third", since=clock.today() + WEEK)
    with pytest.raises(Refused, match="自己也由别人代理"):
        appoint(city, "third", "head")
    appoint(city, "head", "third", since=clock.today() + WEEK + timedelta(days=1))


def test_yesterday_a_stranger_and_oneself_are_refused(city: City) -> None:
    with nothing_changes():
        with pytest.raises(Refused, match="过去"):
            appoint(city, "head", "clerk", since=clock.today() - timedelta(days=1))
        with pytest.raises(Refused, match="早于"):
            appoint(city, "head", "clerk", days=-1)
        with pytest.raises(Refused, match="最长"):
            appoint(city, "head", "clerk", days=184)
        with pytest.raises(Refused, match="自己代自己"):
            appoint(city, "head", "head")
        with pytest.raises(Refused, match="不在同一个单位"):
            appoint(city, "head", "other_clerk")
        Account.objects.filter(person=city.persons["clerk"]).update(is_active=False)
        with pytest.raises(Refused, match="没有能登录的账号"):
            appoint(city, "head", "clerk")
        Account.objects.filter(person=city.persons["clerk"]).update(is_active=True)


def test_the_person_or_who_manages_all_their_grants_appoints_and_nobody_else(city: City) -> None:
    for part in ("clerk", "other_clerk", "stranger"):
        with pytest.raises(Missing):
            appoint(city, "head", "clerk", by=part)
    appoint(city, "head", "clerk", by="office")
    services.end_deputy(city.viewer("office"), uid=Deputy.objects.get().uid)
    GrantFactory.create(person=city.persons["clerk"], role_id="reader", unit=city["second"])
    with pytest.raises(Missing):
        appoint(city, "clerk", "head", by="head")


def test_nobody_lends_what_they_do_not_have_or_makes_themself_a_deputy(city: City) -> None:
    role = Role.objects.create(code="keeper", name="授权员", permissions=[Perm.GRANT_MANAGE, Perm.PERSON_VIEW])
    GrantFactory.create(person=city.persons["stranger"], role=role, unit=city["city"])
    with nothing_changes():
        with pytest.raises(Missing):
            appoint(city, "head", "clerk", by="stranger")
        with pytest.raises(Refused, match="不能定自己"):
            appoint(city, "clerk", "head", by="head")


def test_who_sets_a_deputy_s_password_must_hold_what_is_lent_to_them(city: City) -> None:
    """Else one could sign in as the deputy and have what the absent person has."""
    assert may_set_password(city.viewer("head"), city.persons["clerk"])
    Deputy.objects.create(
        person=city.persons["office"],
        deputy=city.persons["clerk"],
        since=clock.today() + WEEK,
        until=clock.today() + WEEK,
    )
    assert not may_set_password(city.viewer("head"), city.persons["clerk"])
    assert may_set_password(city.viewer("office"), city.persons["clerk"])


def test_one_event_names_the_deputy_and_the_deputy_is_told(city: City) -> None:
    with one_event("deputy.appointed") as written:
        row = appoint(city, "head", "clerk")
    assert written.event.subject_uid == city.persons["head"].uid
    assert written.event.data["deputy"] == str(city.persons["clerk"].uid)
    assert Notice.objects.get(person=city.persons["clerk"]).subject_uid == row.uid
    page = city.client("clerk").get(reverse("notices")).content.decode()
    assert f"由您代理{city.persons['head']}" in page


def test_the_deputy_or_the_person_ends_it_and_an_event_says_so(city: City) -> None:
    row = appoint(city, "head", "clerk")
    with pytest.raises(Missing):
        services.end_deputy(city.viewer("other_clerk"), uid=row.uid)
    with one_event("deputy.ended"):
        services.end_deputy(city.viewer("clerk"), uid=row.uid)
    with nothing_changes():
        services.end_deputy(city.viewer("head"), uid=row.uid)
    assert not city.viewer("clerk").can(Perm.REPORT_SIGN)
    Deputy.objects.filter(pk=row.pk).update(since=clock.today() - WEEK, until=clock.today() - timedelta(days=1))
    with pytest.raises(Conflict):
        services.end_deputy(city.viewer("head"), uid=row.uid)


def test_who_leaves_is_no_deputy_any_more_and_lends_nothing(city: City) -> None:
    appoint(city, "clerk", "recorder", by="clerk")
    services.let_go(city.viewer("head"), person=city.persons["clerk"])
    assert not city.viewer("recorder").can(Perm.IMPORT_RUN)
    assert Deputy.objects.get().ended_at


def test_a_program_never_acts_for_somebody_else(city: City) -> None:
    appoint(city, "head", "clerk")
    viewer = queries.viewer_of_token(services.issue_token(city.viewer("clerk"), name="程序"))
    assert not viewer.can(Perm.REPORT_SIGN)


def test_what_is_done_by_a_lent_right_names_for_whom(city: City) -> None:
    appoint(city, "head", "clerk")
    clerk = city.viewer("clerk")
    assert clerk.acts_for(Perm.REPORT_SIGN, city["school"]) == {"for": str(city.persons["head"].uid)}
    assert clerk.acts_for(Perm.REPORT_WRITE, city["school"]) == {}
    assert clerk.acts_for(Perm.REPORT_SIGN, city["hospital"]) == {}


def test_every_page_says_for_whom_one_acts_and_until_when(city: City, django_assert_max_num_queries: Any) -> None:
    row = appoint(city, "head", "clerk")
    client = city.client("clerk")
    with django_assert_max_num_queries(9):
        page = client.get(reverse("profile")).content.decode()
    assert f"代{city.persons['head']}（到 {row.until:%m-%d}）" in page
    assert f"代{city.persons['head']}" not in city.client("head").get(reverse("profile")).content.decode()


def test_the_page_offers_persons_with_a_login_and_appoints_one(city: City) -> None:
    head = city.client("head")
    address = reverse("new-deputy", args=[city.persons["head"].uid])
    offered = {each.code for each in head.get(address).context["form"].fields["deputy"].queryset}
    assert offered == {"clerk", "recorder"}
    days = {"since": str(clock.today()), "until": str(clock.today() + WEEK)}
    bad = head.post(address, {"deputy": city.persons["clerk"].pk, **days, "until": "2020-01-01"})
    assert "早于" in bad.content.decode()
    done = head.post(address, {"deputy": city.persons["clerk"].pk, **days, "reason": "出差"})
    assert done["Location"] == reverse("profile")
    assert Event.objects.get(verb="deputy.appointed").detail.text == "出差"
    assert head.post(reverse("end-deputy", args=[Deputy.objects.get().uid])).status_code == 302


def test_the_absent_person_s_own_rights_stay(city: City) -> None:
    appoint(city, "head", "clerk")
    assert Viewer(Person.objects.get(pk=city.persons["head"].pk)).can(Perm.REPORT_SIGN, city["school"])


@pytest.mark.django_db(transaction=True)
def test_of_two_appointments_at_the_same_moment_one_stands() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database of SQLite lies in memory, where two threads lock each other out")
    city = build()
    third = PersonFactory.create(unit=city["school"])
    AccountFactory.create(person=third)
    city.persons["third"] = third
    start, refused = Barrier(2), []

    def work(deputy: str) -> None:
        start.wait()
        try:
            appoint(city, "head", deputy)
        except Refused as problem:
            refused.append(str(problem))
        finally:
            connection.close()

    workers = [Thread(target=work, args=(deputy,)) for deputy in ("clerk", "third")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Deputy.objects.count() == 1
    assert len(refused) == 1
