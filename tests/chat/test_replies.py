"""Answering a message: whom it tells, and what goes with it."""

import pytest

from app.chat import blocks, editing, memberships, mentions, messages, reading, removal, rooms
from app.chat.context import BEGINNING, WHOLE
from app.errors import NotFound
from app.models import Posted, Removal, Visitor
from app.protocol import commands, events
from tests.chat.test_export import exported
from tests.chat.test_mentions import inbox, unread
from tests.support.house import GENERAL, House, new_nonce
from tests.support.storage import statements


async def reply(house: House, who: Visitor, text: str, to: int, room_id: int = GENERAL, nonce: str = "") -> Posted:
    return await (await messages.post(house.services, who, room_id, nonce or new_nonce(), text, reply_to=to))


async def test_an_answer_names_its_message_and_brings_it_with_its_author(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, "what time?")
    client = await house.connect(bo)
    await client.open()
    answer = await client.ask(commands.SendMessage(ref=0, room=GENERAL, nonce=new_nonce(), text="at two", reply_to=1))
    assert isinstance(answer, events.Sent)
    assert answer.message.reply_to == 1
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.message.reply_to == 1
    assert [(each.number, each.text) for each in posted.quoted] == [(1, "what time?")]
    assert [person.id for person in posted.people] == [ana.user.id]


async def test_what_a_page_answers_comes_with_it_unless_it_is_on_it(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "old, with @bo in it")
    for number in range(3):
        await house.post(ana, f"between {number}")
    await reply(house, bo, "to the old one", 1)
    await reply(house, bo, "to the one before", 5)
    page = await messages.page(house.services, ana, GENERAL, limit=2)
    assert [each.text for each in page.quoted] == ["old, with @bo in it"]
    assert {person.id for person in page.people} == {ana.user.id, bo.user.id}
    client = await house.connect(ana)
    opened = await client.open()
    assert (len(opened.messages), opened.quoted) == (6, [])
    opened = await client.open(epoch=house.services.store.epoch, since=opened.room.seq - 1)
    assert [(each.reply_to, each.text) for each in opened.messages] == [(5, "to the one before")]
    assert [(each.number, each.reply_to) for each in opened.quoted] == [(5, 1)]


async def test_its_author_is_told_as_if_they_were_mentioned(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "what time?")
    client = await house.connect(ana)
    await reply(house, bo, "at two", 1)
    assert await client.hears(events.MentionPosted) == [events.MentionPosted(GENERAL, 2)]
    assert await unread(house, ana) == [2]
    page = await mentions.page(house.services, ana, None, 9)
    ((_, message),) = page.found
    assert (message.text, page.quotes[GENERAL, 1].text) == ("at two", "what time?")
    await reading.move(house.services, ana, GENERAL, 2)
    assert (await unread(house, ana), await inbox(house, ana)) == ([], ["at two"])


