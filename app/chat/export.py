"""All that is kept about somebody, as one JSON object that leaves in pieces: years of messages are never in memory."""

import base64
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import msgspec

from app.chat import direct
from app.chat.events import shown_card
from app.memory.limits import Limit
from app.models import Avatar, Membership, Preferences, Room, User, Version, Visitor, extras_of
from app.services import Services
from app.storage import (
    avatars,
    blocks,
    drafts,
    files,
    handles,
    memberships,
    mentions,
    message_versions,
    messages,
    preferences,
    reports,
    saved,
    sessions,
    tokens,
    users,
    webhooks,
)
from app.storage.database import Connection
from app.storage.files import Placed
from app.storage.messages import Said

PACE = Limit(5, 3_600.0)
"""Exports of one person."""
HANDLES = 1_000
PORTION = 1_000
"""Messages of a room that are looked through at a time for those of one person: no index leads to them, since one would
cost every send for the sake of a rare question."""


async def pieces(services: Services, visitor: Visitor) -> AsyncIterator[bytes]:
    """Raises TooFast with the first piece. Times are milliseconds since 1970, UTC."""
    services.limits.take(f"export:{visitor.user.id}", PACE)
    now = services.clock.now()
    about, rooms = await services.store.read(read_about, visitor.user.id)
    head = msgspec.json.format(msgspec.json.encode({"exported_at": now, **about}), indent=2)
    yield head.removesuffix(b"\n}")
    for name, read in (("messages", read_messages), ("reactions", read_reactions)):
        yield f',\n  "{name}": ['.encode()
        separator = b"\n    "
        async for found in portions(services, visitor.user.id, rooms, read):
            yield separator + b",\n    ".join(msgspec.json.encode(each) for each in found)
            separator = b",\n    "
        yield b"\n  ]"
    yield b"\n}\n"


async def portions(
    services: Services, user_id: int, rooms: list[Room], read: Callable[..., list[dict[str, Any]]]
) -> AsyncIterator[list[dict[str, Any]]]:
    for room in rooms:
        for start in range(0, room.last_number, PORTION):
            found = await services.store.read(read, user_id, room.id, start)
            if found:
                yield found


def read_messages(connection: Connection, user_id: int, room_id: int, start: int) -> list[dict[str, Any]]:
    """Theirs of one portion of a room, each that was edited with what it said before."""
    found = messages.by_author(connection, room_id, user_id, start, start + PORTION)
    earlier = message_versions.of(connection, room_id, [said.number for said in found])
    return [{"room": room_id, **shown_said(said), **shown_earlier(earlier.get(said.number))} for said in found]


def shown_said(said: Said) -> dict[str, Any]:
    """With what its link leads to: that is there for whoever reads it."""
    card = shown_card(extras_of(said.extras).card)
    shown = {"number": said.number, "at": said.at, "kind": said.kind, "text": said.text}
    if said.reply_to is not None:
        shown["reply_to"] = said.reply_to
    return shown if card is None else shown | {"card": msgspec.to_builtins(card)}


def read_reactions(connection: Connection, user_id: int, room_id: int, start: int) -> list[dict[str, Any]]:
    """What they put on messages of one portion of a room, whoever wrote those."""
    found = messages.reactions_of(connection, room_id, user_id, start, start + PORTION)
    return [{"room": room_id, **each._asdict()} for each in found]


def shown_earlier(versions: list[Version] | None) -> dict[str, Any]:
    return {"earlier": [{"text": each.text, "at": each.at} for each in versions]} if versions else {}


def read_about(connection: Connection, user_id: int) -> tuple[dict[str, Any], list[Room]]:
    """Everything but messages and reactions, and the rooms in which there may be some."""
    user = users.by_id(connection, user_id)
    assert user is not None, "of whoever has deleted their account the number stays"
    been_in = memberships.ever_of_user(connection, user_id)
    people = direct.people_in(connection, [room for room, _ in been_in])
    about = {
        "person": {
            "x_id": user.twitter_id,
            "handle": user.handle,
            "name": user.name,
            "role": user.role,
            "since": user.created_at,
            "profile_read_at": user.profile_at,
        },
        "former_handles": [
            {"handle": each.handle, "until": each.ended_at} for each in handles.formerly(connection, user_id, HANDLES)
        ],
        "picture": shown_picture(avatars.of(connection, user_id)),
        "preferences": shown_preferences(preferences.of_user(connection, user_id)),
        "devices": [
            {"browser": each.user_agent, "signed_in_at": each.created_at, "used_at": each.seen_at}
            for each in sessions.of_user(connection, user_id)
        ],
        "programs": [
            {"name": each.name, "scope": each.scope, "since": each.created_at, "used_at": each.seen_at}
            for each in tokens.of_user(connection, user_id)
        ],
        "webhooks": [
            {"room": each.room_id, "kind": each.kind, "url": each.url, "hears": each.hears, "since": each.made_at}
            for each in webhooks.of_holder(connection, user_id)
        ],
        "blocked": [{"handle": each.handle, "name": each.name} for each in blocks.people(connection, user_id)],
        "drafts": [
            {"room": each.room_id, "text": each.text, "at": each.at} for each in drafts.of_user(connection, user_id)
        ],
        "files": [shown_file(each) for each in files.of_user(connection, user_id) if each.removed_at is None],
        "reports": [
            {"reason": each.reason, "note": each.note, "at": each.at}
            for each in reports.by_reporter(connection, user_id)
        ],
        "mentioned_in": [
            {"room": each.room_id, "number": each.number} for each in mentions.of_user(connection, user_id)
        ],
        "saved": [{"room": each.room_id, "number": each.number} for each in saved.of_user(connection, user_id)],
        "rooms": [shown_room(room, membership, people) for room, membership in been_in],
    }
    return about, [room for room, _ in been_in]


def shown_picture(avatar: Avatar | None) -> dict[str, str] | None:
    if avatar is None:
        return None
    body = base64.b64encode(avatar.body).decode()
    return {"from": avatar.source, "content_type": avatar.content_type, "base64": body}


def shown_file(placed: Placed) -> dict[str, Any]:
    """Where it stands, and the address at which it is to be had as long as one may read that."""
    file = placed.file
    return {
        "room": placed.upload.room_id,
        "number": placed.number,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "at": placed.upload.at,
        "address": f"/files/{file.id}",
    }


def shown_preferences(chosen: Preferences) -> dict[str, Any]:
    return msgspec.structs.asdict(chosen)


def shown_room(room: Room, membership: Membership, people: Mapping[int, User]) -> dict[str, Any]:
    """Of a private room that one has left it is not told what it is called now; of a direct one, whose talk it is."""
    named = {"slug": room.slug, "name": room.name} if room.kind == "public" or membership.left_at is None else {}
    return {
        "id": room.id,
        **named,
        **({"beside": {"room": room.parent_id, "number": room.root_number}} if room.parent_id is not None else {}),
        **({"with": [people[each].handle for each in room.party if each != membership.user_id]} if room.party else {}),
        "joined_at": membership.joined_at,
        "left_at": membership.left_at,
        "role": membership.role,
        "read_number": membership.read_number,
        "favourite": membership.favourite,
        "muted": membership.muted,
        "hidden": membership.hidden,
        "level": membership.level,
    }
