"""People's pictures: what X has of them, kept here and shown from here, so that no browser asks X (SIGNIN X11)."""

import secrets

from msgspec.structs import replace

from app.chat.events import publish_to_everyone, shown_person
from app.errors import NotFound
from app.models import Avatar, User
from app.protocol.events import PersonChanged
from app.services import Services
from app.storage import avatars
from app.storage.database import Connection

LARGEST = 256 * 1024
"""Bytes of a picture. X's of 400 by 400 have some 30 KB."""

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def content_type_of(body: bytes) -> str | None:
    """What a picture is by what is in it, whatever it is called; None when it is none that we show."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in BEGINNINGS if body.startswith(beginning)), None)


async def has(services: Services, user_id: int, source: str) -> bool:
    """Whether the picture at this address is the one that is shown. X gives another picture another address."""
    known = await services.store.read(avatars.of, user_id)
    return known is not None and known.source == source


async def keep(services: Services, user_id: int, source: str, body: bytes) -> bool:
    """Show this as the person's picture from here on, everywhere at once. False when it is too large, or no picture."""
    content_type = content_type_of(body)
    if content_type is None or len(body) > LARGEST:
        return False
    # The address is told only to who may see the person, so nobody else may guess it.
    new = Avatar(user_id, secrets.token_hex(8), source, content_type, body)
    tell(services, await services.store.write(put, new))
    return True


def put(connection: Connection, new: Avatar) -> User | None:
    """The person, unless they look as before."""
    known = avatars.of(connection, new.user_id)
    if known is None or known.body != new.body:
        return avatars.put(connection, new)
    avatars.put(connection, replace(known, source=new.source))
    return None


async def drop(services: Services, user_id: int) -> None:
    """The person has no picture any more."""
    tell(services, await services.store.write(take_away, user_id))


def take_away(connection: Connection, user_id: int) -> User | None:
    return avatars.drop(connection, user_id) if avatars.of(connection, user_id) else None


def tell(services: Services, changed: User | None) -> None:
    if changed is not None:
        publish_to_everyone(services, PersonChanged(person=shown_person(changed)))


async def show(services: Services, user_id: int, version: str) -> Avatar:
    """The picture with this address; NotFound when there is none, or another one by now."""
    found = await services.store.read(avatars.of, user_id)
    if found is None or found.version != version:
        raise NotFound
    return found
