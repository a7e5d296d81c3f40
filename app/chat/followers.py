"""Who follows a thread: whoever began it, writes in it or is mentioned, until they say that they do not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.chat.events import (
    publish_to_room,
    publish_to_user,
    shown_person,
    shown_room,
    shown_room_preferences,
)
from app.models import Membership, Room, Standing, User
from app.protocol.events import MemberJoined, RoomJoined
from app.services import Services
from app.storage import memberships, rooms, threads, turns, users
from app.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Following:
    """Somebody in a thread as it was then; `is_new`: they were not in it before."""

    thread: Room
    membership: Membership
    person: User
    is_new: bool = False


async def gather(services: Services, thread: Room, author: User, meant: Collection[int]) -> None:
    """Before a message of a thread is kept: let its author, and those whom it means, follow. All connections of theirs
    know of the thread then, or they would be told nothing of a message in it."""
    ids = {author.id, *meant}
    found = await services.store.read(following, thread.id, ids)
    if len(found) < len(ids) or any(each.membership.hidden for each in found):
        publish(services, await services.store.write(follow, thread, ids, services.clock.now()))
    else:
        publish(services, [each for each in found if each.person.id != author.id])


def following(connection: Connection, thread_id: int, user_ids: Collection[int]) -> list[Following]:
    """Those of these people who are in a thread, whether they follow it or not."""
    found = threads.standings_of(connection, thread_id, user_ids)
    return [Following(*found[user.id], user) for user in users.by_ids(connection, found)]


def follow(connection: Connection, thread: Room, user_ids: Collection[int], now: int) -> list[Following]:
    """Let those of these people follow a thread who are in its room."""
    assert thread.parent_id is not None, "the caller has looked"
    turns.take(connection)
    rooms.locked(connection, thread.parent_id)
    rooms.locked(connection, thread.id)
    for user_id in sorted(user_ids):
        memberships.prefer(connection, thread.id, user_id, {"hidden": False})
    inside = {each.person.id for each in following(connection, thread.id, user_ids)}
    entered = [enter(connection, thread, user, now) for user in users.by_ids(connection, set(user_ids) - inside)]
    return [*following(connection, thread.id, inside), *(each for each in entered if each is not None)]


def enter(connection: Connection, thread: Room, person: User, now: int, *, hidden: bool = False) -> Following | None:
    """Bring somebody who is not in it into a locked thread, if they are in its room; a bot follows none. Take a turn
    first, and lock the room: they may be put out at this moment."""
    assert thread.parent_id is not None, "as above"
    own = memberships.find(connection, thread.parent_id, person.id)
    if own is None or person.kind == "bot":
        return None
    role: Standing = "peer" if own.role == "peer" else "member"
    return Following(*memberships.join(connection, thread.id, person.id, now, role, hidden=hidden), person, is_new=True)


def publish(services: Services, found: Iterable[Following]) -> None:
    """Tell their connections, of which some may know, and the thread of those who are new in it."""
    for each in found:
        room_id, seq = each.thread.id, each.membership.seq
        publish_to_user(services, each.person.id, RoomJoined(room=shown_room(each.thread, each.membership)))
        if each.is_new:
            joined = MemberJoined(room=room_id, seq=seq, person=shown_person(each.person))
            publish_to_room(services, room_id, seq, joined)
        else:
            publish_to_user(services, each.person.id, shown_room_preferences(each.membership))
