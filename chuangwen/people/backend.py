"""Signs accounts in by login and password; the session's account comes with its person and unit in one query."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from chuangwen.people.models import Account


class AccountBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: object,
    ) -> Account | None:
        account = Account.objects.filter(login=username or "").select_related("person__unit").first()
        if account is None:
            # The same work as for a known login, so that timing does not tell which logins exist.
            make_password(password)
            return None
        return account if account.is_active and account.check_password(password or "") else None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).select_related("person__unit__kind").first()
