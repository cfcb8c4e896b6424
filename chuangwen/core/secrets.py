"""What tells who somebody is, unreadable in the database: encrypted with a key that lies in a file beside it.

Called by apps that keep confidential registers. The key file is part of a backup, and lies apart from it: whoever has
the database alone reads nothing, and without the key nobody ever does. Several keys may stand in the file, one a line:
the first encrypts, all decrypt, so that a key can be changed (`rotated`).
"""

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from chuangwen.core.errors import Refused


def key_file() -> Path:
    return Path(settings.SECRETS_KEY_FILE)


def _keys() -> list[bytes]:
    """Made once, readable by its owner alone."""
    path = key_file()
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes().split()
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
    return path.read_bytes().split()


def _ring() -> MultiFernet:
    return _ring_of(tuple(_keys()))


@lru_cache(maxsize=4)
def _ring_of(keys: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def hidden(text: str) -> str:
    """The text encrypted; nothing stays nothing."""
    return _ring().encrypt(text.encode()).decode() if text else ""


def shown(secret: str) -> str:
    """The text again. Raises Refused where the key that made it is not in the file."""
    if not secret:
        return ""
    try:
        return _ring().decrypt(secret.encode()).decode()
    except InvalidToken as problem:
        raise Refused(_("密钥对不上，这一项读不出来"), mend=_("请管理员把备份的密钥文件放回去")) from problem


def rotated(secret: str) -> str:
    """The same, encrypted with the first key of the file."""
    return _ring().rotate(secret.encode()).decode() if secret else ""


def index_of(text: str) -> str:
    """A blind index: the same text gives the same, and nobody without the key can try texts out. The last key of the
    file makes it, because it must outlive a change of keys.
    """
    tight = "".join(text.split()).lower()
    return hmac.new(_keys()[-1], tight.encode(), hashlib.sha256).hexdigest() if tight else ""
