"""Pure facts of places: seasons, and when two places look like one."""

from datetime import date

# Two of the same type so near, or two of the same name within this, look like one and the same; metres.
SAME_TYPE_WITHIN = 30.0
SAME_NAME_WITHIN = 300.0


def in_season(day: date, start: int | None, end: int | None) -> bool:
    """Whether the day lies in the season; month × 100 + day, both ends included, over the turn of the year too."""
    if start is None or end is None:
        return True
    at = day.month * 100 + day.day
    return start <= at <= end if start <= end else at >= start or at <= end


def season_number(month: int, day: int) -> int:
    """Month × 100 + day. Raises ValueError for a day that no year has; 29 February is one that some have."""
    return date(2024, month, day).month * 100 + day


def look_like_one(*, metres: float, same_type: bool, same_name: bool) -> bool:
    """Near-duplicates: pointed out to a person, never refused."""
    return (same_type and metres <= SAME_TYPE_WITHIN) or (same_name and metres <= SAME_NAME_WITHIN)
