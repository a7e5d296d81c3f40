from app.chat import presence
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House


async def test_writing_is_a_hint_that_takes_no_number(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    opened = await client.open()
    await presence.typing(house.services, ana, GENERAL)
    (typing,) = await client.hears(events.TypingStarted)
    assert typing == events.TypingStarted(GENERAL, events.Person(ana.user.id, "ana", "ana"))
    await client.post()
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.seq == opened.room.seq + 1
    assert (await client.open()).messages[0].text == "hello"


async def test_who_says_it_all_the_time_is_heard_six_times_in_three_seconds(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(bo)
    await client.open()
    for _ in range(10):
        await presence.typing(house.services, ana, GENERAL)
    await presence.typing(house.services, bo, GENERAL)
    heard = await client.hears(events.TypingStarted, count=7)
    assert [event.person.handle for event in heard] == [*["ana"] * 6, "bo"]
    house.clock.advance(3.0)
    await presence.typing(house.services, ana, GENERAL)
    assert len(await client.hears(events.TypingStarted, count=8)) == 8
