"""One's own password: the first change is forced, and every other place is signed out."""

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core.errors import Missing
from chuangwen.people import services
from chuangwen.people.models import Account
from tests.factories.city import BACKEND, City
from tests.factories.people import PASSWORD, AccountFactory
from tests.factories.state import nothing_changes, one_event

NEW = "another-horse-8"


def fill(old: str = PASSWORD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": again}


@pytest.fixture
def newcomer(city: City) -> Client:
    """Signed in with a password that the office gave; holds the clerk's rights."""
    account = Account.objects.get(person=city.persons["clerk"])
    account.must_change_password = True
    account.save()
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def test_the_owner_sets_it(city: City) -> None:
    account = Account.objects.get(person=city.persons["clerk"])
    with one_event("account.password_changed"):
        services.change_password(city.viewer("clerk"), account=account, password=NEW)
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_nobody_sets_anothers(city: City) -> None:
    account = Account.objects.get(person=city.persons["clerk"])
    with nothing_changes(), pytest.raises(Missing):
        services.change_password(city.viewer("office"), account=account, password=NEW)


@pytest.mark.parametrize(
    "route", ["workbench", "profile", "units", "outcomes", "imports", "reports", "metrics", "about"]
)
def test_until_it_is_changed_every_page_leads_to_the_change(newcomer: Client, route: str) -> None:
    assert newcomer.get(reverse(route)).headers["Location"] == reverse("change-password")


def test_nothing_can_be_written_before_the_change(newcomer: Client) -> None:
    with nothing_changes():
        response = newcomer.post(reverse("issue-token"), {"name": "程序"})
    assert response.headers["Location"] == reverse("change-password")


def test_the_page_says_why_and_lets_the_person_on_after_the_change(newcomer: Client) -> None:
    assert "您用的是别人给的密码" in newcomer.get(reverse("change-password")).content.decode()
    done = newcomer.post(reverse("change-password"), fill())
    assert done.headers["Location"] == reverse("workbench")
    assert newcomer.get(reverse("profile")).status_code == 200
    assert Client().login(username="clerk", password=NEW)


def test_signing_out_and_the_language_stay_open_before_the_change(newcomer: Client) -> None:
    english = newcomer.post(reverse("set_language"), {"language": "en", "next": "/password/"})
    assert english.headers["Location"] == "/password/"
    assert newcomer.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")


def test_every_other_place_is_signed_out(city: City) -> None:
    here, there = city.client("clerk"), city.client("clerk")
    here.post(reverse("change-password"), fill())
    assert here.get(reverse("profile")).status_code == 200
    assert there.get(reverse("profile")).status_code == 302


@pytest.mark.parametrize(
    ("filled", "field", "sentence"),
    [
        (fill(old="wrong-horse-7"), "old_password", "现在的密码不对"),
        (fill(again="another-horse-9"), "new_password2", ""),
        (fill(new="short", again="short"), "new_password2", "10"),
        (fill(new="74012583690", again="74012583690"), "new_password2", ""),
        (fill(new=PASSWORD, again=PASSWORD), "new_password1", "新密码和现在的一样"),
    ],
)
def test_a_password_that_will_not_do_gets_a_sentence(
    city: City, filled: dict[str, str], field: str, sentence: str
) -> None:
    client = city.client("clerk")
    with nothing_changes():
        page = client.post(reverse("change-password"), filled)
    assert sentence in page.context["form"].errors[field][0]
    assert page.context["form"].errors.keys() == {field}


def test_a_token_opens_nothing_while_the_first_change_is_due(city: City) -> None:
    secret = services.issue_token(city.viewer("clerk"), name="程序")
    Account.objects.filter(person=city.persons["clerk"]).update(must_change_password=True)
    answer = Client().get("/api/v1/outcomes", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_an_account_made_by_the_office_must_be_changed_by_default(city: City) -> None:
    assert AccountFactory.create(first_password=True).must_change_password
    assert Account(login="x").must_change_password
