"""Records as the wire shows them, and their way to the bus. Called only after the commit of what they say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from app.bus.base import EVERYONE, PEERS, room_topic, user_topic
from app.chat import access, rights
from app.chat.digest import Busy, Digest
from app.chat.members import Met, Namesake
from app.chat.search import Found, Hit
from app.files.kinds import kind_of
from app.models import (
    Act,
    Arrival,
    Card,
    Draft,
    Extras,
    File,
    Level,
    Membership,
    Mention,
    Message,
    Posting,
    Room,
    Saved,
    Thread,
    User,
    Version,
    Visitor,
)
from app.protocol import events
from app.protocol.codec import encode_event
from app.protocol.events import Event
from app.protocol.fields import LINE_LIMIT
from app.protocol.peers import PeerEvent
from app.render.marks import marked
from app.render.mentions import mentioned_in
from app.services import Services


def shown_person(user: User) -> events.Person:
    return events.Person(
        id=user.id,
        handle=user.handle,
        name=user.name,
        imported=user.kind == "imported",
        role="member" if user.role == "member" else user.role,  # as the kind of a message below
        avatar=avatar_address(user),
        former=user.kind == "former",
        bot=user.kind == "bot",
    )


def heard_person(user: User, person: events.Person) -> User:
    """The user as they are shown now."""
    version = None if person.avatar is None else person.avatar.rpartition("/")[2]
    return msgspec.structs.replace(user, handle=person.handle, name=person.name, role=person.role, avatar=version)


def avatar_address(user: User) -> str | None:
    return None if user.avatar is None else f"/avatars/{user.id}/{user.avatar}"


def shown_met(met: Met, ref: int, asker: Visitor, now: int) -> events.PersonShown:
    is_told = rights.can(asker, "member.mute") and access.muted_for(met.person, now) > 0
    return events.PersonShown(
        ref=ref,
        person=shown_person(met.person),
        rooms=met.rooms,
        since=met.person.created_at,
        here=met.here,
        idle=met.idle,
        formerly=[events.FormerHandle(handle=each.handle, until=each.ended_at) for each in met.formerly],
        namesakes=[shown_namesake(each) for each in met.namesakes],
        handle_lost=met.has_lost_handle,
        muted_until=met.person.muted_until or 0 if is_told else 0,
    )


def shown_namesake(namesake: Namesake) -> events.Namesake:
    person = None if namesake.person is None else shown_person(namesake.person)
    return events.Namesake(until=namesake.until, person=person)


def shown_message(message: Message) -> events.Message:
    more = message.more
    return events.Message(
        number=message.number,
        seq=message.seq,
        author=message.author_id,
        at=message.at,
        nonce=message.nonce,
        html=message.html,
        text=message.text,
        mentions=mentioned_in(message.html),
        # The constants: a default is left out of the JSON only when it is the very same object.
        kind="me" if message.kind == "me" else "msg",
        edited=None if message.removed_at is not None else message.edited_at,
        removed=message.removed_at is not None,
        removed_by=None if message.removed_by == message.author_id else message.removed_by,
        reply_to=message.answers,
        answered=more.answered,
        card=shown_card(more.card),
        pinned=None if more.pinned is None else more.pinned.by,
        told=more.told,
        reactions=[] if message.extras is None else shown_reactions(more),
        thread=shown_thread(more.thread),
        files=[] if message.extras is None else [shown_file(each) for each in more.files],
    )


def shown_file(file: File) -> events.File:
    kind, address = kind_of(file.content_type), f"/files/{file.id}"
    return events.File(
        id=file.id,
        url=address,
        name=file.name,
        type=file.content_type,
        size=file.size,
        kind="file" if kind == "file" else kind,  # as the kind of a message above
        width=file.width,
        height=file.height,
        thumb=f"{address}/thumb" if file.thumb_width else None,
        thumb_width=file.thumb_width,
        thumb_height=file.thumb_height,
        animated=file.animated,
        alt=file.alt,
    )


def shown_reactions(more: Extras) -> list[events.Reaction]:
    return [events.Reaction(emoji=each.emoji, people=list(each.people)) for each in more.reactions]


def shown_thread(thread: Thread | None) -> events.Thread | None:
    if thread is None:
        return None
    return events.Thread(room=thread.room, count=thread.count, at=thread.at, people=list(thread.people))


def shown_card(card: Card | None) -> events.Card | None:
    if card is None or card.kind == "none":
        return None
    # The constant, as above.
    kind: Literal["link", "post"] = "post" if card.kind == "post" else "link"
    return events.Card(url=card.url, title=card.title, kind=kind, site=card.site, text=card.text, date=card.date)


def shown_version(version: Version) -> events.Version:
    return events.Version(version=version.version, text=version.text, at=version.at)


def shown_room(
    room: Room,
    membership: Membership,
    mentions: Sequence[int] = (),
    people: Iterable[User] = (),
    here: Sequence[int] = (),
    idle: Sequence[int] = (),
) -> events.Room:
    """The room as its member sees it; `mentions` are those of them that they have not read. Of a direct one, `people`
    are all whose talk it is, `here` those who are connected, and `idle` those of them who do nothing."""
    return events.Room(
        id=room.id,
        slug=room.slug,
        name=room.name,
        topic=room.topic,
        kind=room.kind,
        number=room.last_number,
        seq=room.seq,
        read=membership.read_number,
        created=room.created_at,
        description=room.description,
        posting=shown_posting(room),
        slow_seconds=room.slow_seconds,
        archived=room.archived_at is not None,
        is_default=room.is_default,
        role="moderator" if membership.role == "moderator" else "member",
        people=[shown_person(each) for each in people],
        here=list(here),
        idle=list(idle),
        at=room.last_at if room.direct_key or room.parent_id is not None else 0,
        is_readable=room.is_readable,
        is_unlisted=room.is_unlisted,
        cards=room.cards,
        favourite=membership.favourite,
        muted=membership.muted,
        hidden=membership.hidden,
        level=shown_level(membership),
        mentions=list(mentions),
        parent=room.parent_id,
        root=room.root_number,
    )


def shown_room_preferences(membership: Membership) -> events.RoomPreferred:
    return events.RoomPreferred(
        room=membership.room_id,
        favourite=membership.favourite,
        muted=membership.muted,
        hidden=membership.hidden,
        level=shown_level(membership),
    )


def shown_level(membership: Membership) -> Level:
    return "default" if membership.level == "default" else membership.level


def shown_change(room: Room) -> events.RoomChanged:
    """What the room is, as of its last change."""
    return events.RoomChanged(
        room=room.id,
        seq=room.changed_seq,
        slug=room.slug,
        name=room.name,
        topic=room.topic,
        kind=room.kind,
        description=room.description,
        posting=shown_posting(room),
        slow_seconds=room.slow_seconds,
        archived=room.archived_at is not None,
        is_default=room.is_default,
        is_readable=room.is_readable,
        is_unlisted=room.is_unlisted,
        cards=room.cards,
    )


def shown_listing(room: Room, *, joined: bool) -> events.Listing:
    return events.Listing(
        id=room.id,
        slug=room.slug,
        name=room.name,
        topic=room.topic,
        kind=room.kind,
        members=room.members,
        at=room.last_at,
        description=room.description,
        archived=room.archived_at is not None,
        joined=joined,
    )


def shown_posting(room: Room) -> Posting:
    return "moderators" if room.posting == "moderators" else "everybody"


def shown_draft(draft: Draft) -> events.Draft:
    return events.Draft(room=draft.room_id, text=draft.text, at=draft.at)


def shown_digest(digest: Digest, ref: int) -> events.Digest:
    return events.Digest(
        ref=ref,
        rooms=[shown_busy(busy) for busy in digest.rooms],
        here=[shown_person(person) for person in digest.here],
        online=digest.online,
    )


def shown_act(act: Act) -> events.Act:
    return events.Act(
        id=act.id,
        what=act.what,
        at=act.at,
        actor=act.actor_id,
        person=act.person_id,
        room=act.room_id,
        details=act.details,
        undone=act.undone_at,
    )


def shown_restraint(user: User, now: int) -> events.Restraint | None:
    """None: nothing holds them back."""
    muted_for, new_for = access.muted_for(user, now), access.new_for(user, now)
    if not muted_for and not new_for:
        return None
    until = (user.muted_until or 0) if muted_for else 0
    return events.Restraint(muted_until=until, muted_for=muted_for, new_for=new_for)


def shown_arrival(arrival: Arrival) -> events.Arrival:
    return events.Arrival(
        id=arrival.id,
        handle=arrival.handle,
        name=arrival.name or arrival.handle,
        at=arrival.asked_at,
        refused=arrival.refused_at is not None,
    )


def shown_busy(busy: Busy) -> events.Busy:
    return events.Busy(
        room=busy.room.id, message=shown_message(busy.message), person=shown_person(busy.author), since=busy.since
    )


def shown_saved(
    saved: Saved, message: Message, quoted: Message | None, threads: Mapping[int, Room]
) -> events.SavedMessage:
    parent, root = place_in(threads, saved.room_id)
    return events.SavedMessage(
        id=saved.id,
        room=saved.room_id,
        message=shown_message(message),
        quoted=shown_quoted(quoted),
        parent=parent,
        root=root,
    )


def shown_mention(
    mention: Mention, message: Message, quoted: Message | None, threads: Mapping[int, Room]
) -> events.Mention:
    parent, root = place_in(threads, mention.room_id)
    return events.Mention(
        id=mention.id,
        room=mention.room_id,
        message=shown_message(message),
        quoted=shown_quoted(quoted),
        parent=parent,
        root=root,
    )


def place_in(threads: Mapping[int, Room], room_id: int) -> tuple[int | None, int | None]:
    """Where a thread is: the room and the number. `threads` are those of the rooms in question that are some."""
    thread = threads.get(room_id)
    return (None, None) if thread is None else (thread.parent_id, thread.root_number)


def shown_followed(thread: Room, membership: Membership, root: Message) -> events.Followed:
    return events.Followed(room=shown_room(thread, membership), message=shown_message(root))


def shown_quoted(quoted: Message | None) -> events.Message | None:
    return None if quoted is None else shown_message(quoted)


def shown_found(found: Found, ref: int) -> events.Found:
    return events.Found(
        ref=ref,
        hits=[shown_hit(hit, found) for hit in found.hits],
        people=[shown_person(person) for person in found.people],
        chips=[events.Chip(kind=chip.kind, value=chip.value, text=chip.text) for chip in found.chips],
        before=found.before,
    )


def shown_hit(hit: Hit, found: Found) -> events.Hit:
    shown = shown_message(hit.message)
    parent, root = place_in(found.threads, hit.message.room_id)
    return events.Hit(
        room=hit.message.room_id,
        message=msgspec.structs.replace(shown, html=marked(shown.html, found.terms)),
        before=shown_line(hit.before),
        after=shown_line(hit.after),
        parent=parent,
        root=root,
    )


def shown_line(message: Message | None) -> events.Line | None:
    if message is None:
        return None
    return events.Line(number=message.number, author=message.author_id, text=message.said[:LINE_LIMIT])


def publish_to_room(services: Services, room_id: int, seq: int, event: Event) -> None:
    services.bus.publish(room_topic(room_id), seq, encode_event(event))


def publish_to_user(services: Services, user_id: int, event: Event) -> None:
    services.bus.publish(user_topic(user_id), 0, encode_event(event))


def publish_to_everyone(services: Services, event: Event) -> None:
    services.bus.publish(EVERYONE, 0, encode_event(event))


def publish_to_peers(services: Services, seq: int, event: PeerEvent) -> None:
    services.bus.publish(PEERS, seq, encode_event(event))
