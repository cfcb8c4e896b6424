"""Whether the installation can work at all."""

import os

from django.conf import settings
from django.db import DatabaseError, connection


def faults() -> list[str]:
    """What does not answer; empty when all is well."""
    found = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        found.append("database")
    if not os.access(settings.DATA_DIR, os.W_OK):
        found.append("data folder")
    return found
