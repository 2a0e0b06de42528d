"""Times as the people who read them have them on their clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime


def spelled_out(time: datetime, zone: str) -> str:
    """Return a time as a clock in the zone (IANA name) shows it, and in UTC."""
    there = time.astimezone(ZoneInfo(zone))
    day = f"{there:%A}, {day_spelled_out(there)}"
    clock = f"{there:%I:%M %p}".removeprefix("0")
    return f"{day}, {clock} {there:%Z} ({time.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC)"


def day_spelled_out(day: date) -> str:
    """Return a day as people write it: May 1, 2026."""
    return f"{day:%B} {day.day}, {day.year}"
