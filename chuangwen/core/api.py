"""The base of the API: one error shape."""

from ninja import Schema


class ErrorBody(Schema):
    code: str
    message: str
    where: str = ""
    mend: str = ""


class ErrorOut(Schema):
    """What every answer that is not a success looks like."""

    error: ErrorBody


ERRORS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}
