"""Days of UTC, by which rooms are divided for everybody alike."""

from datetime import UTC, date, datetime

DAY = 86_400_000
"""Milliseconds."""


def start_of(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def day_of(at: int) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()
