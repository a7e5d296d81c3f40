"""Times of the wire (ms), as people of this place say them."""

from datetime import date, datetime, timedelta


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000).astimezone()


def clock_time(at: int) -> str:
    return f"{moment(at):%H:%M}"


def day_of(at: int) -> date:
    return moment(at).date()


def day_label(day: date, today: date) -> str:
    """Today, Yesterday, Friday, 14 November, with its year when that is another."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    label = f"{day:%A}, {day.day} {day:%B}"
    return label if day.year == today.year else f"{label} {day.year}"
