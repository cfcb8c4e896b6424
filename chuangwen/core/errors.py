"""The few ways in which the product says no; the middleware and the API turn them into answers.

Raised by services and queries, caught only by `core.middleware` and `core.api`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class ProductError(Exception):
    """A sentence for a person: what is wrong and how to mend it. `where` names the field, if there is one."""

    status = 400
    code = "problem"

    def __init__(self, message: Text, *, mend: Text = "", where: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.mend = mend
        self.where = where


class Refused(ProductError):
    """The input or the state of things does not allow it."""

    status = 422
    code = "refused"


class Conflict(ProductError):
    """Somebody else did something in between, or the uid belongs to another."""

    status = 409
    code = "conflict"


class Missing(ProductError):
    """Not there, or not yours: the two look the same."""

    status = 404
    code = "missing"

    def __init__(self) -> None:
        super().__init__(_("地址不对，或者这里的东西不归您看。"))


class SignInNeeded(ProductError):
    """Nobody is signed in, or the token is not valid."""

    status = 401
    code = "sign_in"


class WrongMethod(ProductError):
    """An address of the API that does not take this verb."""

    status = 405
    code = "method"
