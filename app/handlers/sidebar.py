"""The lists beside every page: favourites, the rooms that one is in, and the talks with people."""

from types import SimpleNamespace
from typing import Any

from app.chat.accounts import Belongings
from app.errors import said
from app.handlers.languages import Words
from app.handlers.timeline import named
from app.memory.presence import Presence
from app.models import Membership, Room, User

MOST_TALKS = 12
"""Before "More" is pressed, besides those with something new: as static/js/core/lists.js."""
COUNTED = {"default", "everything"}
"""Whoever chose less for a room is shown no number there."""


def sidebar(
    mine: Belongings, person: User, presence: Presence, words: Words, current: int | None = None
) -> dict[str, Any]:
    """Rooms by name, and talks where something was said last first, as static/js/core/lists.js sorts them too. Those
    are left out that are hidden and have nothing to say, and the talks with somebody blocked, but not the `current`
    one."""
    rows = [sidebar_row(room, own, mine, person, presence, words) for room, own in mine.rooms]
    listed = [row for row in rows if row["is_listed"] or row["room"].id == current]
    rooms = sorted([row for row in listed if not row["talk"]], key=lambda row: row["room"].name.casefold())
    talks = sorted([row for row in listed if row["talk"]], key=lambda row: (-moved_at(row["room"]), row["room"].id))
    others = [row for row in talks if not row["favourite"]]
    first = [
        row for place, row in enumerate(others) if place < MOST_TALKS or row["is_new"] or row["room"].id == current
    ]
    return {
        "favourites": [row for row in [*rooms, *talks] if row["favourite"]],
        "rooms": [row for row in rooms if not row["favourite"]],
        "talks": first,
        "more_talks": len(first) < len(others),
        "mentioned": sum(map(len, mine.mentions.values())),
    }


def sidebar_row(
    room: Room, membership: Membership, mine: Belongings, person: User, presence: Presence, words: Words
) -> dict[str, Any]:
    """`is_new`: it stands out; `count` and `for_me` are shown beside it: as static/js/core/loudness.js has them."""
    is_busy = unread_in(room, membership) > 0 and not is_quiet(room, membership, mine, person)
    mentions = len(mine.mentions.get(room.id, ()))
    for_me = unread_in(room, membership) if room.party and is_busy else mentions
    counted = is_busy and for_me == 0 and membership.level in COUNTED
    is_new = is_busy or for_me > 0
    return {
        "room": room,
        "talk": talk_of(room, mine.people, person, presence, words),
        "favourite": membership.favourite,
        "muted": membership.muted,
        "is_new": is_new,
        "count": unread_in(room, membership) if counted else 0,
        "for_me": for_me,
        "is_listed": not is_blocked(room, mine, person) and (is_new or not membership.hidden),
    }


def is_quiet(room: Room, membership: Membership, mine: Belongings, person: User) -> bool:
    """Whether what is posted there leaves the room as it looks. A hidden talk comes back."""
    return membership.muted or (membership.hidden and not room.party) or is_blocked(room, mine, person)


def is_blocked(room: Room, mine: Belongings, person: User) -> bool:
    """Whether it is the talk with somebody whom they have blocked."""
    return room.other_than(person.id) in mine.blocked


def unread_in(room: Room, membership: Membership) -> int:
    return max(0, room.last_number - membership.read_number)


def moved_at(room: Room) -> int:
    return room.last_at or room.created_at


def talk_of(
    room: Room, people: dict[int, User], person: User, presence: Presence, words: Words
) -> SimpleNamespace | None:
    """What a direct room is called by one of its people; `face` is the other one where two talk. None: another room."""
    if not room.party:
        return None
    others = [named(people[user_id], words) for user_id in room.party if user_id != person.id]
    face = others[0] if len(others) == 1 else None
    is_here = face is not None and presence.knows(face.id)
    is_idle = face is not None and presence.is_idle(face.id)
    return SimpleNamespace(
        title=", ".join(other.name for other in others),
        face=face,
        is_here=is_here,
        is_idle=is_idle,
        about="" if face is None else about_of(face, words, is_here=is_here, is_idle=is_idle),
    )


def about_of(face: User, words: Words, *, is_here: bool, is_idle: bool) -> str:
    """As static/js/features/bar.js says it."""
    handle = f"@{face.handle}" if face.kind == "person" else ""
    if is_idle:
        return words.text(said("Away, {handle}"), handle=handle)
    return words.text(said("Here now, {handle}"), handle=handle) if is_here else handle
