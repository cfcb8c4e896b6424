"""The demo builds itself only where no city is; a real city is founded without any published password."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chuangwen.core import events, search
from chuangwen.core.models import SearchEntry
from chuangwen.demo import city
from chuangwen.people.models import Account, Unit


@pytest.mark.django_db
def test_a_founded_city_is_never_entered_by_the_demo() -> None:
    said = StringIO()
    call_command("found_city", "linshui", "临水市", login="boss", stdout=said)
    login, password = said.getvalue().split()[:2]
    account = Account.objects.get(login=login)
    assert account.check_password(password)
    assert account.must_change_password

    call_command("demo", if_empty=True, stdout=StringIO())
    with pytest.raises(CommandError, match="city is there already"):
        call_command("demo", stdout=StringIO())
    assert Account.objects.count() == 1
    assert not Unit.objects.filter(code="demo-primary").exists()


@pytest.mark.django_db
def test_a_second_city_is_refused() -> None:
    call_command("found_city", "linshui", "临水市", stdout=StringIO())
    with pytest.raises(CommandError, match="already"):
        call_command("found_city", "other", "另市", stdout=StringIO())


@pytest.mark.django_db
def test_the_full_demo_has_as_many_units_as_a_real_city() -> None:
    call_command("demo", size="full", stdout=StringIO())
    assert Unit.objects.exclude(kind_id="class").count() == city.FULL_UNITS
    said = StringIO()
    call_command("demo", logins=True, stdout=said)
    assert all(each.login in said.getvalue() for each in city.LOGINS)


@pytest.mark.django_db
def test_the_demo_can_be_searched_from_the_start_with_nothing_left_to_follow() -> None:
    call_command("demo", stdout=StringIO())
    assert events.unsealed() == search.follow() == 0
    followed = set(SearchEntry.objects.values_list("noun", "subject_uid", "grams"))
    assert len({noun for noun, _uid, _grams in followed}) == 7
    search.reindex()
    assert set(SearchEntry.objects.values_list("noun", "subject_uid", "grams")) == followed
