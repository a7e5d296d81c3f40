"""Taking messages away: whose one may, who hears of it, and what can be put back."""

from typing import Any

import pytest

from app.chat import departure, digest, memberships, messages, removal, rooms
from app.chat.removal import KEPT, PACE
from app.errors import Forbidden, NotFound, TooFast
from app.models import Message, Removal, Role, Visitor
from app.protocol import events
from app.storage import acts
from app.storage import messages as message_rows
from tests.chat.test_export import exported
from tests.support.house import GENERAL, House, new_nonce


async def stored(house: House, number: int = 1, room_id: int = GENERAL) -> Message:
    found = await house.services.store.read(message_rows.by_number, room_id, number)
    assert found is not None
    return found


async def texts(house: House, who: Visitor, room_id: int = GENERAL) -> list[str]:
    return [message.text for message in (await messages.page(house.services, who, room_id)).messages]


async def test_one_s_own_message_vanishes_for_everybody_who_looks(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "a slip")
    reader = await house.connect(bo)
    await reader.open()
    await removal.remove(house.services, ana, GENERAL, 1)
    (changed,) = await reader.hears(events.MessageChanged)
    assert (changed.room, changed.seq) == (GENERAL, changed.message.seq)
    assert changed.message == events.Message(
        number=1,
        seq=changed.seq,
        author=ana.user.id,
        at=house.clock.now(),
        nonce=(await stored(house)).nonce,
        removed=True,
    )
    assert b"a slip" not in reader.transport.bodies[-1]
    assert await texts(house, bo) == [""]
    assert await house.services.store.read(acts.page, 0, None, 9) == []


async def test_removing_again_changes_nothing_and_nobody_hears_of_it(house: House, ana: Visitor) -> None:
    await house.post(ana)
    client = await house.connect(ana)
    await client.open()
    for _ in range(3):
        await removal.remove(house.services, ana, GENERAL, 1)
    await client.post("after")
    assert len(client.of(events.MessageChanged)) == 1


