"""Formats a time span for tables."""

from datetime import timedelta


def age(time: timedelta) -> str:
    """Return the time span in its largest unit: 12 s, 5 min, 3 h, 9 d."""
    seconds = max(0, int(time.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
