"""Mentions: of people and not of handles, told to them and to nobody else."""

import secrets

import pytest

from app.chat import accounts, blocks, departure, editing, memberships, mentions, messages, reading, removal, rooms
from app.chat.events import publish_to_user
from app.models import Removal, TwitterProfile, Visitor
from app.protocol import commands, events
from app.render.mentions import mentioned_in
from app.storage import mentions as mention_rows
from tests.support.house import GENERAL, House
from tests.support.storage import statements


async def called(house: House, x_id: str, handle: str) -> Visitor:
    """Somebody whom X calls so now."""
    profile = TwitterProfile(x_id, handle, handle.title(), fetched=True)
    return Visitor((await accounts.sign_in_with_twitter(house.services, profile, "")).user)


async def inbox(house: House, visitor: Visitor) -> list[str]:
    found = await mentions.page(house.services, visitor, None, 50)
    return [message.text for _, message in found.found]


async def unread(house: House, visitor: Visitor) -> list[int]:
    (started,) = (await house.connect(visitor)).of(events.SessionStarted)
    return started.rooms[0].mentions


async def test_who_is_mentioned_hears_it_in_whatever_room_and_others_do_not(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    looking, elsewhere, other = await house.connect(bo), await house.connect(bo), await house.connect(ana)
    await looking.open()
    await other.open()
    await house.post(ana, f"Look, @{bo.user.handle.upper()}!")
    for client in (looking, elsewhere):
        assert await client.hears(events.MentionPosted) == [events.MentionPosted(GENERAL, 1)]
    assert not other.of(events.MentionPosted)
    (posted,) = looking.of(events.MessagePosted)
    assert posted.message.mentions == [bo.user.id]
    assert [person.id for person in posted.people] == [bo.user.id]
    assert await inbox(house, bo) == ["Look, @BO!"]
    assert await unread(house, bo) == [1]


async def test_unread_mentions_go_with_reading_and_come_back_with_it(house: House, ana: Visitor, bo: Visitor) -> None:
    for text in ("@bo", "nothing", "@bo"):
        await house.post(ana, text)
    assert sorted(await unread(house, bo)) == [1, 3]
    await reading.move(house.services, bo, GENERAL, 3)
    assert await unread(house, bo) == []
    client = await house.connect(bo)
    await reading.move_back(house.services, bo, GENERAL, 2)
    (moved,) = client.of(events.RoomUnread)
    assert (moved.number, moved.mentions) == (1, [3])
    assert len(await inbox(house, bo)) == 2, "read or not"


async def test_nobody_is_told_that_they_mention_themselves(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await house.post(ana, "I, @ana, say so")
    page = await messages.page(house.services, ana, GENERAL)
    assert [mentioned_in(message.html) for message in page.messages] == [[ana.user.id]]
    assert not client.of(events.MentionPosted)
    assert await inbox(house, ana) == []


async def test_who_is_not_in_the_room_is_not_mentioned(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    sent = await messages.post(house.services, ana, attic.id, secrets.token_urlsafe(16), "not for @bo to know")
    assert mentioned_in((await sent).message.html) == []
    assert not client.of(events.MentionPosted)
    assert await inbox(house, bo) == []


async def test_what_blocked_people_say_does_not_count_and_they_do_not_learn_it(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await blocks.block(house.services, bo, ana.user.id)
    client, other = await house.connect(bo), await house.connect(ana)
    await other.open()
    await house.post(ana, "@bo, hello?")
    (posted,) = await other.hears(events.MessagePosted)
    assert posted.message.mentions == [bo.user.id], "as if nothing were"
    assert not client.of(events.MentionPosted)
    assert await unread(house, bo) == []
    assert await inbox(house, bo) == []


async def test_old_mentions_stay_whose_they_were_when_a_handle_changes_hands(house: House, ana: Visitor) -> None:
    first = await called(house, "x-first", "wren")
    await house.post(ana, "@wren, the first")
    await called(house, "x-first", "jenny")
    second = await called(house, "x-second", "wren")
    await house.post(ana, "@wren, the second")
    await house.post(ana, "@jenny, who was wren")
    assert await inbox(house, first) == ["@jenny, who was wren", "@wren, the first"]
    assert await inbox(house, second) == ["@wren, the second"]
    page = await messages.page(house.services, ana, GENERAL)
    assert [mentioned_in(message.html) for message in page.messages] == [
        [first.user.id], [second.user.id], [first.user.id]
    ]  # fmt: skip
    handles = {person.id: person.handle for person in page.people}
    assert (handles[first.user.id], handles[second.user.id]) == ("jenny", "wren")


async def test_a_handle_that_two_are_shown_under_is_whose_x_named_so_last(house: House, ana: Visitor) -> None:
    """The first one has not signed in since they gave it up."""
    await called(house, "x-first", "wren")
    second = await called(house, "x-second", "wren")
    await house.post(ana, "@wren")
    assert await inbox(house, second) == ["@wren"]


async def test_a_message_names_so_many_people_at_most(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "MOST", 1)
    sent = (await house.post(ana, "@bo @ana @bo")).message
    assert mentioned_in(sent.html) == [bo.user.id]


async def test_a_text_without_a_handle_asks_nothing_of_the_database(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "so that what is remembered is")
    with statements(house.services.store) as plain:
        await house.post(ana, "ana@example.org, 5 @ 3 each")
    with statements(house.services.store) as mentioning:
        await house.post(ana, f"@{bo.user.handle}")
    # A reader that was not asked before is set up first.
    asked = [each for each in mentioning if not each.startswith("PRAGMA")]
    assert len(asked) == len(plain) + 2, "who that is, and that they are mentioned"
    assert not any("mentions" in each for each in plain)


async def test_the_list_is_answered_in_pages_with_its_people(house: House, ana: Visitor, bo: Visitor) -> None:
    for text in ("@bo one", "@bo two", "@bo and @ana, three"):
        await house.post(ana, text)
    client = await house.connect(bo)
    first = await client.ask(commands.ListMentions(ref=0, limit=2))
    assert isinstance(first, events.Mentions)
    assert [each.message.text for each in first.mentions] == ["@bo and @ana, three", "@bo two"]
    assert {person.id for person in first.people} == {ana.user.id, bo.user.id}
    assert not first.last
    rest = await client.ask(commands.ListMentions(ref=0, before=first.mentions[-1].id))
    assert isinstance(rest, events.Mentions)
    assert [each.message.text for each in rest.mentions] == ["@bo one"]
    assert rest.last


async def test_who_left_a_room_finds_nothing_of_it(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "@bo")
    await memberships.leave(house.services, bo, GENERAL)
    assert await inbox(house, bo) == []
    await memberships.join(house.services, bo, GENERAL)
    assert await inbox(house, bo) == ["@bo"]
    assert await unread(house, bo) == [], "what was said before is read"


async def test_who_deletes_their_account_leaves_no_list_behind(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "@bo")
    await departure.delete(house.services, bo, bo.user.handle)
    assert await house.services.store.read(mention_rows.inbox, bo.user.id, None, 10) == []


async def test_an_edit_tells_those_whom_it_mentions_only_now(house: House, ana: Visitor, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    sent = (await house.post(ana, "@bo, look")).message
    clients = {each.user.id: await house.connect(each) for each in (bo, cleo)}
    await editing.edit(house.services, ana, GENERAL, sent.number, "@bo, @cleo, look")
    told = await clients[cleo.user.id].hears(events.MentionPosted)
    assert told == [events.MentionPosted(room=GENERAL, number=sent.number)]
    assert clients[bo.user.id].of(events.MentionPosted) == []
    assert await inbox(house, cleo) == await inbox(house, bo) == ["@bo, @cleo, look"]
    await editing.edit(house.services, ana, GENERAL, sent.number, "look")
    assert await inbox(house, cleo) == await inbox(house, bo) == []
    assert await unread(house, bo) == []


async def test_an_edit_brings_those_whom_it_mentions(house: House, ana: Visitor, bo: Visitor) -> None:
    sent = (await house.post(ana, "look")).message
    client = await house.connect(bo)
    await client.open()
    await editing.edit(house.services, ana, GENERAL, sent.number, "@bo, look")
    (changed,) = await client.hears(events.MessageChanged)
    assert (changed.message.mentions, [person.id for person in changed.people]) == ([bo.user.id], [bo.user.id])


async def test_what_is_removed_mentions_nobody_until_it_is_put_back(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "@bo, look")
    taken = Removal(ana.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, taken)
    assert (await inbox(house, bo), await unread(house, bo)) == ([], [])
    client = await house.connect(bo)
    await client.open()
    await removal.restore(house.services, taken)
    assert (await inbox(house, bo), await unread(house, bo)) == (["@bo, look"], [1])
    (changed,) = await client.hears(events.MessageChanged)
    assert [person.id for person in changed.people] == [bo.user.id]


async def test_who_was_put_out_before_it_was_stored_hears_nothing(house: House, bo: Visitor) -> None:
    attic = await house.private_room()
    client = await house.connect(bo)
    for room in (attic.id, GENERAL):
        publish_to_user(house.services, bo.user.id, events.MentionPosted(room=room, number=1))
    assert await client.hears(events.MentionPosted) == [events.MentionPosted(room=GENERAL, number=1)]
