"""Tokens with which a person's programs act for them: shown once, kept as a digest, taken back at once."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Missing, SignInNeeded
from chuangwen.core.models import Event
from chuangwen.people import queries, services
from chuangwen.people.models import Account, ApiToken
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event


def test_anybody_issues_one_for_themselves(city: City) -> None:
    with one_event("token.issued") as written:
        secret = services.issue_token(city.viewer("stranger"), name="每日取数")
    token = ApiToken.objects.get()
    assert (token.person, token.name) == (city.persons["stranger"], "每日取数")
    assert written.event.subject_uid == token.uid
    assert queries.viewer_of_token(secret).uid == city.persons["stranger"].uid


def test_the_secret_itself_is_kept_nowhere(city: City) -> None:
    secret = services.issue_token(city.viewer("clerk"), name="每日取数")
    assert secret.startswith("cw_")
    assert secret not in repr(list(ApiToken.objects.values())) + repr(list(Event.objects.values()))


def test_a_revoked_one_opens_nothing_from_now_on(city: City) -> None:
    secret = services.issue_token(city.viewer("clerk"), name="每日取数")
    with one_event("token.revoked"):
        services.revoke_token(city.viewer("clerk"), token_uid=ApiToken.objects.get().uid)
    with pytest.raises(SignInNeeded, match="令牌不对或已收回"):
        queries.viewer_of_token(secret)


def test_revoking_it_again_is_missing(city: City) -> None:
    services.issue_token(city.viewer("clerk"), name="每日取数")
    uid = ApiToken.objects.get().uid
    services.revoke_token(city.viewer("clerk"), token_uid=uid)
    with nothing_changes(), pytest.raises(Missing):
        services.revoke_token(city.viewer("clerk"), token_uid=uid)


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "head", "office", "recorder", "reader"])
def test_nobody_revokes_anothers(city: City, part: str) -> None:
    services.issue_token(city.viewer("clerk"), name="每日取数")
    with nothing_changes(), pytest.raises(Missing):
        services.revoke_token(city.viewer(part), token_uid=ApiToken.objects.get().uid)


def test_a_token_that_is_not_there_is_missing(city: City) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.revoke_token(city.viewer("clerk"), token_uid=uuid4())


def test_the_token_of_a_closed_account_opens_nothing(city: City) -> None:
    secret = services.issue_token(city.viewer("clerk"), name="每日取数")
    Account.objects.filter(person=city.persons["clerk"]).update(is_active=False)
    with pytest.raises(SignInNeeded):
        queries.viewer_of_token(secret)


def test_two_tokens_never_have_one_secret(city: City) -> None:
    services.issue_token(city.viewer("clerk"), name="每日取数")
    digest = ApiToken.objects.get().digest
    with pytest.raises(IntegrityError, match=r"people_apitoken\.digest|people_apitoken_digest"), transaction.atomic():
        ApiToken.objects.create(person=city.persons["head"], name="又一个", digest=digest, created_at=clock.now())


def test_the_profile_shows_the_secret_once_and_lists_the_name(city: City) -> None:
    client = city.client("clerk")
    page = client.post(reverse("issue-token"), {"name": "每日取数"}, follow=True)
    secret = page.context["secret"]
    assert queries.viewer_of_token(secret).uid == city.persons["clerk"].uid
    assert secret in page.content.decode()
    again = client.get(reverse("profile")).content.decode()
    assert secret not in again
    assert "每日取数" in again
    client.post(reverse("revoke-token", args=[ApiToken.objects.get().uid]))
    assert "每日取数" not in client.get(reverse("profile")).content.decode()


def test_a_token_without_a_name_is_not_issued_and_the_page_says_so(city: City) -> None:
    client = city.client("clerk")
    with nothing_changes():
        page = client.post(reverse("issue-token"), {"name": ""})
    assert "name" in page.context["form"].errors
