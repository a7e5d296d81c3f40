"""A program that uses the HTTP API over real sockets."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from app.chat import accounts
from app.models import Scope
from app.storage import memberships, rooms, users
from tests.support.door import Door
from tests.support.files import fields
from tests.support.house import new_nonce


class Answer(NamedTuple):
    """`headers` by their small names; `body` is None where there is none."""

    status: int
    headers: dict[str, str]
    body: Any


class Program:
    """Has `bearer` as its token, and talks in `room`."""

    def __init__(self, door: Door, bearer: str, room: int) -> None:
        self.door = door
        self.bearer = bearer
        self.room = room

    async def ask(self, method: str, path: str, given: Any = None, **headers: str) -> Answer:
        """ROOM in a path stands for the id of its room. `given` is sent as JSON, bytes as they are. An underscore in
        the name of a header stands for a hyphen, and an empty value leaves it out."""
        body = given if isinstance(given, bytes) else b"" if given is None else msgspec.json.encode(given)
        sent = {
            "Host": "127.0.0.1",
            "Authorization": f"Bearer {self.bearer}" if self.bearer else "",
            "Content-Type": "" if given is None else "application/json",
            "Content-Length": str(len(body)) if body else "",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        path = path.replace("ROOM", str(self.room))
        start_line = f"{method} /api/v1{path.removeprefix('/api/v1')} HTTP/1.1"
        if method == "HEAD":
            return Answer(*fields((await self.door.ask(start_line, sent))[1]), None)
        head, answer = await self.door._whole(start_line, sent, body)
        return Answer(*fields(head), msgspec.json.decode(answer) if answer else None)

    async def post(self, text: str = "hello", **headers: str) -> Answer:
        return await self.ask("POST", "/rooms/ROOM/messages", {"text": text}, **headers)


async def program_of(door: Door, handle: str, room: int, scope: Scope = "manage") -> Program:
    """One of somebody else, who is in the room."""
    services = door.server.application.services
    bearer = await accounts.add_token(services, handle, "a bot", scope)
    visitor = await accounts.resume_bearer(services, bearer)
    assert visitor is not None
    await services.store.write(memberships.join, room, visitor.user.id, services.clock.now())
    return Program(door, bearer, room)


async def private_room(door: Door, handle: str) -> int:
    """A new one, with somebody in it."""
    services = door.server.application.services
    slug = f"room-{new_nonce().lower()}"

    def make(connection: Connection) -> int:
        room = rooms.add(connection, slug, slug, "", "private", services.clock.now())
        person = users.by_handle(connection, handle)
        assert person is not None
        memberships.join(connection, room.id, person.id, services.clock.now(), role="moderator")
        return room.id

    return await services.store.write(make)
