"""Reacting to messages: who may, what is kept, and what everybody hears of it."""

import asyncio

import pytest

from app.chat import departure, direct, editing, memberships, messages, reactions, reading, removal, rooms
from app.chat.reactions import LISTED, MOST, PACE
from app.errors import (
    MessageRemoved,
    Muted,
    NotFound,
    RoomArchived,
    RoostError,
    TooFast,
    TooManyReactions,
    UnknownEmoji,
)
from app.models import Removal, Visitor
from app.protocol import events
from app.protocol.events import Reaction, ReactionChange
from app.render.emoji import characters
from app.storage import rooms as room_rows
from app.storage import users
from tests.chat.test_export import exported
from tests.support.house import GENERAL, House, StuckWriter
from tests.support.waiting import until


async def react(
    house: House, who: Visitor, emoji: str = "👍", number: int = 1, *, on: bool = True, room_id: int = GENERAL
) -> None:
    await reactions.react(house.services, who, room_id, number, emoji, on=on)


async def kept(house: House, who: Visitor, number: int = 1, room_id: int = GENERAL) -> list[tuple[str, list[int]]]:
    """What is on a message, as a page of history tells it."""
    page = await messages.page(house.services, who, room_id, around=number, limit=1)
    return [(each.emoji, list(each.people)) for each in page.messages[0].more.reactions]


async def seq_of(house: House, room_id: int = GENERAL) -> int:
    room = await house.services.store.read(room_rows.by_id, room_id)
    assert room is not None
    return room.seq


