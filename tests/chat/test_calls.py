"""@all and @here: whom they tell, who may use them, and what an edit makes of them."""

import pytest

from app.chat import blocks, calls, editing, memberships, mentions, removal, rights, rooms, threads
from app.models import Removal, Visitor
from app.protocol import commands, events
from tests.support.house import GENERAL, House


async def unread(house: House, visitor: Visitor) -> list[int]:
    client = await house.connect(visitor)
    (started,) = client.of(events.SessionStarted)
    client.leave()
    return started.rooms[0].mentions


async def inbox(house: House, visitor: Visitor) -> list[str]:
    found = await mentions.page(house.services, visitor, None, 50)
    return [message.text for _, message in found.found]


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are a crowd."""
    monkeypatch.setattr(rights, "FEW", 1)


async def test_all_tells_everybody_in_the_room_wherever_they_look(house: House, ana: Visitor, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    looking, elsewhere, author = [await house.connect(each) for each in (bo, cleo, ana)]
    await looking.open()
    sent = (await house.post(ana, "@all, the tide turns")).message
    told = events.MentionPosted(GENERAL, sent.number, by=ana.user.id)
    for client in (looking, elsewhere, author):
        assert await client.hears(events.MentionPosted) == [told]
    (posted,) = looking.of(events.MessagePosted)
    assert (posted.message.told, posted.message.mentions) == ("all", [])
    assert '<span class="mention">@all</span>' in posted.message.html
    assert [await unread(house, each) for each in (ana, bo, cleo)] == [[], [1], [1]]
    assert await inbox(house, cleo) == ["@all, the tide turns"]


async def test_who_comes_later_was_not_called(house: House, ana: Visitor) -> None:
    await house.post(ana, "@all, tea")
    house.clock.advance(1)
    later = await house.sign_in("later")
    assert (await unread(house, later), await inbox(house, later)) == ([], [])


async def test_here_tells_those_who_are_connected_but_not_who_blocked_its_author(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    cleo, dora = await house.sign_in("cleo"), await house.sign_in("dora")
    await blocks.block(house.services, cleo, ana.user.id)
    clients = {each.user.id: await house.connect(each) for each in (ana, bo, cleo)}
    sent = (await house.post(ana, "@here, lunch")).message
    assert await clients[bo.user.id].hears(events.MentionPosted) == [events.MentionPosted(GENERAL, sent.number)]
    assert sent.more.told == (bo.user.id,)
    for other in (ana, cleo):
        assert not clients[other.user.id].of(events.MentionPosted)
    assert [await unread(house, each) for each in (ana, bo, cleo, dora)] == [[], [1], [], []]


async def test_where_more_are_connected_than_it_tells_here_is_a_word(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "HERE_LIMIT", 1)
    await house.connect(bo)
    assert (await house.post(ana, "@here, one")).message.more.told == (bo.user.id,)
    await house.connect(await house.sign_in("cleo"))
    sent = (await house.post(ana, "@here, two")).message
    assert (sent.extras, sent.html) == (None, "@here, two")


@pytest.mark.usefixtures("crowded")
async def test_in_a_crowd_moderators_alone_call(house: House, ana: Visitor, bo: Visitor) -> None:
    sent = (await house.post(bo, "@all @here")).message
    assert (sent.extras, sent.html) == (None, "@all @here")
    assert await unread(house, ana) == []
    boss = await house.appoint(bo, "moderator")
    assert (await house.post(boss, "@all")).message.more.told == "all"
    attic, _ = await rooms.create(house.services, ana, "Attic", "private", "", "")
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    assert (await house.post(ana, "@all", attic.id)).message.more.told == "all", "who made it moderates it"
    assert (await house.post(bo, "@all", attic.id)).message.more.told is None


@pytest.mark.usefixtures("crowded")
async def test_in_a_talk_everybody_calls(house: House, ana: Visitor, bo: Visitor) -> None:
    talk = await (await house.connect(ana)).ask(commands.OpenDirect(ref=0, people=[bo.user.id]))
    assert isinstance(talk, events.RoomShown)
    assert (await house.post(ana, "@all", talk.room.id)).message.more.told == "all"


async def test_in_a_thread_nobody_calls_but_names_are_found(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "who has the key?")
    thread = (await threads.open_thread(house.services, ana, GENERAL, 1)).thread
    client = await house.connect(bo)
    sent = (await house.post(ana, "@all, @here: who?", thread.id)).message
    assert sent.extras is None
    assert not client.of(events.MentionPosted)
    await editing.edit(house.services, ana, thread.id, 1, "@all or @bo?")
    assert await client.hears(events.MentionPosted) == [events.MentionPosted(thread.id, 1)]


async def test_an_edit_that_calls_tells_them_then_and_only_once(house: House, ana: Visitor, bo: Visitor) -> None:
    sent = (await house.post(ana, "tea")).message
    client = await house.connect(bo)
    edited = await editing.edit(house.services, ana, GENERAL, sent.number, "@all, tea")
    assert edited.more.told == "all"
    await editing.edit(house.services, ana, GENERAL, sent.number, "@all, cake")
    assert len(await client.hears(events.MentionPosted)) == 1
    assert await unread(house, bo) == [1]
    gone = await editing.edit(house.services, ana, GENERAL, sent.number, "cake")
    assert gone.extras is None
    assert await unread(house, bo) == []


async def test_an_edit_does_not_call_who_came_here_since(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.connect(bo)
    sent = (await house.post(ana, "@here, tea")).message
    cleo = await house.sign_in("cleo")
    client = await house.connect(cleo)
    edited = await editing.edit(house.services, ana, GENERAL, sent.number, "@here, cake")
    assert edited.more.told == (bo.user.id,)
    assert not client.of(events.MentionPosted)


async def test_what_is_removed_calls_nobody_until_it_is_put_back(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "@all, look")
    taken = Removal(ana.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, taken)
    assert (await inbox(house, bo), await unread(house, bo)) == ([], [])
    await removal.restore(house.services, taken)
    assert (await inbox(house, bo), await unread(house, bo)) == (["@all, look"], [1])


async def test_calls_in_code_tell_nobody(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    sent = (await house.post(ana, "write `@all` for that")).message
    assert sent.extras is None
    assert await unread(house, bo) == []
    assert not client.of(events.MentionPosted)


async def test_an_action_is_kept_and_told_as_one(house: House, ana: Visitor, bo: Visitor) -> None:
    reader, writer = await house.connect(bo), await house.connect(ana)
    await reader.open()
    sent = await writer.ask(commands.SendMessage(0, GENERAL, "a-nonce-of-sixteen", "waves", kind="me"))
    assert isinstance(sent, events.Sent)
    (posted,) = await reader.hears(events.MessagePosted)
    assert (posted.message.kind, sent.message.kind, posted.message.text) == ("me", "me", "waves")
