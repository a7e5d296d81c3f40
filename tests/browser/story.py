"""What people say in Harbour Lab: an invented community, for pages that are to be looked at."""

import json
from datetime import UTC, datetime, timedelta

from app.models import Card

GRACE, MATEUS, PIM, WREN = "Grace Obi", "Mateus Vale", "Pim Verhoeven", "Wren Adler"
YESTERDAY = timedelta(days=1)
TIDES = Card(
    "https://tides.example.org/bathtub",
    site="tides.example.org",
    title="Harmonic constants, explained with a bathtub",
    text="Why two tides a day are rarely the same height, and how 37 small waves add up to one good forecast.",
)
POST = Card(
    "https://x.com/gull_watch/status/1990000000000000001",
    "post",
    "X",
    "Gull Watch (@gull_watch)",
    "Day 41. They have learned how the sandwich counter works.\nWe have not learned how they do it.",
    "November 14, 2025",
)

SUMMARY = """This week, with [the plan](https://plan.example.org/week):
1. Firmware 0.4 on the last two buoys
2. The graph
   - hours on one axis, metres on the other
   - **no** more rainbows
3. Soup"""
CODE = """The retry as it is now:
```python
async def read_tide(sensor, tries=4):
    for n in range(tries):
        if (sample := await sensor.read()) is not None:
            return sample
        await asyncio.sleep(2 ** n)  # 1, 2, 4, 8 s
    raise SensorTimeout(f"{sensor.id} has not answered in {tries} tries, which is all that we allow a buoy at sea")
```
and `sensor.read()` stays as it was."""

# Room, how long before now, who, what. Everybody in it wrote elsewhere, before this server was.
SAID = (
    ("general", 3 * YESTERDAY, GRACE, "Welcome to the lab’s own place. Same people, better tea."),
    ("general", 3 * YESTERDAY - timedelta(minutes=4), MATEUS, "Found it. Where is the kettle?"),
    ("general", 2 * YESTERDAY, WREN, "The ferry timetable changes on Monday: https://ferries.example.org/winter"),
    ("general", YESTERDAY, PIM, "Thanks to whoever fixed the door. It closes by itself again."),
    ("general", timedelta(hours=6), GRACE,
     "> It closes by itself again.\nIt was **two screws** and *a lot* of `WD-40`. ~~I’ll paint it, too.~~ :tada:"),
    ("general", timedelta(hours=5, minutes=50), WREN, SUMMARY),
    ("general", timedelta(hours=5, minutes=48), WREN, CODE),
    ("tide-sensors", YESTERDAY + timedelta(hours=2), WREN,
     "Wind drops after four. If anyone wants the small boat, it’s fuelled and the key is in the usual place."),
    ("tide-sensors", YESTERDAY + timedelta(hours=1, minutes=58), MATEUS, "Taking it. Back before dark."),
    ("tide-sensors", YESTERDAY + timedelta(minutes=32), MATEUS,
     "Buoy 7 is back on its mooring. Battery at 92%, and the new gasket is holding."),
    ("tide-sensors", YESTERDAY + timedelta(minutes=28), PIM, "That light! I’m framing this one."),
    ("tide-sensors", timedelta(hours=4, minutes=32), GRACE, "Morning, all. A short summary before the 14:00 sync:"),
    ("tide-sensors", timedelta(hours=4, minutes=31), GRACE,
     "- Firmware 0.4 runs on four of the six buoys\n- Buoys 2 and 5 still drop their first reading after a cold start"),
    ("tide-sensors", timedelta(hours=4, minutes=30), GRACE,
     "The fix is small: wait 1, 2, 4, then 8 seconds between tries. I’d like to ship it today."),
    ("tide-sensors", timedelta(hours=4, minutes=8), PIM,
     "Nice. Could we cap the wait at 30 s? The gateway closes idle sockets after 45."),
    ("tide-sensors", timedelta(hours=4, minutes=5), GRACE, "Good catch. 30 it is, and each retry goes into the log."),
    ("tide-sensors", timedelta(hours=3, minutes=44), WREN,
     "New in the reading list: harmonic constants, explained with a bathtub. https://tides.example.org/bathtub"),
    ("tide-sensors", timedelta(hours=2), MATEUS,
     "A cold start takes 3.1 s on battery, 1.8 s on the bench. The radio is the slow part, so I’d measure that first."),
    ("tide-sensors", timedelta(hours=1, minutes=55), MATEUS, "It’s always the cold mornings."),
    ("tide-sensors", timedelta(hours=1, minutes=50), WREN, "Three starts before buoy 2 answered."),
    ("tide-sensors", timedelta(minutes=41), PIM, "Sync in twenty minutes. Bring numbers, not screenshots."),
    ("release-0-4", YESTERDAY, GRACE, "The changelog is ready for your eyes."),
    ("help", YESTERDAY, WREN, "How do I sign in from a machine without a browser?"),
    ("night-shift", 2 * YESTERDAY, MATEUS, "All quiet. One seal."),
    ("off-topic", 2 * YESTERDAY, PIM, "The bakery by the lock has cardamom buns again."),
)  # fmt: skip

# What somebody says while others look.
LIVE = (
    "Can somebody check the last reading from buoy 5? It jumped 40 cm in one minute.",
    "Could be the ferry wake. It passes at 13:40 most days.",
    "I’ll put the timetable over the graph, so we know.",
)


def history(now: datetime) -> str:
    """All that was said, as a file that `manage.py import` takes."""
    lines = [
        {"room": room, "at": (now - ago).astimezone(UTC).isoformat(), "author": author, "text": text}
        for room, ago, author, text in sorted(SAID, key=lambda row: -row[1])
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)
