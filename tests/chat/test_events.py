"""Records as the wire shows them."""

import msgspec

from app.chat.events import shown_message, shown_person, shown_room
from app.models import Level, Membership, Message, MessageKind, Role, Room, RoomRole, User
from app.protocol.codec import encode_event
from app.protocol.events import MessagePosted, PersonChanged, RoomJoined


def test_an_imported_person_is_marked_and_anybody_else_is_not() -> None:
    user = User(3, None, "oldie", "Oldie", "imported", "member", 0)
    assert shown_person(user).imported
    assert not shown_person(msgspec.structs.replace(user, kind="person")).imported


def test_a_member_is_told_without_their_role() -> None:
    def told(role: str) -> bytes:
        made: Role = "".join(role)  # type: ignore[assignment]
        return encode_event(PersonChanged(person=shown_person(User(4, "x", "ana", "Ana", "person", made, 0))))

    assert b"role" not in told("member")
    assert b'"role":"moderator"' in told("moderator")


def test_a_room_is_shown_with_the_readers_marker() -> None:
    shown = shown_room(Room(3, "annex", "Annex", "Tea", "private", 7, 9, 0, 2, 4), Membership(3, 1, 5, 2, 0))
    assert (shown.number, shown.seq, shown.read, shown.kind, shown.created) == (7, 9, 5, "private", 4)


def test_a_room_is_shown_with_the_readers_role_where_it_is_not_the_usual_one() -> None:
    def told(role: str) -> bytes:
        made: RoomRole = "".join(role)  # type: ignore[assignment]
        room, membership = Room(3, "annex", "Annex", "", "public", 0, 1, 0, 1, 4), Membership(3, 1, 0, 1, 0, role=made)
        return encode_event(RoomJoined(room=shown_room(room, membership)))

    assert b"role" not in told("member")
    assert b'"role":"moderator"' in told("moderator")


def test_a_room_is_told_without_how_somebody_wants_it_where_they_never_chose() -> None:
    def told(membership: Membership) -> bytes:
        room = Room(3, "annex", "Annex", "", "public", 0, 1, 0, 1, 4)
        return encode_event(RoomJoined(room=shown_room(room, membership)))

    level: Level = "".join("default")  # type: ignore[assignment]
    plain = told(Membership(3, 1, 0, 1, 0, level=level))
    assert not any(word in plain for word in (b"favourite", b"muted", b"hidden", b"level"))
    chosen = told(Membership(3, 1, 0, 1, 0, favourite=True, muted=True, hidden=True, level="mentions"))
    assert b'"favourite":true,"muted":true,"hidden":true,"level":"mentions"' in chosen


def test_a_usual_message_is_told_without_its_kind() -> None:
    def told(kind: str) -> bytes:
        # A kind as the database gives it: an equal text, not the very same.
        made: MessageKind = "".join(kind)  # type: ignore[assignment]
        message = Message(1, 2, 3, 4, "n" * 16, made, "hi", "hi", 5)
        user = User(4, "x", "ana", "Ana", "person", "member", 0)
        return encode_event(MessagePosted(1, 3, shown_message(message), shown_person(user)))

    assert b"kind" not in told("msg")
    assert b'"kind":"me"' in told("me")
