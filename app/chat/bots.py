"""Bots: by whose names webhooks speak. One is in the room of its webhook and in no other, and never signs in."""

import re
import unicodedata
from collections.abc import Iterator

from app.chat.room_names import NAME_LIMIT, check, has_letters, plain_line
from app.errors import BadRequest
from app.models import User
from app.render.mentions import CALLS
from app.storage import memberships, users
from app.storage.database import Connection

HANDLE_LIMIT = 15
"""Characters, as on X."""
OTHERS = re.compile("[^a-z0-9]+")


def bot_name(text: str) -> str:
    """The name as it is kept. Raises BadRequest, or BadRoomName for what looks like another name (SECURITY S30)."""
    name = plain_line(unicodedata.normalize("NFKC", text))
    if not has_letters(name):
        raise BadRequest("Its name needs a letter or a digit in it.")
    if len(name) > NAME_LIMIT:
        raise BadRequest("This is too long: at most {limit} characters are kept.", limit=NAME_LIMIT)
    check(name)
    return name


def add(connection: Connection, room_id: int, name: str, now: int) -> tuple[User, int]:
    """A new bot in a locked room, and the `seq` of its coming. Take a turn first."""
    handle = next(handle for handle in handles_of(name) if not users.called(connection, handle))
    bot = users.add_bot(connection, handle, name, now)
    room, _ = memberships.join(connection, room_id, bot.id, now)
    return bot, room.seq


def handles_of(name: str) -> Iterator[str]:
    """By what it may be mentioned, the best first: what its name has of the letters of handles."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    handle = OTHERS.sub("_", plain)[:HANDLE_LIMIT].strip("_") or "bot"
    if handle not in CALLS:
        yield handle
    for number in range(2, 1_000_000):
        yield f"{handle[: HANDLE_LIMIT - len(str(number))]}{number}"