async def test_who_is_answered_and_mentioned_is_told_once(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    client = await house.connect(ana)
    await reply(house, bo, "@ana, yes", 1)
    assert await client.hears(events.MentionPosted) == [events.MentionPosted(GENERAL, 2)]
    assert await inbox(house, ana) == ["@ana, yes"]


async def test_an_answer_may_call_others_and_its_quote_calls_nobody(house: House, ana: Visitor, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    clients = [await house.connect(each) for each in (ana, cleo)]
    await reply_to_a_call(house, ana, bo)
    for client, numbers in zip(clients, ([2], [1, 2]), strict=True):
        assert [each.number for each in await client.hears(events.MentionPosted, len(numbers))] == numbers
    page = await messages.page(house.services, cleo, GENERAL, after=1)
    assert page.messages[0].more.told == (ana.user.id, cleo.user.id)
    assert page.quoted[0].extras is None
    # An edit without the call takes it back, and still answers.
    await editing.edit(house.services, bo, GENERAL, 2, "we know")
    assert (await inbox(house, ana), await inbox(house, cleo)) == (["we know"], ["@here, look"])


async def reply_to_a_call(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "@here, look")
    await reply(house, bo, "@here, we know", 1)


async def test_nobody_is_told_who_answers_themselves_or_left_or_blocked_who_answers(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    cleo, dan = await house.sign_in("cleo"), await house.sign_in("dan")
    for author in (ana, bo, cleo, dan):
        await house.post(author)
    clients = [await house.connect(each) for each in (ana, bo, cleo)]
    await memberships.leave(house.services, bo, GENERAL)
    await blocks.block(house.services, cleo, ana.user.id)
    for number in (1, 2, 3, 4):
        await reply(house, ana, f"to {number}", number)
    assert not any(client.of(events.MentionPosted) for client in clients)
    await memberships.join(house.services, bo, GENERAL)
    await blocks.unblock(house.services, cleo, ana.user.id)
    for who, found in ((ana, []), (bo, []), (cleo, []), (dan, ["to 4"])):
        assert await inbox(house, who) == found


async def test_only_a_message_that_the_room_never_had_is_refused(house: House, ana: Visitor, bo: Visitor) -> None:
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    await house.post(ana, room=attic.id)
    with pytest.raises(NotFound):
        await reply(house, bo, "to nothing", 1)
    await house.post(ana)
    with pytest.raises(NotFound):
        await reply(house, bo, "to what is to come", 2)
    await removal.remove(house.services, ana, GENERAL, 1)
    posted = await reply(house, bo, "written meanwhile", 1)
    assert posted.message.reply_to == 1
    page = await messages.page(house.services, bo, GENERAL, limit=1)
    assert [(each.number, each.text, each.removed_at is None) for each in page.quoted] == [(1, "", False)]


async def test_a_repeated_answer_is_the_first_one(house: House, ana: Visitor, bo: Visitor) -> None:
    nonce = new_nonce()
    await house.post(ana)
    first = await reply(house, bo, "once", 1, nonce=nonce)
    again = await reply(house, bo, "once", 1, nonce=nonce)
    assert (again.duplicate, again.message) == (True, first.message)
    assert await inbox(house, ana) == ["once"]


async def test_an_edited_answer_still_is_one_and_tells_nobody_again(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "what time?")
    await reply(house, bo, "at tow", 1)
    client = await house.connect(ana)
    await client.open()
    await editing.edit(house.services, bo, GENERAL, 2, "at two")
    (changed,) = await client.hears(events.MessageChanged)
    assert (changed.message.text, changed.message.reply_to) == ("at two", 1)
    assert [each.text for each in changed.quoted] == ["what time?"]
    assert ana.user.id in {person.id for person in changed.people}
    assert not client.of(events.MentionPosted)
    assert await inbox(house, ana) == ["at two"]


async def test_of_what_was_answered_a_trace_stays_and_goes_when_it_is_put_back(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, "what time?")
    await house.post(ana, "nobody answers")
    await reply(house, bo, "at two", 1)
    client = await house.connect(bo)
    await client.open()
    taken = Removal(ana.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, taken)
    changed = await client.hears(events.MessageChanged, 2)
    assert [(each.message.number, each.message.removed, each.message.answered) for each in changed] == [
        (1, True, True), (2, True, False)
    ]  # fmt: skip
    client.forget()
    await removal.restore(house.services, taken)
    changed = await client.hears(events.MessageChanged, 2)
    assert [(each.message.text, each.message.answered) for each in changed] == [
        ("what time?", False), ("nobody answers", False)
    ]  # fmt: skip


async def test_what_is_gone_answers_nothing_until_it_is_put_back(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "what time?")
    await reply(house, bo, "at two", 1)
    taken = Removal(bo.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, taken)
    await removal.remove(house.services, ana, GENERAL, 1)
    found = (await messages.page(house.services, bo, GENERAL)).messages
    assert [(each.answers, each.more.answered) for each in found] == [(None, False), (None, False)]
    assert await inbox(house, ana) == []
    client = await house.connect(ana)
    await client.open()
    await removal.restore(house.services, taken)
    (changed,) = await client.hears(events.MessageChanged)
    assert (changed.message.reply_to, [each.number for each in changed.quoted]) == (1, [1])
    assert changed.quoted[0].removed
    assert await inbox(house, ana) == ["at two"]


async def test_a_hole_is_filled_with_what_the_answers_in_it_quote(house: House, ana: Visitor, bo: Visitor) -> None:
    seq = (await house.post(ana, "what time?")).message.seq
    await reply(house, bo, "at two", 1)
    await editing.edit(house.services, ana, GENERAL, 1, "what day?")
    _, missed = await rooms.missed(house.services, GENERAL, seq)
    answer, edited = missed
    assert isinstance(answer, events.MessagePosted)
    assert isinstance(edited, events.MessageChanged)
    assert [(each.text, each.seq) for each in answer.quoted] == [("what day?", edited.seq)]
    assert (edited.quoted, [person.id for person in answer.people]) == ([], [ana.user.id])


async def test_a_long_message_is_quoted_by_its_beginning(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "**<b>** " + "word " * 700)
    await house.post(ana, "x" * (WHOLE - 10))
    await reply(house, bo, "long", 1)
    await reply(house, bo, "short enough", 2)
    page = await messages.page(house.services, bo, GENERAL, limit=1)
    assert [each.text for each in page.quoted] == ["x" * (WHOLE - 10)]
    page = await messages.page(house.services, bo, GENERAL, before=4, limit=1)
    (quoted,) = page.quoted
    assert (len(quoted.text), quoted.html[:20]) == (BEGINNING, "&lt;b&gt; word word ")
    assert len(quoted.html) < WHOLE


async def test_a_message_that_answers_nothing_asks_nothing_more(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "so that what is remembered is")
    with statements(house.services.store) as plain:
        await house.post(ana, "plain")
    with statements(house.services.store) as answering:
        await reply(house, ana, "an answer", 1)
    assert len(plain) == 2, "the room's counters, and whether it was sent before"
    assert len(answering) > len(plain)


async def test_an_export_tells_what_one_answered(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(bo)
    await reply(house, ana, "an answer", 1)
    await house.post(ana, "none")
    first, second = (await exported(house, ana))["messages"]
    assert first["reply_to"] == 1
    assert "reply_to" not in second
