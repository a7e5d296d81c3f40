"""Taking messages away, one's own and other people's, and putting back what was taken away at once."""

from app.chat import access, links, rights
from app.chat.context import Context, context_of, each_with_its_own
from app.chat.messages import publish_changed
from app.chat.rights import Action
from app.errors import Forbidden, NotFound
from app.memory.limits import Limit
from app.models import Ban, Message, Reason, Removal, User, Visitor
from app.services import Services
from app.settings import Settings
from app.storage import acts, bans, memberships, messages, removals, rooms, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Messages that one person removes, one by one."""
KEPT = 30 * 86_400_000
"""Milliseconds for which what was removed can be put back; then it is gone for good."""
AT_ONCE = 200
"""Messages of one transaction: nobody posts in the room meanwhile."""
LOOKED_THROUGH = 1_000
"""Messages of a room that are read at a time in search of those of one person, as for an export."""


async def remove(services: Services, visitor: Visitor, room_id: int, number: int, reason: Reason | None = None) -> None:
    """Take a message away: one's own, or as a moderator of the room somebody else's, which is an act of the log. Once
    more changes nothing. Raises NotFound, Forbidden, also where the author ranks above the visitor, or TooFast."""
    services.limits.take(f"remove:{visitor.user.id}", PACE)
    changed = await services.store.write(take_away, visitor, room_id, number, reason, services.clock.now())
    if changed is not None:
        publish_changed(services, changed)
        services.stirred.add(room_id)


def take_away(
    connection: Connection, visitor: Visitor, room_id: int, number: int, reason: Reason | None, now: int
) -> Message | None:
    """The message as it is then; None when it was removed before."""
    actor, message = message_to_take(connection, visitor, "message.remove", "message.remove.others", room_id, number)
    if message.removed_at is not None:
        return None
    if message.author_id != actor.user.id:
        record(connection, actor, message, reason, now)
    return removals.remove(connection, [message], actor.user.id, now)[0]


def message_to_take(
    connection: Connection, visitor: Visitor, action: Action, of_others: Action, room_id: int, number: int
) -> tuple[Visitor, Message]:
    """The visitor as they are now, and a message of a room, now locked, from which they may take something, or all of
    it: their own, or one of somebody whom they may overrule. Raises NotFound, Forbidden or InsufficientScope."""
    actor = access.allow_now(connection, visitor, action)
    _, membership = access.room_to_rewrite(connection, actor, action, room_id)
    message = messages.by_number(connection, room_id, number)
    if message is None:
        raise NotFound
    author = users.by_id(connection, message.author_id)
    assert author is not None, "people are never deleted"
    if author.id != actor.user.id:
        access.allow(actor, of_others)
        if not (rights.can(actor, of_others, membership) and may_overrule(actor, author)):
            raise Forbidden
    return actor, message


def may_overrule(actor: Visitor, author: User) -> bool:
    return rights.RANKS[author.role] <= rights.rank(actor)


def record(connection: Connection, actor: Visitor, message: Message, reason: Reason | None, now: int) -> None:
    acts.add(
        connection,
        "message.remove",
        now,
        actor_id=actor.user.id,
        person_id=message.author_id,
        room_id=message.room_id,
        details={"number": message.number} | ({"reason": reason} if reason else {}),
    )


async def remove_all(services: Services, removal: Removal, room_id: int | None = None, ban: Ban | None = None) -> int:
    """Take away all that `removal.author_id` has written, everywhere or in one room, by whom and when `removal` says;
    returns how many messages that were. What was removed before is left alone, and `restore` does not bring it back.

    The caller has asked for the right, and has seen to it that the author posts nothing more, or they may at once. A
    process that dies leaves a part; calling it again with the same `removal` does the rest. What goes with a `ban` goes
    only while that holds: whoever lifts it brings back what is gone by then.
    """
    removed = 0
    for room in await services.store.read(rooms_of_author, removal.author_id, room_id):
        removed += await remove_all_in(services, removal, room, ban)
    return removed


def rooms_of_author(connection: Connection, author_id: int, room_id: int | None) -> list[int]:
    return [
        room.id for room, _ in memberships.ever_of_user(connection, author_id) if room_id is None or room.id == room_id
    ]


async def remove_all_in(services: Services, removal: Removal, room_id: int, ban: Ban | None) -> int:
    removed, behind, last = 0, 0, LOOKED_THROUGH
    while behind < last:
        found, last = await services.store.read(look_through, removal.author_id, room_id, behind)
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            changed = await services.store.write(take_all_away, removal, room_id, some, ban)
            removed += len(changed)
            for message in changed:
                publish_changed(services, message)
        behind += LOOKED_THROUGH
    if removed:
        services.stirred.add(room_id)
    return removed


def look_through(connection: Connection, author_id: int, room_id: int, behind: int) -> tuple[list[int], int]:
    """The numbers of the author's next messages, and the last number of the room."""
    found = messages.by_author(connection, room_id, author_id, behind, behind + LOOKED_THROUGH)
    return [said.number for said in found], messages.last_number(connection, room_id)


def take_all_away(
    connection: Connection, removal: Removal, room_id: int, numbers: list[int], ban: Ban | None = None
) -> list[Message]:
    # Before the room, as whoever lifts it does.
    if ban is not None and not bans.holds(connection, ban):
        return []
    rooms.locked(connection, room_id)
    found = messages.by_numbers(connection, [(room_id, number) for number in numbers])
    living = [message for message in found if message.removed_at is None]
    return removals.remove(connection, living, removal.by, removal.at)


async def purge(services: Services) -> None:
    """Forget for good what was removed 30 days ago."""
    before = services.clock.steady() - KEPT
    while await services.store.write(removals.purge, before, AT_ONCE) == AT_ONCE:
        pass


async def restore(services: Services, removal: Removal) -> int:
    """Put back what `remove_all` took away as `removal`, less than 30 days ago; returns how many messages that were.
    Once more changes nothing. The caller has asked for the right."""
    restored = 0
    for room_id in await services.store.read(removals.rooms_of, removal):
        while changed := await services.store.write(put_back, services.settings, removal, room_id):
            restored += len(changed)
            for message, context in changed:
                publish_changed(services, message, context.people, context.quoted)
            services.stirred.add(room_id)
            services.jobs.set()
    return restored


def put_back(
    connection: Connection, settings: Settings, removal: Removal, room_id: int
) -> list[tuple[Message, Context]]:
    """Some of them, each with what goes with it again."""
    room = rooms.locked(connection, room_id)
    assert room is not None, "rooms are never deleted"
    back = removals.restore(connection, removal, room_id, AT_ONCE)
    links.ask_for_cards(connection, settings, room, back)
    return each_with_its_own(back, context_of(connection, back))
