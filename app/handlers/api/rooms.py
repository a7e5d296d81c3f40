"""Rooms: /rooms, one by its id, and one's own place in it."""

from msgspec import UNSET, structs

from app.chat import accounts, direct, rooms
from app.handlers.api.base import ROOT, ApiHandler
from app.protocol import api, commands, events


class RoomsHandler(ApiHandler):
    """GET gives one's own, POST makes one."""

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        shown = [
            direct.shown(self.services, room, own, mine.people, mine.mentions.get(room.id, ()))
            for room, own in mine.rooms
        ]
        self.answer(api.Rooms(rooms=shown))

    async def post(self) -> None:
        given = self.body(api.NewRoom)
        command = commands.CreateRoom(
            ref=0, name=given.name, kind=given.kind, topic=given.topic, description=given.description
        )
        made = await self.ask(command, events.RoomShown)
        self.answer(made.room, 201, f"{ROOT}/rooms/{made.room.id}")


class RoomHandler(ApiHandler):
    """GET gives one of one's own, PATCH changes it."""

    async def get(self, room: str) -> None:
        found = await rooms.one(self.services, self.signed_in, int(room))
        self.answer(direct.shown(self.services, found.room, found.membership, found.party))

    async def patch(self, room: str) -> None:
        """What is left out stays as it is; null is nothing that a room could have."""
        given = structs.asdict(self.body(api.RoomChange))
        changes = {name: value for name, value in given.items() if value is not UNSET}
        changed = await self.ask(commands.ChangeRoom(ref=0, room=int(room), **changes), events.RoomShown)
        self.answer(changed.room)


class MembershipHandler(ApiHandler):
    """PUT comes into a public room, and is harmless once more; DELETE leaves one."""

    async def put(self, room: str) -> None:
        joined = await self.ask(commands.JoinRoom(ref=0, room=int(room)), events.RoomShown)
        self.answer(joined.room)

    async def delete(self, room: str) -> None:
        await self.ask(commands.LeaveRoom(ref=0, room=int(room)), events.Done)
        self.done()
