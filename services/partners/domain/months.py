"""Counting in months, as the terms of agreements do."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last of a month stays the last of a month, as 28 February to 31 August."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = monthrange(year, month)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if ends_month else min(day.day, last))
