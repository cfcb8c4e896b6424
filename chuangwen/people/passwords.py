"""What a password must be, said as a clerk is told it; named in AUTH_PASSWORD_VALIDATORS."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongEnough:
    def __init__(self, length: int = 10) -> None:
        self.length = length

    def validate(self, password: str, _user: object = None) -> None:
        if len(password) < self.length:
            raise ValidationError(_("密码至少 %(length)s 位") % {"length": self.length})

    def get_help_text(self) -> str:
        return ""


class NotCommon(password_validation.CommonPasswordValidator):
    def validate(self, password: str, user: object = None) -> None:
        try:
            super().validate(password, None)
        except ValidationError as error:
            raise ValidationError(_("这个密码太常见，别人一猜就中。请换一个")) from error


class NotOnlyDigits:
    def validate(self, password: str, _user: object = None) -> None:
        if password.isdigit():
            raise ValidationError(_("密码不能全是数字"))

    def get_help_text(self) -> str:
        return ""
