"""Who does not want to be seen, and is here all the same."""

from app.chat import accounts, preferences
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House


async def chooses(house: House, visitor: Visitor, *, invisible: bool) -> None:
    await preferences.change(house.services, visitor, {"invisible": str(invisible).lower()})


async def test_who_hides_goes_at_once_and_comes_back_when_they_want(house: House, ana: Visitor, bo: Visitor) -> None:
    reader = await house.connect(bo)
    await reader.open()
    for _ in range(2):
        await house.connect(ana)
    await house.pulse.tell()
    await chooses(house, ana, invisible=True)
    await house.pulse.tell()
    await chooses(house, ana, invisible=False)
    await house.pulse.tell()
    moves = [(each.came, each.went) for each in await reader.hears(events.PresenceChanged, 3)]
    assert moves[-2:] == [([], [ana.user.id]), ([ana.user.id], [])]


async def test_who_comes_hidden_is_seen_nowhere_and_hears_everything(house: House, ana: Visitor, bo: Visitor) -> None:
    await chooses(house, ana, invisible=True)
    hidden = await accounts.resume(house.services, house.tokens[ana.user.id])
    assert hidden
    client = await house.connect(hidden)
    await client.open()
    await house.post(bo, "is anybody here?")
    await client.hears(events.MessagePosted)
    presence = house.services.presence
    assert (presence.count, presence.online_in(GENERAL), presence.knows(ana.user.id)) == (0, 0, False)
    await house.post(ana, "me")
    client.leave()
    assert (await house.connect(hidden)).of(events.SessionStarted)
    await chooses(house, ana, invisible=False)
    assert presence.online_in(GENERAL) == 1


async def test_who_was_hidden_and_went_leaves_nothing_behind(house: House, ana: Visitor) -> None:
    await house.connect(ana)
    await chooses(house, ana, invisible=True)
    client = await house.connect(ana)
    for each in list(house.hub.connections):
        each.closed()
    await chooses(house, ana, invisible=False)
    house.clock.advance(60)
    await house.pulse.tell()
    assert house.services.presence.count == 0
    assert client.connection.gone