async def test_somebody_else_s_message_takes_a_moderator_of_the_room(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships.join(house.services, bo, room.id)
    await house.post(ana, "by ana", room.id)
    await house.post(bo, "by bo", room.id)
    with pytest.raises(Forbidden):
        await removal.remove(house.services, bo, room.id, 1)
    house.clock.advance(5)
    await removal.remove(house.services, ana, room.id, 2, "unkind")
    assert await texts(house, bo, room.id) == ["by ana", ""]
    removed = await stored(house, 2, room.id)
    assert (removed.removed_at, removed.removed_by) == (house.clock.now(), ana.user.id)
    (act,) = await house.services.store.read(acts.page, 0, None, 9)
    assert (act.what, act.actor_id, act.person_id, act.room_id) == ("message.remove", ana.user.id, bo.user.id, room.id)
    assert (act.at, act.details) == (house.clock.now(), {"number": 2, "reason": "unkind"})


async def test_of_a_moderator_s_removal_is_told_who_did_it(house: House, ana: Visitor, bo: Visitor) -> None:
    bo = await house.appoint(bo, "moderator")
    await house.post(ana)
    client = await house.connect(ana)
    await client.open()
    await removal.remove(house.services, bo, GENERAL, 1)
    (changed,) = await client.hears(events.MessageChanged)
    assert (changed.message.removed, changed.message.removed_by) == (True, bo.user.id)
    with pytest.raises(Forbidden):  # as of one that is there
        await removal.remove(house.services, await house.sign_in("cy"), GENERAL, 1)


@pytest.mark.parametrize(
    ("actor", "author", "may"),
    [
        ("moderator", "member", True),
        ("moderator", "moderator", True),
        ("moderator", "admin", False),
        ("admin", "owner", False),
        ("owner", "admin", True),
        ("member", "member", False),
    ],
)
async def test_nobody_takes_away_what_somebody_says_who_ranks_above(
    house: House, ana: Visitor, bo: Visitor, actor: Role, author: Role, may: bool
) -> None:
    ana, bo = await house.appoint(ana, actor), await house.appoint(bo, author)
    await house.post(bo, "mine")
    if may:
        await removal.remove(house.services, ana, GENERAL, 1)
    else:
        with pytest.raises(Forbidden):
            await removal.remove(house.services, ana, GENERAL, 1)
    assert ((await stored(house)).removed_at is not None) is may


async def test_a_role_that_was_taken_is_of_no_use_though_it_is_remembered(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    moderator = await house.appoint(ana, "moderator")
    await house.appoint(ana, "member")
    await house.post(bo)
    with pytest.raises(Forbidden):
        await removal.remove(house.services, moderator, GENERAL, 1)


async def test_what_is_absent_and_what_one_may_not_see_look_alike(house: House, ana: Visitor, bo: Visitor) -> None:
    attic, _ = await rooms.create(house.services, bo, "Attic", "private")
    await house.post(bo, "secret", attic.id)
    await house.post(bo)
    for room_id, number in ((attic.id, 1), (999, 1), (GENERAL, 2)):
        with pytest.raises(NotFound):
            await removal.remove(house.services, ana, room_id, number)
    assert (await stored(house, 1, attic.id)).text == "secret"


async def test_who_left_a_room_takes_nothing_away_there(house: House, ana: Visitor) -> None:
    await house.post(ana)
    await memberships.leave(house.services, ana, GENERAL)
    with pytest.raises(NotFound):
        await removal.remove(house.services, ana, GENERAL, 1)


async def test_one_s_own_goes_from_an_archived_room_too(house: House, ana: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await house.post(ana, "old", room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=True))
    await removal.remove(house.services, ana, room.id, 1)
    assert await texts(house, ana, room.id) == [""]


async def test_a_repeated_send_of_what_was_removed_posts_nothing(house: House, ana: Visitor) -> None:
    nonce = new_nonce()
    await house.post(ana, "again", nonce=nonce)
    await removal.remove(house.services, ana, GENERAL, 1)
    posted = await house.post(ana, "again", nonce=nonce)
    assert posted.duplicate
    assert posted.message == await stored(house)
    assert await texts(house, ana) == [""]


async def test_removals_are_limited_by_person(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    for _ in range(PACE.most):
        await removal.remove(house.services, ana, GENERAL, 1)
    with pytest.raises(TooFast):
        await removal.remove(house.services, ana, GENERAL, 1)
    await house.post(bo)
    await removal.remove(house.services, bo, GENERAL, 2)


async def test_who_comes_back_is_told_what_was_removed_meanwhile(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "one")
    await house.post(ana, "two")
    away = await house.connect(bo)
    held = (await away.open()).room.seq
    away.leave()
    await removal.remove(house.services, ana, GENERAL, 1)
    back = await house.connect(bo)
    opened = await back.open(epoch=house.services.store.epoch, since=held)
    assert [(each.number, each.removed, each.text) for each in opened.messages] == [(1, True, "")]
    assert b"one" not in b"".join(back.transport.bodies)


async def test_a_hub_that_missed_it_is_told_of_changes_and_of_posts(house: House, ana: Visitor) -> None:
    for text in ("one", "two"):
        await house.post(ana, text)
    head, _ = await rooms.missed(house.services, GENERAL, 0)
    await house.post(ana, "three")
    await removal.remove(house.services, ana, GENERAL, 1)
    await removal.remove(house.services, ana, GENERAL, 3)
    _, missed = await rooms.missed(house.services, GENERAL, head)
    told: list[tuple[Any, ...]] = [
        (type(each), each.seq, each.message.number, each.message.removed)
        for each in missed
        if isinstance(each, events.MessageChanged | events.MessagePosted)
    ]
    # The third was not posted yet as far as that hub knows; those who look elsewhere hear that the room has moved.
    assert told == [(events.MessageChanged, head + 2, 1, True), (events.MessagePosted, head + 3, 3, True)]


async def test_of_too_many_missed_changes_a_hub_is_told_the_newest_message_and_the_last_change(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_CHANGES", 3)
    for _ in range(5):
        await house.post(ana)
    before, _ = await rooms.missed(house.services, GENERAL, 0)
    for number in range(1, 5):
        await removal.remove(house.services, ana, GENERAL, number)
    head, missed = await rooms.missed(house.services, GENERAL, before)
    assert [(type(each), each.seq) for each in missed] == [(events.MessageChanged, head)]
    _, missed = await rooms.missed(house.services, GENERAL, before - 1)
    assert [(type(each), each.seq) for each in missed] == [
        (events.MessagePosted, before),
        (events.MessageChanged, head),
    ]


async def test_what_is_new_tells_the_last_message_that_is_there(house: House, ana: Visitor, bo: Visitor) -> None:
    for text in ("one", "two", "three"):
        await house.post(ana, text)
    await removal.remove(house.services, ana, GENERAL, 3)
    assert [busy.message.text for busy in (await digest.show(house.services, bo)).rooms] == ["two"]
    for number in (1, 2):
        await removal.remove(house.services, ana, GENERAL, number)
    assert (await digest.show(house.services, bo)).rooms == []


async def test_an_export_holds_nothing_that_was_removed(house: House, ana: Visitor) -> None:
    for text in ("kept", "gone"):
        await house.post(ana, text)
    await removal.remove(house.services, ana, GENERAL, 2)
    assert [each["text"] for each in (await exported(house, ana))["messages"]] == ["kept"]


# Everything of one author


@pytest.fixture
async def spread(house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch) -> int:
    """Five messages of bo and one of ana in general, two of bo in another room, whose id this is; small portions."""
    monkeypatch.setattr(removal, "AT_ONCE", 2)
    monkeypatch.setattr(removal, "LOOKED_THROUGH", 3)
    room, _ = await rooms.create(house.services, bo, "Annex", "public")
    await house.post(ana, "by ana")
    for number in range(5):
        await house.post(bo, f"general {number}")
    for number in range(2):
        await house.post(bo, f"annex {number}", room.id)
    return room.id


async def test_everything_of_somebody_goes_and_comes_back(house: House, ana: Visitor, bo: Visitor, spread: int) -> None:
    reader = await house.connect(ana)
    await reader.open()
    done = Removal(bo.user.id, ana.user.id, house.clock.now())
    assert await removal.remove_all(house.services, done) == 7
    assert await texts(house, ana) == ["by ana", *[""] * 5]
    assert await texts(house, bo, spread) == ["", ""]
    heard = await reader.hears(events.MessageChanged, 5)
    assert [(each.message.number, each.message.removed_by) for each in heard] == [
        (number, ana.user.id) for number in range(2, 7)
    ]

    assert await removal.restore(house.services, done) == 7
    assert await texts(house, ana) == ["by ana", *(f"general {number}" for number in range(5))]
    assert await texts(house, bo, spread) == ["annex 0", "annex 1"]
    heard = await reader.hears(events.MessageChanged, 10)
    assert [each.message.text for each in heard[5:]] == [f"general {number}" for number in range(5)]
    assert await removal.restore(house.services, done) == 0


async def test_everything_of_one_room_leaves_the_others_alone(
    house: House, ana: Visitor, bo: Visitor, spread: int
) -> None:
    done = Removal(bo.user.id, ana.user.id, house.clock.now())
    assert await removal.remove_all(house.services, done, GENERAL) == 5
    assert await texts(house, bo, spread) == ["annex 0", "annex 1"]


async def test_what_somebody_has_removed_themselves_does_not_come_back_with_the_rest(
    house: House, ana: Visitor, bo: Visitor, spread: int
) -> None:
    await removal.remove(house.services, bo, GENERAL, 2)
    done = Removal(bo.user.id, ana.user.id, house.clock.now())
    assert await removal.remove_all(house.services, done) == 6
    assert await removal.restore(house.services, done) == 6
    assert (await texts(house, ana))[1] == ""
    assert (await stored(house, 2)).removed_by == bo.user.id


async def test_a_removal_that_was_broken_off_is_finished_by_another(
    house: House, ana: Visitor, bo: Visitor, spread: int
) -> None:
    done = Removal(bo.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, done, GENERAL)
    house.clock.advance(60)
    assert await removal.remove_all(house.services, done) == 2
    assert await removal.restore(house.services, done) == 7


async def test_what_was_removed_a_month_ago_is_gone_for_good(
    house: House, ana: Visitor, bo: Visitor, spread: int
) -> None:
    early = Removal(bo.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, early, GENERAL)
    house.clock.advance(1)
    late = Removal(bo.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, late)
    house.clock.advance(KEPT / 1000)
    await removal.purge(house.services)
    assert await removal.restore(house.services, early) == 0
    assert await removal.restore(house.services, late) == 2


async def test_a_room_that_was_left_is_among_them(house: House, ana: Visitor, bo: Visitor, spread: int) -> None:
    await memberships.leave(house.services, bo, GENERAL)
    assert await removal.remove_all(house.services, Removal(bo.user.id, ana.user.id, house.clock.now())) == 7


async def test_who_deletes_their_account_may_take_all_they_wrote_along(
    house: House, ana: Visitor, bo: Visitor, spread: int
) -> None:
    await departure.delete(house.services, bo, "bo", with_messages=True)
    assert await texts(house, ana) == ["by ana", *[""] * 5]
    removed = await stored(house, 2)
    assert removed.removed_by == bo.user.id
