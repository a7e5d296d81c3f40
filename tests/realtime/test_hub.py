"""Who is here."""

import asyncio

from app.bus.base import room_topic, user_topic
from app.chat import accounts
from app.models import Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from tests.support.house import GENERAL, House, StuckWriter, send
from tests.support.waiting import until


async def test_everything_is_forgotten_when_everybody_has_left(house: House, ana: Visitor, bo: Visitor) -> None:
    clients = [await house.connect(who) for who in (ana, ana, bo)]
    for client in clients:
        await client.open()
        await client.post()
    await house.pulse.tell()
    for client in clients:
        client.leave()
    hub = house.hub
    assert not hub.connections
    assert not hub.rooms
    assert not hub._people
    assert not hub.active_rooms
    assert hub._everyone.empty
    assert house.services.bus._topics == {"everyone", "peers"}  # type: ignore[attr-defined]
    await until(lambda: len(asyncio.all_tasks()) == 1)


async def test_after_a_break_of_the_bus_nothing_remembered_is_believed(house: House, ana: Visitor) -> None:
    await house.post(ana)
    assert house.services.cache.memberships.get((GENERAL, ana.user.id))
    house.hub.lost()
    assert house.services.cache.memberships.get((GENERAL, ana.user.id)) is None
    assert house.services.cache.sessions._entries == {}


async def test_the_end_of_a_session_closes_its_connections_and_no_other(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    other_session = await house.sign_in("ana")
    ending = [await house.connect(ana), await house.connect(ana)]
    staying = [await house.connect(other_session), await house.connect(bo)]
    for client in ending + staying:
        await client.open()
    await accounts.sign_out(house.services, ana)
    await until(lambda: all(client.connection.gone for client in ending))
    for client in ending:
        assert client.transport.codes == [CloseCode.SESSION_ENDED]
        assert client.types[-1] == "session.ended"
    written = [len(client.transport.writes) for client in ending]
    await house.post(bo, "afterwards")
    for client in staying:
        await client.hears(events.MessagePosted)
        assert client.transport.codes == []
        assert not client.of(events.SessionEnded)
    assert [len(client.transport.writes) for client in ending] == written


async def test_a_command_under_way_when_the_session_ends_is_not_carried_out(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    for _ in range(100):
        client.say(send())
    signing_out = asyncio.create_task(accounts.sign_out(house.services, ana))
    await until(lambda: client.connection._answer_sent)
    await stuck.release()
    await signing_out
    await until(lambda: client.is_idle)
    assert client.transport.codes == [CloseCode.SESSION_ENDED]
    assert house.services.store.log.appended < 100


async def test_people_are_counted_once_and_stay_for_their_grace(house: House, ana: Visitor, bo: Visitor) -> None:
    clients = [await house.connect(who) for who in (ana, ana, bo)]
    assert house.hub.online_in(GENERAL) == 2
    clients[2].leave()
    house.clock.advance(14)
    await house.pulse.tell()
    assert house.hub.online_in(GENERAL) == 2
    house.clock.advance(1)
    await house.pulse.tell()
    assert house.hub.online_in(GENERAL) == 1
    assert house.hub.online_in(999) == 0


async def test_the_next_person_finds_a_place_when_one_has_left(house: House, ana: Visitor) -> None:
    limit = house.services.settings.limit_sockets_per_user
    clients = [await house.connect(ana) for _ in range(limit)]
    assert not house.hub.has_place_for(ana.user.id)
    clients[0].leave()
    assert house.hub.has_place_for(ana.user.id)


async def test_topics_are_heard_as_long_as_somebody_needs_them(house: House, ana: Visitor) -> None:
    clients = [await house.connect(ana), await house.connect(ana)]
    topics: set[str] = house.services.bus._topics  # type: ignore[attr-defined]
    mine = {user_topic(ana.user.id), room_topic(GENERAL)}
    assert mine <= topics
    clients[0].leave()
    assert mine <= topics
    clients[1].leave()
    assert not mine & topics
