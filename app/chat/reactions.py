"""Reacting to messages. Whoever does it says what shall be, so a repeated word changes nothing; of many who do so at
the same time each message is changed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from app.chat import access
from app.chat.events import publish_to_room, shown_person
from app.errors import NotFound, RoostError, TooManyReactions, UnknownEmoji
from app.memory.batches import AT_ONCE
from app.memory.limits import Limit
from app.models import Extras, Message, Reacting, Reaction, User, Visitor
from app.protocol import events
from app.render.emoji import spelled
from app.services import Services
from app.storage import memberships, message_changes, messages, removals, rooms, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Reactions of one person, those too that they take back."""
READ = Limit(120, 60.0)
"""Lists of who reacted that one person reads."""
MOST = 20
"""Different ones on one message."""
LISTED = 100
"""People of one list."""
LOOKED_THROUGH = 1_000
"""Messages of a room that are read at a time in search of what one person put on them, as for an export."""

Changed = tuple[Message, list[Reacting]]


async def react(services: Services, visitor: Visitor, room_id: int, number: int, emoji: str, *, on: bool) -> None:
    """Let the visitor's emoji be on a message, or not. Returns after the durable commit.

    Raises NotFound, RoomArchived, Muted, UnknownEmoji, MessageRemoved, TooManyReactions or TooFast.
    """
    await access.room_to_react(services, visitor, room_id)
    services.limits.take(f"react:{visitor.user.id}", PACE)
    known = spelled(emoji)
    if known is None:
        raise UnknownEmoji
    wanted = Reacting(room_id, number, known, visitor.user, on)
    await services.reactions.join(wanted, partial(react_together, services))


async def react_together(services: Services, wanted: Sequence[Reacting]) -> list[RoostError | None]:
    """Why each of them came to nothing; None: it holds."""
    outcome = await services.store.write(set_all, wanted)
    for message, done in outcome.changed:
        publish_reactions(services, message, done)
    return outcome.refused


@dataclass(frozen=True, slots=True)
class Outcome:
    changed: list[Changed]
    refused: list[RoostError | None]


def set_all(connection: Connection, wanted: Sequence[Reacting]) -> Outcome:
    """What is wanted, in its order; each message that it changes is one change of its room."""
    for room_id in sorted({each.room_id for each in wanted}):
        rooms.locked(connection, room_id)
    numbers = sorted({(each.room_id, each.number) for each in wanted})
    found = {(each.room_id, each.number): each for each in messages.by_numbers(connection, numbers)}
    done: dict[tuple[int, int], list[Reacting]] = {}
    refused: list[RoostError | None] = []
    for each in wanted:
        key = (each.room_id, each.number)
        try:
            changed = with_reaction(found.get(key), each)
        except RoostError as error:
            refused.append(error)
            continue
        refused.append(None)
        if changed is not None:
            found[key] = changed
            done.setdefault(key, []).append(each)
    return Outcome(write(connection, [found[key] for key in sorted(done)], done), refused)


def with_reaction(found: Message | None, wanted: Reacting) -> Message | None:
    """The message as it is then; None: it is so already. Raises NotFound, MessageRemoved or TooManyReactions."""
    message = access.standing_message(found)
    reactions = {each.emoji: each for each in message.more.reactions}
    people = reactions[wanted.emoji].people if wanted.emoji in reactions else ()
    if (wanted.person.id in people) == wanted.on:
        return None
    if wanted.on and not people and len(reactions) >= MOST:
        raise TooManyReactions(MOST)
    others = tuple(each for each in people if each != wanted.person.id)
    reactions[wanted.emoji] = Reaction(wanted.emoji, (*others, wanted.person.id) if wanted.on else others)
    left = tuple(each for each in reactions.values() if each.people)
    return message.with_more(replace(message.more, reactions=left))


def write(connection: Connection, changed: list[Message], done: dict[tuple[int, int], list[Reacting]]) -> list[Changed]:
    written: list[Changed] = []
    for room_id in sorted({each.room_id for each in changed}):
        of_room = message_changes.write(connection, [each for each in changed if each.room_id == room_id])
        written += [(each, done[room_id, each.number]) for each in of_room]
    return written


def publish_reactions(services: Services, message: Message, done: list[Reacting]) -> None:
    people = {each.person.id: each.person for each in done if each.on}
    event = events.ReactionsChanged(
        room=message.room_id,
        seq=message.seq,
        number=message.number,
        changes=[events.ReactionChange(emoji=each.emoji, person=each.person.id, on=each.on) for each in done],
        people=[shown_person(person) for person in people.values()],
    )
    publish_to_room(services, message.room_id, message.seq, event)


async def people(services: Services, visitor: Visitor, room_id: int, number: int, emoji: str) -> tuple[list[User], int]:
    """Who put this emoji on a message, the first of them first, up to LISTED; and how many they are. Raises NotFound or
    TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"reactions:{visitor.user.id}", READ)
    return await services.store.read(read_people, room_id, number, spelled(emoji))


def read_people(connection: Connection, room_id: int, number: int, emoji: str | None) -> tuple[list[User], int]:
    message = messages.by_number(connection, room_id, number)
    if message is None or message.removed_at is not None:
        raise NotFound
    ids = next((each.people for each in message.more.reactions if each.emoji == emoji), ())
    found = {user.id: user for user in users.by_ids(connection, ids[:LISTED])}
    return [found[user_id] for user_id in ids[:LISTED]], len(ids)


def without(more: Extras, user_id: int) -> Extras:
    """What is left of it when somebody's reactions go."""
    others = [Reaction(each.emoji, tuple(one for one in each.people if one != user_id)) for each in more.reactions]
    return replace(more, reactions=tuple(each for each in others if each.people))


async def withdraw_all(services: Services, person: User) -> None:
    """Take away all that somebody put on messages, also on those that were removed and may be put back. A process that
    dies leaves a part; once more does the rest."""
    await services.store.write(removals.keep_without, partial(without, user_id=person.id))
    for room, _ in await services.store.read(memberships.ever_of_user, person.id):
        for start in range(0, room.last_number, LOOKED_THROUGH):
            found = await services.store.read(messages.reactions_of, room.id, person.id, start, start + LOOKED_THROUGH)
            gone = [Reacting(room.id, each.number, each.emoji, person, on=False) for each in found]
            for first in range(0, len(gone), AT_ONCE):
                await react_together(services, gone[first : first + AT_ONCE])
