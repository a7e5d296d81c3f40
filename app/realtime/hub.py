"""Who is connected to this process, and what reaches them: order, gap repair, delivery."""

import asyncio
import logging

import msgspec

from app.bus.base import EVERYONE, room_topic, user_topic
from app.chat import access, rooms
from app.chat.events import shown_message, shown_person, shown_room
from app.errors import RoostError
from app.models import User
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_event, encode_event
from app.protocol.commands import OpenRoom
from app.realtime.connection import Connection
from app.realtime.live_room import LiveRoom
from app.realtime.outgoing import Outgoing, WriteQueue
from app.services import Services

log = logging.getLogger(__name__)

HEARTBEAT = 20.0
REPAIR_AGAIN_AFTER = 1.0


class Hub:
    """Everything here is of this process alone; other processes are heard through the bus."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.heartbeat = HEARTBEAT
        self.connections: dict[Connection, None] = {}
        self.rooms: dict[str, LiveRoom] = {}
        self.active_rooms: set[LiveRoom] = set()
        """Rooms with posts since they were last taken from here; `recounted` likewise with people who came or went."""
        self.recounted: set[LiveRoom] = set()
        self._people: dict[int, set[Connection]] = {}
        self._queue = WriteQueue()
        self._everyone = Outgoing(self._queue)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await self.services.bus.start(self.deliver, self.lost)
        self.services.bus.subscribe(EVERYONE)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Who is here

    def has_place_for(self, user_id: int) -> bool:
        """Whether this person may open one more connection."""
        return len(self._people.get(user_id, ())) < self.services.settings.limit_sockets_per_user

    def attach(self, connection: Connection) -> None:
        user_id = connection.visitor.user.id
        self.connections[connection] = None
        self._everyone.join(connection)
        if user_id not in self._people:
            self._people[user_id] = set()
            self.services.bus.subscribe(user_topic(user_id))
        self._people[user_id].add(connection)
        self.services.presence.came(user_id)
        self.services.metrics.connections.set(len(self.connections))

    def detach(self, connection: Connection) -> None:
        user_id = connection.visitor.user.id
        self.connections.pop(connection)
        self._everyone.leave(connection)
        self._people[user_id].discard(connection)
        if not self._people[user_id]:
            del self._people[user_id]
            self.services.bus.unsubscribe(user_topic(user_id))
        for room_id in connection.rooms:
            self._leave(connection, room_id)
        self.services.presence.went(user_id)
        self.services.metrics.connections.set(len(self.connections))

    def watch(self, connection: Connection, room_ids: list[int]) -> None:
        """Tell this connection of activity in these rooms of its person."""
        new = [room_id for room_id in room_ids if room_id not in connection.rooms]
        connection.rooms += tuple(new)
        for room_id in new:
            live = self._room(room_id)
            live.watch(connection)
            live.people.add(connection.visitor.user.id)
            self.recounted.add(live)

    async def open(self, connection: Connection, command: OpenRoom) -> None:
        """Answer room.open: the state of the room, then everything of it as it comes. Raises NotFound."""
        await access.room_to_read(self.services, connection.visitor, command.room)
        self.watch(connection, [command.room])
        live = self._room(command.room)
        live.begin_opening(connection)
        try:
            found = await rooms.catch_up(self.services, connection.visitor, command.room, command.epoch, command.since)
        except RoostError:
            live.abandon_opening(connection)
            raise
        live.finish_opening(connection, found.room.seq, encode_event(self._opened(command, found)))

    def close_room(self, connection: Connection, room_id: int) -> None:
        """Only activity from here on."""
        if room_id in connection.rooms:
            self._room(room_id).watch(connection)

    def online_in(self, room_id: int) -> int:
        """How many members of a room are connected."""
        live = self.rooms.get(room_topic(room_id))
        return len(live.people) if live else 0

    def forget_gone(self) -> None:
        """Those whose grace has ended are in no room any more."""
        for user_id in self.services.presence.take_gone():
            for live in self.rooms.values():
                if user_id in live.people:
                    live.people.discard(user_id)
                    self.recounted.add(live)

    def _opened(self, command: OpenRoom, found: rooms.CaughtUp) -> events.RoomOpened:
        return events.RoomOpened(
            ref=command.ref,
            room=shown_room(found.room, found.membership.read_number),
            messages=[shown_message(message) for message in found.messages],
            people=[shown_person(author) for author in found.authors],
            members=found.members,
            online=self.online_in(command.room),
            reset=found.reset,
            first=found.reset and (not found.messages or found.messages[0].number == 1),
        )

    def _room(self, room_id: int) -> LiveRoom:
        topic = room_topic(room_id)
        live = self.rooms.get(topic)
        if live is None:
            live = self.rooms[topic] = LiveRoom(room_id, self._queue)
            self.services.bus.subscribe(topic)
        return live

    def _leave(self, connection: Connection, room_id: int) -> None:
        topic = room_topic(room_id)
        live = self.rooms[topic]
        live.leave(connection)
        if live.deserted:
            del self.rooms[topic]
            self.active_rooms.discard(live)
            self.recounted.discard(live)
            self.services.bus.unsubscribe(topic)

    # What reaches them

    def deliver(self, topic: str, seq: int, body: bytes) -> None:
        """An event from the bus: the next of its room goes out, an old one is dropped, an early one waits for the hole
        before it to be filled from the database."""
        live = self.rooms.get(topic)
        if live is not None:
            self._deliver_to_room(live, seq, body)
        elif topic == EVERYONE:
            self._deliver_to_everyone(body)
        elif topic.startswith("user:"):
            self._deliver_to_person(int(topic.removeprefix("user:")), body)

    def lost(self) -> None:
        """The bus was broken for a while: believe nothing remembered, and look at every room."""
        self.services.cache.clear()
        for live in self.rooms.values():
            self._repair_later(live)

    def notice_head(self, live: LiveRoom, head: int) -> None:
        """The database says that the room has come this far: fill what never arrived, even the last change."""
        if live.seq is None:
            live.seq = head
        elif head > live.seq:
            self._repair_later(live)

    def _deliver_to_room(self, live: LiveRoom, seq: int, body: bytes) -> None:
        if seq == 0:
            live.hint(body, 0)
        elif live.seq is None or seq == live.seq + 1:
            self._hand_out(live, seq, body)
            for next_seq, next_body in live.next_ahead():
                self._hand_out(live, next_seq, next_body)
        elif seq > live.seq:
            live.ahead[seq] = body
            self._repair_later(live)

    def _hand_out(self, live: LiveRoom, seq: int, body: bytes) -> None:
        live.hand_out(seq, body)
        self.active_rooms.add(live)

    def _repair_later(self, live: LiveRoom) -> None:
        if not live.repairing and live.seq is not None:
            live.repairing = True
            self._spawn(live)

    def _spawn(self, live: LiveRoom) -> None:
        task = asyncio.get_running_loop().create_task(self._repair(live))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _repair(self, live: LiveRoom) -> None:
        """Fill the hole after `live.seq` from the database, then hand out what waited behind it."""
        assert live.seq is not None, "a room that has handed out nothing has no hole"
        try:
            head, missed = await rooms.missed(self.services, live.id, live.seq)
        except RoostError as error:
            log.warning("room %d: a gap stays open: %s", live.id, error)
            asyncio.get_running_loop().call_later(REPAIR_AGAIN_AFTER, self._spawn, live)
            return
        live.repairing = False
        for seq, event in missed:
            if seq > live.seq:
                self._hand_out(live, seq, encode_event(event))
                self.services.metrics.gaps_filled.inc()
        live.seq = max(live.seq, head)
        for seq, body in live.next_ahead():
            self._hand_out(live, seq, body)
        if live.ahead:
            self._repair_later(live)

    def _deliver_to_everyone(self, body: bytes) -> None:
        event = decode_event(body)
        if isinstance(event, events.PersonChanged):
            self._rename(event.person)
        self._everyone.add(body)

    def _rename(self, person: events.Person) -> None:
        """Those who speak as this person from now on do it under the new name."""
        self.services.cache.sessions.drop_where(lambda _, visitor: visitor.user.id == person.id)
        for connection in self._people.get(person.id, ()):
            user: User = msgspec.structs.replace(connection.visitor.user, handle=person.handle, name=person.name)
            connection.visitor = msgspec.structs.replace(connection.visitor, user=user)

    def _deliver_to_person(self, user_id: int, body: bytes) -> None:
        event = decode_event(body)
        if isinstance(event, events.SessionEnded):
            self._end_session(event, user_id)
            return
        for connection in self._people.get(user_id, ()):
            if isinstance(event, events.RoomJoined):
                self.watch(connection, [event.room.id])
            connection.send(event)

    def _end_session(self, event: events.SessionEnded, user_id: int) -> None:
        self.services.cache.sessions.drop_where(lambda _, visitor: visitor.session_id == event.session)
        for connection in list(self._people.get(user_id, ())):
            if connection.visitor.session_id == event.session:
                connection.send(event)
                connection.close(CloseCode.SESSION_ENDED)
