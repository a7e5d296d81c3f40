"""Who is connected to this process, and what reaches them: order, gap repair, delivery."""

import itertools
from collections.abc import Container, Iterable

import msgspec

from app.bus.base import EVERYONE, PEERS, room_topic, user_topic
from app.chat import direct, presence, rooms
from app.chat.community import Joining
from app.chat.events import heard_person, shown_person, shown_restraint
from app.errors import NotFound
from app.models import Room, User, Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_event, decode_peer_event, encode_event
from app.protocol.commands import OpenRoom
from app.protocol.peers import (
    PeopleHere,
    PersonBanned,
    PersonRestrained,
    PreferencesSaved,
    PublicReadingSet,
    SessionRevoked,
    StandingChanged,
    TokenRevoked,
)
from app.realtime.connection import Connection
from app.realtime.live_room import LiveRoom
from app.realtime.lookout import Lookout
from app.realtime.outgoing import Outgoing, WriteQueue
from app.realtime.readers import Readers
from app.realtime.repairs import Repairs
from app.services import Services

HEARTBEAT = 20.0
LEAVING = b'{"type":"member.left"'


class Hub:
    """Everything here is of this process alone; other processes are heard through the bus."""

    def __init__(self, services: Services, release: str = "") -> None:
        self.services = services
        self.release = release
        """The files that this process gives to pages."""
        self.heartbeat = HEARTBEAT
        self.connections: dict[Connection, None] = {}
        self.rooms: dict[str, LiveRoom] = {}
        self.active_rooms: set[LiveRoom] = set()
        """Rooms with posts since they were last taken from here."""
        self.was_asked = False
        """Another process wants to know who is here."""
        self._people: dict[int, set[Connection]] = {}
        self._unseen: set[int] = set()
        """Those of them who do not want others to see that they are here."""
        self._queue = WriteQueue()
        self._everyone = Outgoing(self._queue)
        self.repairs = Repairs(services, self._hand_out, self.is_live)
        self.lookout = Lookout(services, self)
        self.readers = Readers(services, self._room, self._let_go, self.notice_head)
        self._rounds = itertools.count(1)

    async def start(self) -> None:
        self.services.bus.subscribe(EVERYONE)
        self.services.bus.subscribe(PEERS)
        await self.services.bus.start(self.deliver, self.lost)
        self.tell_everybody(asks=True)

    async def close(self) -> None:
        await self.lookout.close()
        await self.repairs.close()
        await self.readers.close()

    # Who is here

    def has_place_for(self, user_id: int) -> bool:
        """Whether this person may open one more connection."""
        return len(self._people.get(user_id, ())) < self.services.settings.limit_sockets_per_user

    def attach(self, connection: Connection) -> None:
        """Count this connection and let what is said to its person reach it."""
        user_id = connection.visitor.user.id
        self.connections[connection] = None
        if user_id not in self._people:
            self._people[user_id] = set()
            self.services.bus.subscribe(user_topic(user_id))
            if connection.visitor.preferences.invisible:
                self._unseen.add(user_id)
        self._people[user_id].add(connection)
        if user_id not in self._unseen:
            self.services.presence.came(user_id)

    def admit(self, connection: Connection, rooms_told: list[Room]) -> None:
        """It is about to be told of its rooms: from here on it hears what concerns everybody, and activity in them."""
        self._everyone.join(connection)
        self.watch(connection, {room.id: room.seq for room in rooms_told})
        for room in rooms_told:
            live = self.rooms[room_topic(room.id)]
            live.is_direct = room.kind == "direct"
            if room.id not in connection.rooms:  # they left after it was read
                connection.send(events.RoomRemoved(room=room.id, seq=live.moved_at[connection.visitor.user.id]))
            if room.seq < live.seq and live.latest_post is not None:
                # Posted after the rooms were read, and perhaps already told to those who listened then.
                self.active_rooms.add(live)

    def detach(self, connection: Connection) -> None:
        user_id = connection.visitor.user.id
        del self.connections[connection]
        self._everyone.leave(connection)
        self._people[user_id].discard(connection)
        if not self._people[user_id]:
            del self._people[user_id]
            self.services.bus.unsubscribe(user_topic(user_id))
        for room_id in connection.rooms:
            self._leave(connection, room_id)
        if user_id not in self._unseen:
            self.services.presence.went(user_id)
            self._tell_idle(user_id)
        elif user_id not in self._people:
            self._unseen.discard(user_id)

    def rest(self, connection: Connection, *, idle: bool) -> None:
        """Nobody touches the device of this connection, or somebody does again."""
        connection.idle = idle
        if not connection.gone and connection.visitor.user.id not in self._unseen:
            self._tell_idle(connection.visitor.user.id)

    def watch(self, connection: Connection, heads: dict[int, int]) -> None:
        """Tell this connection of activity in these rooms of its person, which were at these changes when read."""
        # One that is gone has left its rooms; to enter another now would keep it there for ever.
        new = [room_id for room_id in heads if room_id not in connection.rooms and not connection.gone]
        new = [room_id for room_id in new if not self._has_moved(connection, room_id, heads[room_id])]
        connection.rooms += tuple(new)
        for room_id in new:
            live = self._room(room_id, heads[room_id])
            live.watch(connection)
            if live.latest_change is not None and live.latest_change[0] > heads[room_id]:
                connection.send(decode_event(live.latest_change[1]))
        if new:
            self._stand(connection)

    async def open(self, connection: Connection, command: OpenRoom) -> None:
        """Answer room.open: the state of the room, in parts when it is much, then everything of it as it comes. Raises
        NotFound or TooFast."""
        rooms.take_opening(self.services, connection.visitor)
        if command.room not in connection.rooms:  # joined by way of another process
            # Not what is remembered: a process that has not heard of a removal would let them hear what comes after it.
            head = await rooms.head(self.services, connection.visitor, command.room)
            self.watch(connection, {command.room: head})
        if connection.gone:
            return
        self._check_still_in(connection, command.room)
        live = self.rooms[room_topic(command.room)]
        found = await self._begin_opening(connection, live, command)
        while found.opening.more:
            live.abandon_opening(connection)
            connection.send(self._opened(command, found))
            await connection.drained()
            if connection not in self.connections:
                return
            self._check_still_in(connection, command.room)
            command = msgspec.structs.replace(command, epoch=self.services.store.epoch, since=found.room.seq)
            found = await self._begin_opening(connection, live, command)
        live.finish_opening(connection, found.room.seq, encode_event(self._opened(command, found)))
        self.notice_head(live, found.room.seq)

    async def _begin_opening(self, connection: Connection, live: LiveRoom, command: OpenRoom) -> rooms.CaughtUp:
        live.begin_opening(connection)
        try:
            found = await rooms.catch_up(self.services, connection.visitor, command.room, command.epoch, command.since)
        except NotFound:
            self._exit(connection, events.RoomRemoved(room=live.id, seq=live.seq))
            raise
        except BaseException:
            live.abandon_opening(connection)
            raise
        if not connection.gone:
            self._check_still_in(connection, command.room)
        return found

    def _check_still_in(self, connection: Connection, room_id: int) -> None:
        """They may leave, or be put out, while the database is asked."""
        if room_id not in connection.rooms:
            raise NotFound

    def close_room(self, connection: Connection, room_id: int) -> None:
        """Only activity from here on."""
        if room_id in connection.rooms:
            self.rooms[room_topic(room_id)].watch(connection)

    def online_in(self, room_id: int) -> int:
        """How many members of a room are connected, to this process or another."""
        return self.services.presence.online_in(room_id)

    def tell_everybody(self, *, asks: bool = False) -> None:
        """Tell other processes who is here, from the start."""
        self.was_asked = False
        presence.tell_everybody(self.services, round_=next(self._rounds), asks=asks)

    def session_ids(self) -> set[int]:
        """Of all connections."""
        return {each.visitor.session_id for each in self.connections if each.visitor.session_id is not None}

    def end_sessions(self, session_ids: Container[int]) -> None:
        """Hang up on those whose session was ended or has run out."""
        for connection in list(self.connections):
            if connection.visitor.session_id in session_ids:
                connection.close(CloseCode.SESSION_ENDED)

    def token_ids(self) -> set[int]:
        """Of all connections of programs."""
        return {each.visitor.token_id for each in self.connections if each.visitor.token_id is not None}

    def end_programs(self, token_ids: Container[int]) -> None:
        """Hang up on those whose token was ended or has run out."""
        for connection in list(self.connections):
            if connection.visitor.token_id in token_ids:
                connection.close(CloseCode.SESSION_ENDED)

    def let_enter(self, joining: Joining) -> None:
        """Somebody joined a room, and nobody here heard of it."""
        room = direct.shown(self.services, joining.room, joining.membership, joining.party)
        joined = events.RoomJoined(room=room)
        for connection in self._people.get(joining.membership.user_id, ()):
            self._enter(connection, joined)

    def tell_of(self, people: Iterable[User]) -> None:
        """They are called something else now, or have another role, and perhaps nobody here heard of it."""
        for user in people:
            self._deliver_to_everyone(encode_event(events.PersonChanged(person=shown_person(user))))

    def people(self) -> list[int]:
        """The ids of those who are connected."""
        return list(self._people)

    def knows_role_of(self, user: User) -> bool:
        """Whether all connections of this person have the role that is theirs now."""
        return all(connection.visitor.user.role == user.role for connection in self._people.get(user.id, ()))

    def restrain(self, user_id: int, muted_until: int | None, trusted_at: int | None) -> None:
        """They may not write before this time, or may again, and are new here until that one, on all their devices."""
        now = self.services.clock.steady()
        for connection in self._people.get(user_id, ()):
            before = connection.visitor.user
            user = msgspec.structs.replace(before, muted_until=muted_until, trusted_at=trusted_at)
            if user != before:
                connection.visitor = msgspec.structs.replace(connection.visitor, user=user)
                connection.send(events.RestraintChanged(restraint=shown_restraint(user, now)))

    def put_out(self, user_ids: Iterable[int]) -> None:
        """They are banned: hang up on all their devices and programs."""
        for user_id in user_ids:
            for connection in list(self._people.get(user_id, ())):
                connection.close(CloseCode.BANNED)

    def _opened(self, command: OpenRoom, found: rooms.CaughtUp) -> events.RoomOpened:
        room = direct.shown(self.services, found.room, found.membership, found.party)
        opening = found.opening
        return events.RoomOpened(
            ref=command.ref,
            room=room,
            messages=opening.messages,
            people=[shown_person(person) for person in found.people],
            members=found.room.members,
            online=len(room.here) if room.kind == "direct" else self.online_in(command.room),
            reset=opening.reset,
            first=opening.reset and (not opening.messages or opening.messages[0].number == 1),
            more=opening.more,
            quoted=opening.quoted,
        )

    def is_live(self, live: LiveRoom) -> bool:
        """Whether anybody here is still told of it."""
        return self.rooms.get(room_topic(live.id)) is live

    def _room(self, room_id: int, seq: int) -> LiveRoom:
        topic = room_topic(room_id)
        live = self.rooms.get(topic)
        if live is None:
            live = self.rooms[topic] = LiveRoom(room_id, seq, self._queue)
            self.services.bus.subscribe(topic)
            self.lookout.listen_to(live)
        return live

    def _stand(self, connection: Connection) -> None:
        """Its rooms are others now, and the people there see its person among them."""
        user_id = connection.visitor.user.id
        if user_id not in self._unseen:
            self.services.presence.entered(user_id, connection.rooms)

    def _tell_idle(self, user_id: int) -> None:
        """This person, who may be seen, is idle here when all their connections are. Who is gone stays as they were, so
        that a reload does not blink."""
        if connections := self._people.get(user_id):
            self.services.presence.rested(user_id, idle=all(each.idle for each in connections))

    def _has_moved(self, connection: Connection, room_id: int, head: int) -> bool:
        """Whether the connection's person left, or came, after the room was at `head`: what was read then is void."""
        live = self.rooms.get(room_topic(room_id))
        return live is not None and live.moved_at.get(connection.visitor.user.id, 0) > head

    def _leave(self, connection: Connection, room_id: int) -> None:
        live = self.rooms[room_topic(room_id)]
        live.leave(connection)
        self._let_go(live)

    def _let_go(self, live: LiveRoom) -> None:
        """Listen to it no longer, if nobody here does."""
        if live.deserted:
            del self.rooms[room_topic(live.id)]
            self.active_rooms.discard(live)
            self.services.bus.unsubscribe(room_topic(live.id))

    # What reaches them

    def deliver(self, topic: str, seq: int, body: bytes | None) -> None:
        """An event from the bus: the next of its room goes out, an old one is dropped, an early one waits for the hole
        before it to be filled from the database."""
        live = self.rooms.get(topic)
        if live is not None and body is not None:
            self._deliver_to_room(live, seq, body)
        elif live is not None:
            self.notice_head(live, seq)
        elif body is None:
            self.lookout.doubt()
        elif topic == EVERYONE:
            self._deliver_to_everyone(body)
        elif topic == PEERS:
            self._hear_peer(body)
        elif topic.startswith("user:"):
            self._deliver_to_person(int(topic.removeprefix("user:")), body)

    def lost(self) -> None:
        """The bus was broken for a while: believe nothing remembered, and look at every room."""
        self.services.metrics.bus_breaks += 1
        self.services.cache.clear()
        self.lookout.doubt(joins=True)
        self.tell_everybody(asks=True)

    def notice_head(self, live: LiveRoom, head: int) -> None:
        """The database says that the room has come this far: fill what never arrived, even the last change."""
        if head > live.seq:
            self.repairs.look(live)

    def _deliver_to_room(self, live: LiveRoom, seq: int, body: bytes) -> None:
        if seq == 0:
            live.hint(body)
        elif seq == live.seq + 1:
            self._hand_out(live, seq, body)
            if live.ahead:
                for following, waited in live.next_ahead():
                    self._hand_out(live, following, waited)
        elif seq > live.seq:
            live.ahead[seq] = body
            self.repairs.begin(live)

    def _hand_out(self, live: LiveRoom, seq: int, body: bytes) -> None:
        if body.startswith(LEAVING):
            self._shut_out(live, body)
        live.hand_out(seq, body)
        if live.latest_post is body:
            self.active_rooms.add(live)

    def _shut_out(self, live: LiveRoom, body: bytes) -> None:
        """Whoever leaves hears nothing from this change on (DELIVERY D15)."""
        left = decode_event(body)
        assert isinstance(left, events.MemberLeft), "its first bytes say so"
        user_id = left.person.id
        if left.seq > live.moved_at.get(user_id, 0):
            live.moved_at[user_id] = left.seq
            for connection in self._people.get(user_id, ()):
                self._exit(connection, events.RoomRemoved(room=live.id, seq=left.seq, by=left.by))

    def _exit(self, connection: Connection, removed: events.RoomRemoved) -> None:
        if removed.room in connection.rooms and not connection.gone:
            connection.rooms = tuple(room_id for room_id in connection.rooms if room_id != removed.room)
            self._leave(connection, removed.room)
            self._stand(connection)
            connection.send(removed)

    def _deliver_to_everyone(self, body: bytes) -> None:
        event = decode_event(body)
        if isinstance(event, events.PersonChanged):
            self._hear_of(event.person)
        self._everyone.add(body)

    def _hear_of(self, person: events.Person) -> None:
        """Those who speak as this person from now on do it under the new name, with that face and in that role."""
        self.services.cache.sessions.drop_where(lambda _, visitor: visitor.user.id == person.id)
        for connection in list(self._people.get(person.id, ())):
            if person.former:  # programs too, whose tokens are no sessions
                connection.close(CloseCode.SESSION_ENDED)
            user = heard_person(connection.visitor.user, person)
            connection.visitor = msgspec.structs.replace(connection.visitor, user=user)

    def _deliver_to_person(self, user_id: int, body: bytes) -> None:
        event = decode_event(body)
        for connection in self._people.get(user_id, ()):
            if isinstance(event, events.RoomJoined):
                self._enter(connection, event)
            elif not isinstance(event, events.MentionPosted) or event.room in connection.rooms:
                # Whom a message means is looked up before it is stored: they may have been put out in between.
                connection.send(event)

    def _enter(self, connection: Connection, joined: events.RoomJoined) -> None:
        room_id, seq = joined.room.id, joined.room.seq
        if self._has_moved(connection, room_id, seq):
            return
        if room_id not in connection.rooms:
            connection.send(joined)
            self.watch(connection, {room_id: seq})
        live = self.rooms[room_topic(room_id)]
        live.is_direct = joined.room.kind == "direct"
        if not live.is_direct:  # A leaving before that may be on its way still.
            live.moved_at[connection.visitor.user.id] = seq

    def _hear_peer(self, body: bytes) -> None:
        event = decode_peer_event(body)
        if isinstance(event, SessionRevoked | TokenRevoked):
            self._revoke(event)
            return
        if isinstance(event, StandingChanged):
            self._reconsider(event)
            return
        if isinstance(event, PersonRestrained):
            self._hear_of_restraint(event)
            return
        if isinstance(event, PersonBanned):
            self._hear_of_ban(event)
            return
        if isinstance(event, PublicReadingSet):
            self._publish(event)
            return
        if isinstance(event, PreferencesSaved):
            self._prefer(event)
            return
        presence.hear(self.services, event)
        if isinstance(event, PeopleHere) and event.asks and event.process != self.services.presence.process:
            self.was_asked = True
            # It begins, or was not heard for a while. What has no number, as who joined a room, it does not say again.
            self.lookout.doubt(joins=True)

    def _reconsider(self, event: StandingChanged) -> None:
        # Also when somebody left: in a direct room the last one writes no more.
        self.services.cache.rooms.drop(event.room)
        if event.user is None:
            self.services.cache.sitemaps.clear()
        else:
            self.services.cache.memberships.drop((event.room, event.user))
        self.lookout.revoked(event.number)

    def _hear_of_restraint(self, event: PersonRestrained) -> None:
        self.services.cache.sessions.drop_where(lambda _, visitor: visitor.user.id == event.user)
        self.restrain(event.user, event.muted_until, event.trusted_at)
        self.lookout.revoked(event.number)

    def _hear_of_ban(self, event: PersonBanned) -> None:
        self.services.cache.sessions.drop_where(lambda _, visitor: visitor.user.id == event.user)
        self.put_out({event.user})
        self.lookout.revoked(event.number)

    def _publish(self, event: PublicReadingSet) -> None:
        self.services.cache.sitemaps.clear()
        if not event.on:
            self.readers.end_all()
        self.lookout.revoked(event.number)

    def _prefer(self, saved: PreferencesSaved) -> None:
        self.services.cache.sessions.drop_where(lambda _, visitor: visitor.user.id == saved.user)
        for connection in self._people.get(saved.user, ()):
            connection.visitor = msgspec.structs.replace(connection.visitor, preferences=saved.preferences)
            connection.send(events.PreferencesChanged(preferences=saved.preferences))
        if saved.user in self._people and saved.preferences.invisible != (saved.user in self._unseen):
            self._be_seen(saved.user, seen=not saved.preferences.invisible)

    def _be_seen(self, user_id: int, *, seen: bool) -> None:
        if not seen:
            self._unseen.add(user_id)
            self.services.presence.hid(user_id)
            return
        self._unseen.discard(user_id)
        for connection in self._people[user_id]:
            self.services.presence.came(user_id)
            self._stand(connection)
        self._tell_idle(user_id)

    def _revoke(self, event: SessionRevoked | TokenRevoked) -> None:
        def is_ended(visitor: Visitor) -> bool:
            if isinstance(event, SessionRevoked):
                return visitor.session_id == event.session
            return visitor.token_id == event.token

        self.services.cache.sessions.drop_where(lambda _, visitor: is_ended(visitor))
        for connection in list(self._people.get(event.user, ())):
            if is_ended(connection.visitor):
                if isinstance(event, SessionRevoked):
                    connection.send(events.SessionEnded(session=event.session))
                connection.close(CloseCode.SESSION_ENDED)
        self.lookout.revoked(event.number)
