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
