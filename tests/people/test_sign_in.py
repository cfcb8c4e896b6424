"""Signing in: a wrong password is said, five of them lock, and `next` leads only to our own pages."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests.factories.city import City
from tests.factories.people import PASSWORD, AccountFactory
from tests.factories.state import nothing_changes

SIGN_IN = "/sign-in/"


def fill(password: str = PASSWORD, login: str = "clerk") -> dict[str, str]:
    return {"username": login, "password": password}


def test_the_right_password_leads_to_the_work_bench(city: City, client: Client) -> None:
    assert client.post(SIGN_IN, fill()).headers["Location"] == reverse("workbench")
    assert client.get(reverse("profile")).status_code == 200


@pytest.mark.parametrize("filled", [fill("wrong"), fill(login="nobody"), fill(login="CLERK"), fill("")])
def test_a_wrong_one_gets_a_sentence_that_does_not_say_which_logins_exist(
    city: City, client: Client, filled: dict[str, str]
) -> None:
    with nothing_changes():
        page = client.post(SIGN_IN, filled)
    wanted = "登录名或密码不对" if filled["password"] else "登录名和密码都要填"
    assert wanted in page.content.decode()
    assert client.get(reverse("profile")).status_code == 302


def test_a_closed_account_is_as_good_as_none(city: City, client: Client) -> None:
    AccountFactory.create(login="gone", is_active=False)
    page = client.post(SIGN_IN, fill(login="gone"))
    assert "登录名或密码不对" in page.content.decode()


def test_closing_an_account_ends_its_sessions(city: City) -> None:
    client = city.client("clerk")
    account = city.persons["clerk"].account
    account.is_active = False
    account.save()
    assert client.get(reverse("profile")).headers["Location"].startswith(SIGN_IN)


@pytest.fixture
def _lock(settings: LazySettings) -> None:
    settings.AXES_ENABLED = True


@pytest.mark.usefixtures("_lock")
def test_five_wrong_ones_lock_the_login_and_the_page_says_for_how_long(city: City, client: Client) -> None:
    answers = [client.post(SIGN_IN, fill("wrong")) for _each in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "这个登录名锁 15 分钟" in answers[-1].content.decode()
    right = client.post(SIGN_IN, fill())
    assert right.status_code == 429
    assert client.get(reverse("profile")).status_code == 302


@pytest.mark.usefixtures("_lock")
def test_the_lock_is_of_one_login_from_one_address_and_a_success_forgets_the_misses(city: City, client: Client) -> None:
    for _each in range(4):
        client.post(SIGN_IN, fill("wrong"))
    assert client.post(SIGN_IN, fill()).status_code == 302
    client.post(reverse("sign-out"))
    for _each in range(4):
        assert client.post(SIGN_IN, fill("wrong")).status_code == 200
    client.post(SIGN_IN, fill("wrong"))
    assert client.post(SIGN_IN, fill(login="head")).status_code == 302


def test_next_leads_back_with_all_that_the_address_said(city: City, client: Client) -> None:
    asked = client.get("/outcomes/?kind=litter_picked&from=2026-03-01")
    done = client.post(asked.headers["Location"], fill())
    assert done.headers["Location"] == "/outcomes/?kind=litter_picked&from=2026-03-01"


def test_after_a_refused_post_one_does_not_come_back_to_an_address_that_only_takes_posts(client: Client) -> None:
    assert client.post("/profile/tokens/", {"name": "x"}).headers["Location"] == SIGN_IN


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", "http:evil"]
)
def test_next_leads_to_no_other_host(city: City, client: Client, elsewhere: str) -> None:
    done = client.post(SIGN_IN, fill() | {"next": elsewhere})
    assert done.headers["Location"] == reverse("workbench")


def test_who_is_signed_in_already_is_sent_on(city: City) -> None:
    assert city.client("clerk").get(SIGN_IN).headers["Location"] == reverse("workbench")


def test_signing_out_takes_a_post_and_ends_the_session(city: City) -> None:
    client = city.client("clerk")
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).headers["Location"] == SIGN_IN
    assert client.get(reverse("profile")).status_code == 302


def test_signing_in_takes_the_forms_own_token(city: City) -> None:
    assert Client(enforce_csrf_checks=True).post(SIGN_IN, fill()).status_code == 403