async def test_everybody_who_looks_hears_what_was_put_on_a_message_and_by_whom(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    posted = (await house.post(ana)).message
    reader = await house.connect(ana)
    await reader.open()
    await react(house, bo)
    (changed,) = await reader.hears(events.ReactionsChanged)
    assert (changed.room, changed.number, changed.seq) == (GENERAL, 1, posted.seq + 1)
    assert changed.changes == [ReactionChange("👍", bo.user.id, on=True)]
    assert [person.handle for person in changed.people] == ["bo"]
    await react(house, bo, on=False)
    (_, gone) = await reader.hears(events.ReactionsChanged, 2)
    assert (gone.changes, gone.people) == ([ReactionChange("👍", bo.user.id)], [])
    assert await kept(house, ana) == []


async def test_they_stand_in_the_order_of_their_first_use_each_with_its_people(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana)
    for who, emoji in ((bo, "🎉"), (ana, "❤"), (ana, "🎉")):
        await react(house, who, emoji)
    assert await kept(house, ana) == [("🎉", [bo.user.id, ana.user.id]), ("❤️", [ana.user.id])]
    await react(house, bo, "🎉", on=False)
    await react(house, bo, "🎉")
    assert await kept(house, ana) == [("🎉", [ana.user.id, bo.user.id]), ("❤️", [ana.user.id])]
    opened = await (await house.connect(bo)).open()
    people = [ana.user.id, bo.user.id]
    assert opened.messages[0].reactions == [Reaction("🎉", people), Reaction("❤️", [ana.user.id])]
    assert {person.id for person in opened.people} == {ana.user.id, bo.user.id}


async def test_a_repeated_word_changes_nothing(house: House, ana: Visitor) -> None:
    await house.post(ana)
    await react(house, ana, on=False)
    await react(house, ana, "❤️")
    seq = await seq_of(house)
    await react(house, ana, "❤")
    assert await seq_of(house) == seq


async def test_those_who_react_at_the_same_moment_share_one_change_of_the_message(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    for _ in range(2):
        await house.post(ana)
    seq = await seq_of(house)
    reader = await house.connect(ana)
    await reader.open()
    stuck = StuckWriter(house)
    await stuck.is_stuck()
    first = asyncio.create_task(react(house, ana, "🎉", 2))
    await asyncio.sleep(0)
    others = [asyncio.create_task(react(house, who, emoji)) for who in (ana, bo) for emoji in ("👍", "👀")]
    await until(lambda: len(house.services.reactions._waiting) == len(others))
    await stuck.release()
    await asyncio.gather(first, *others)
    assert await seq_of(house) == seq + 2
    alone, together = await reader.hears(events.ReactionsChanged, 2)
    assert [each.number for each in (alone, together)] == [2, 1]
    assert len(together.changes) == len(others)
    assert {person.handle for person in together.people} == {"ana", "bo"}


async def test_of_those_who_share_a_change_each_is_told_why_theirs_came_to_nothing(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    for _ in range(2):
        await house.post(ana)
    await removal.remove(house.services, ana, GENERAL, 2)
    works = [react(house, ana), react(house, bo, number=2), react(house, bo, number=3), react(house, bo)]
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert [type(each) for each in outcomes] == [type(None), MessageRemoved, NotFound, type(None)]
    assert await kept(house, ana) == [("👍", [ana.user.id, bo.user.id])]


async def test_what_cannot_be_stored_is_told_to_those_who_wanted_it(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.post(ana)

    def full(*_: object) -> None:
        raise RoostError

    monkeypatch.setattr(reactions, "write", full)
    with pytest.raises(RoostError):
        await react(house, ana)
    monkeypatch.undo()
    await react(house, ana)


async def test_only_emoji_are_put_on_messages_and_of_those_twenty_different_ones(house: House, ana: Visitor) -> None:
    await house.post(ana)
    for text in ("", "lol", "👍👍", "<b>"):
        with pytest.raises(UnknownEmoji):
            await react(house, ana, text)
    many = list(dict.fromkeys(characters().values()))[: MOST + 1]
    for emoji in many[:MOST]:
        await react(house, ana, emoji)
    with pytest.raises(TooManyReactions, match="at most 20 different"):
        await react(house, ana, many[MOST])
    await react(house, ana, many[0], on=False)
    await react(house, ana, many[MOST])
    assert [emoji for emoji, _ in await kept(house, ana)] == many[1:]


async def test_it_is_limited_by_person(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    for count in range(PACE.most):
        await react(house, ana, on=count % 2 == 0)
    with pytest.raises(TooFast):
        await react(house, ana)
    await react(house, bo)


async def test_where_only_moderators_post_all_may_react_but_not_in_an_archive_nor_while_muted(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    room, _ = await rooms.create(house.services, ana, "News", "public")
    await memberships.join(house.services, bo, room.id)
    await house.post(ana, room=room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(posting="moderators", slow_seconds=60))
    await react(house, bo, room_id=room.id)
    until_then = house.clock.now() + 60_000
    await house.services.store.write(users.mute, bo.user.id, until_then)
    muted = await house.sign_in("bo")
    with pytest.raises(Muted):
        await react(house, muted, "👀", room_id=room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=True))
    with pytest.raises(RoomArchived):
        await react(house, bo, on=False, room_id=room.id)


async def test_what_is_absent_and_what_one_may_not_see_look_alike(house: House, ana: Visitor, bo: Visitor) -> None:
    attic, _ = await rooms.create(house.services, bo, "Attic", "private")
    await house.post(bo, room=attic.id)
    for room_id, number in ((attic.id, 1), (999, 1), (GENERAL, 1)):
        with pytest.raises(NotFound):
            await react(house, ana, number=number, room_id=room_id)
        with pytest.raises(NotFound):
            await reactions.people(house.services, ana, room_id, number, "👍")


async def test_it_is_nothing_to_read(house: House, ana: Visitor, bo: Visitor) -> None:
    talk = await direct.open_room(house.services, ana, [bo.user.id])
    for room_id in (GENERAL, talk.room.id):
        await house.post(ana, room=room_id)
        await reading.move(house.services, ana, room_id, 1)
    elsewhere = await house.connect(ana)
    await house.pulse.tell()
    await house.pulse.beat()
    elsewhere.forget()
    before = {room.id: room.last_at for room, _ in await rooms.of_visitor(house.services, ana)}
    house.clock.advance(60)
    for room_id in before:
        await react(house, bo, room_id=room_id)
    await house.pulse.tell()
    await house.pulse.beat()
    assert elsewhere.of(events.Heartbeat) == [events.Heartbeat()]
    assert set(elsewhere.types) <= {"heartbeat", "presence.changed"}
    after = await rooms.of_visitor(house.services, ana)
    assert {room.id: room.last_at for room, _ in after} == before
    assert all(room.last_number == membership.read_number for room, membership in after)


async def test_what_is_removed_has_none_until_it_is_put_back_and_an_edit_keeps_them(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, "one")
    await react(house, bo)
    await editing.edit(house.services, ana, GENERAL, 1, "two")
    assert await kept(house, bo) == [("👍", [bo.user.id])]
    done = Removal(ana.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, done)
    with pytest.raises(MessageRemoved):
        await react(house, bo, on=False)
    with pytest.raises(NotFound):
        await reactions.people(house.services, bo, GENERAL, 1, "👍")
    assert await kept(house, bo) == []
    await removal.restore(house.services, done)
    assert await kept(house, bo) == [("👍", [bo.user.id])]


async def test_who_reacted_is_told_up_to_a_hundred(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    crowd = [await house.sign_in(f"p{number}") for number in range(LISTED + 1)]
    await asyncio.gather(*[react(house, who, "❤️") for who in crowd])
    people, count = await reactions.people(house.services, bo, GENERAL, 1, "❤")
    assert (len(people), count) == (LISTED, LISTED + 1)
    ((_, ids),) = await kept(house, ana)
    assert [person.id for person in people] == ids[:LISTED]
    assert await reactions.people(house.services, bo, GENERAL, 1, "👍") == ([], 0)
    page = await messages.page(house.services, bo, GENERAL)
    assert len(page.people) == 11, "whoever is named, and the author"


async def test_who_leaves_with_their_messages_leaves_no_reactions_either(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    for text in ("one", "two", "three"):
        await house.post(bo, text)
    for number in (1, 2, 3):
        await react(house, ana, number=number)
        await react(house, bo, number=number)
    done = Removal(bo.user.id, bo.user.id, house.clock.now())
    await removal.remove(house.services, bo, GENERAL, 3)
    reader = await house.connect(bo)
    await reader.open()
    await departure.delete(house.services, ana, "ana", with_messages=True)
    heard = await reader.hears(events.ReactionsChanged, 2)
    assert [(each.number, each.changes) for each in heard] == [
        (number, [ReactionChange("👍", ana.user.id)]) for number in (1, 2)
    ]
    await removal.restore(house.services, done)
    for number in (1, 2, 3):
        assert await kept(house, bo, number) == [("👍", [bo.user.id])]


async def test_of_who_leaves_their_messages_here_the_reactions_stay(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(bo)
    await react(house, ana)
    await departure.delete(house.services, ana, "ana")
    assert await kept(house, bo) == [("👍", [ana.user.id])]
    people, _ = await reactions.people(house.services, bo, GENERAL, 1, "👍")
    assert [person.kind for person in people] == ["former"]


async def test_an_export_has_what_one_put_on_messages(house: House, ana: Visitor, bo: Visitor) -> None:
    for number in (1, 2):
        await house.post(bo)
        await react(house, bo, number=number)
    await react(house, ana, "🎉", 2)
    assert (await exported(house, ana))["reactions"] == [{"room": GENERAL, "number": 2, "emoji": "🎉"}]
