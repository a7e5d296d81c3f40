"""The durable changes of a room: as a client heard them, and as the database holds them."""

from app.protocol import events
from app.services import Services
from app.storage import memberships, messages
from tests.support.house import Client

Changes = (events.MessagePosted, events.MemberJoined)


def changes(client: Client) -> list[events.MessagePosted | events.MemberJoined]:
    return [event for event in client.heard if isinstance(event, Changes)]


async def database_changes(services: Services, room: int, since: int = 0) -> list[int]:
    """Every seq of the room's rows, in order."""
    posted = await services.store.read(messages.changed_since, room, since, 100_000)
    joined = await services.store.read(memberships.changed_since, room, since)
    return sorted([message.seq for message in posted] + [joining.seq for joining in joined])
