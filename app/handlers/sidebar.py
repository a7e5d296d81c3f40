"""The lists beside every page: the rooms that one is in, and the talks with people."""

from types import SimpleNamespace
from typing import Any

from app.chat.accounts import Belongings
from app.errors import said
from app.handlers.languages import Words
from app.handlers.timeline import named
from app.memory.presence import Presence
from app.models import Membership, Room, User

MOST_TALKS = 12
"""Before "More" is pressed, besides those with something new: as static/js/core/talks.js."""


def sidebar(
    mine: Belongings, person: User, presence: Presence, words: Words, current: int | None = None
) -> dict[str, Any]:
    """Rooms by name, and talks where something was said last first, as the page's script sorts them too. Those are left
    out whose only other person is blocked, but not the `current` one."""
    talks = [talk_row(room, found, mine, person, presence, words) for room, found in mine.rooms if room.party]
    shown = [row for row in talks if row["room"].id == current or not is_hidden(row["room"], mine, person)]
    shown.sort(key=lambda row: (-(row["room"].last_at or row["room"].created_at), row["room"].id))
    first = [row for place, row in enumerate(shown) if place < MOST_TALKS or row["unread"] or row["room"].id == current]
    return {"rooms": sidebar_rows(mine.rooms), "talks": first, "more_talks": len(first) < len(shown)}


def is_hidden(room: Room, mine: Belongings, person: User) -> bool:
    return room.other_than(person.id) in mine.blocked


def sidebar_rows(mine: list[tuple[Room, Membership]]) -> list[dict[str, Any]]:
    named_rooms = [each for each in mine if not each[0].party]
    return [sidebar_row(*each) for each in sorted(named_rooms, key=lambda one: one[0].name.casefold())]


def sidebar_row(room: Room, membership: Membership) -> dict[str, Any]:
    return {"room": room, "unread": max(0, room.last_number - membership.read_number)}


def talk_row(
    room: Room, membership: Membership, mine: Belongings, person: User, presence: Presence, words: Words
) -> dict[str, Any]:
    return sidebar_row(room, membership) | {"talk": talk_of(room, mine.people, person, presence, words)}


def talk_of(
    room: Room, people: dict[int, User], person: User, presence: Presence, words: Words
) -> SimpleNamespace | None:
    """What a direct room is called by one of its people; `face` is the other one where two talk. None: another room."""
    if not room.party:
        return None
    others = [named(people[user_id], words) for user_id in room.party if user_id != person.id]
    face = others[0] if len(others) == 1 else None
    is_here = face is not None and presence.knows(face.id)
    about = "" if face is None else about_of(face, words, is_here=is_here)
    return SimpleNamespace(title=", ".join(other.name for other in others), face=face, is_here=is_here, about=about)


def about_of(face: User, words: Words, *, is_here: bool) -> str:
    """As static/js/features/bar.js says it."""
    handle = f"@{face.handle}" if face.kind == "person" else ""
    return words.text(said("Here now, {handle}"), handle=handle) if is_here else handle
