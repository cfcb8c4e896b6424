"""What one asks of the database beyond its tables."""

from django.db import connection


def refresh_statistics() -> None:
    """Tell PostgreSQL how large its tables are by now.

    Its own process does so after a minute, but sees nothing of a transaction that is still open; without sizes it
    joins thousands of new rows one by one. SQLite needs none.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
