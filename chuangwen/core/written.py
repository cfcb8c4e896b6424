"""How a number is written for people: thousands, shares, and the lower bound of official prose."""

from decimal import ROUND_HALF_UP, Decimal


def grouped(value: Decimal | int) -> str:
    """1400 → 1,400; keeps the decimals that are there."""
    return f"{value:,}"


def percent(numerator: int | Decimal, denominator: int | Decimal, places: int = 1) -> str:
    """The share as text without its sign, e.g. 98.7; an empty denominator has no share and gives —."""
    if not denominator:
        return "—"
    share = Decimal(numerator) * 100 / Decimal(denominator)
    return str(share.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def lower_bound(value: int) -> str:
    """As prose says it: 734 → 700余, 373 → 370余, 700 → 700; below 20 as it is. At most a twentieth is left unsaid."""
    if value < 20:
        return str(value)
    unit = 10 ** (len(str(value)) - 1)
    while value % unit * 20 > value:
        unit //= 10
    floor = value // unit * unit
    return str(value) if floor == value else f"{floor}余"
