"""What each command does: unpack it, call the domain, make the reply. One function each, in one table, beside the right
that it takes (app/chat/rights.py)."""

from collections.abc import Awaitable, Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Protocol

from app.chat import (
    acts,
    bans,
    blocks,
    cards,
    digest,
    direct,
    directory,
    drafts,
    editing,
    members,
    memberships,
    mentions,
    messages,
    mutes,
    people,
    pins,
    presence,
    reactions,
    reading,
    removal,
    reports,
    roles,
    room_files,
    room_preferences,
    rooms,
    saved,
    search,
    threads,
    undoing,
    waiting_room,
)
from app.chat.context import target_in
from app.chat.events import (
    shown_act,
    shown_arrival,
    shown_digest,
    shown_draft,
    shown_followed,
    shown_found,
    shown_listing,
    shown_mention,
    shown_message,
    shown_met,
    shown_person,
    shown_room,
    shown_saved,
    shown_version,
)
from app.chat.files import Attached
from app.chat.rights import Action
from app.errors import BadCommand
from app.models import Membership, Posted, Room, Visitor
from app.protocol import commands, events
from app.protocol.commands import Command
from app.protocol.events import Event
from app.realtime.later import Later
from app.services import Services

if TYPE_CHECKING:
    from app.realtime.connection import Connection

Answer = Event | Later | None


class Asker(Protocol):
    """On whose behalf a command is carried out: a Connection, or an Exchange, which has no rooms open."""

    services: Services
    visitor: Visitor


async def send_message(asker: Asker, command: commands.SendMessage) -> Later:
    attached = with_alts(command) if command.files else []
    future = await messages.post(
        asker.services,
        asker.visitor,
        command.room,
        command.nonce,
        command.text,
        kind=command.kind,
        reply_to=command.reply_to,
        attached=attached,
    )

    def sent(posted: Posted) -> Event:
        return events.Sent(
            ref=command.ref, room=posted.message.room_id, message=shown_message(posted.message), dup=posted.duplicate
        )

    return Later(command.ref, future, sent)


def with_alts(command: commands.SendMessage) -> list[Attached]:
    return [Attached(*each) for each in zip_longest(command.files, command.alts, fillvalue="")]


async def list_messages(asker: Asker, command: commands.ListMessages) -> Event:
    if sum(where is not None for where in (command.before, command.after, command.around, command.at)) > 1:
        raise BadCommand("Ask for what is before, after or around a number, or at a time: one of the four.")
    page = await messages.page(
        asker.services,
        asker.visitor,
        command.room,
        before=command.before,
        after=command.after,
        around=command.around,
        at=command.at,
        limit=command.limit,
    )
    return events.Page(
        ref=command.ref,
        room=command.room,
        messages=[shown_message(message) for message in page.messages],
        people=[shown_person(person) for person in page.people],
        first=page.first,
        last=page.last,
        quoted=[shown_message(message) for message in page.quoted],
    )


async def remove_message(asker: Asker, command: commands.RemoveMessage) -> Event:
    await removal.remove(asker.services, asker.visitor, command.room, command.number, command.reason)
    return events.Done(ref=command.ref)


async def edit_message(asker: Asker, command: commands.EditMessage) -> Event:
    message = await editing.edit(asker.services, asker.visitor, command.room, command.number, command.text)
    return events.Edited(ref=command.ref, room=command.room, message=shown_message(message))


async def list_versions(asker: Asker, command: commands.ListVersions) -> Event:
    page = await editing.versions(asker.services, asker.visitor, command.room, command.number, command.before)
    shown = [shown_version(version) for version in page.versions]
    return events.Versions(ref=command.ref, room=command.room, number=command.number, versions=shown, last=page.last)


async def react(asker: Asker, command: commands.React) -> Event:
    await reactions.react(asker.services, asker.visitor, command.room, command.number, command.emoji, on=command.on)
    return events.Done(ref=command.ref)


async def list_reaction(asker: Asker, command: commands.ListReaction) -> Event:
    people, count = await reactions.people(asker.services, asker.visitor, command.room, command.number, command.emoji)
    return events.Reactors(
        ref=command.ref,
        room=command.room,
        number=command.number,
        emoji=command.emoji,
        people=[shown_person(person) for person in people],
        count=count,
    )


async def remove_card(asker: Asker, command: commands.RemoveCard) -> Event:
    await cards.dismiss(asker.services, asker.visitor, command.room, command.number)
    return events.Done(ref=command.ref)


async def pin_message(asker: Asker, command: commands.PinMessage) -> Event:
    await pins.pin(asker.services, asker.visitor, command.room, command.number, on=command.on)
    return events.Done(ref=command.ref)


async def list_pins(asker: Asker, command: commands.ListPins) -> Event:
    found = await pins.of_room(asker.services, asker.visitor, command.room)
    return events.Pins(
        ref=command.ref,
        room=command.room,
        messages=[shown_message(message) for message in found.messages],
        people=[shown_person(person) for person in found.people],
        quoted=[shown_message(message) for message in found.quoted],
    )


async def list_files(asker: Asker, command: commands.ListFiles) -> Event:
    page = await room_files.page(asker.services, asker.visitor, command.room, command.before, command.limit)
    return events.RoomFiles(
        ref=command.ref,
        room=command.room,
        messages=[shown_message(message) for message in page.messages],
        people=[shown_person(person) for person in page.people],
        before=page.before,
    )


async def save_message(asker: Asker, command: commands.SaveMessage) -> Event:
    await saved.save(asker.services, asker.visitor, command.room, command.number, on=command.on)
    return events.Done(ref=command.ref)


async def list_saved(asker: Asker, command: commands.ListSaved) -> Event:
    page = await saved.page(asker.services, asker.visitor, command.before, command.limit)
    return events.SavedMessages(
        ref=command.ref,
        saved=[shown_saved(*each, target_in(page.quotes, each[1]), page.threads) for each in page.found],
        people=[shown_person(person) for person in page.people],
        last=page.last,
    )


async def show_saved(asker: Asker, command: commands.ShowSaved) -> Event:
    numbers = await saved.numbers(asker.services, asker.visitor, command.room)
    return events.SavedNumbers(ref=command.ref, room=command.room, numbers=numbers)


async def open_room(connection: "Connection", command: commands.OpenRoom) -> None:
    # The hub writes this answer itself, because changes must follow it closely; it must not overtake earlier ones.
    await connection.answered()
    await connection.hub.open(connection, command)


async def close_room(connection: "Connection", command: commands.CloseRoom) -> Event:
    connection.hub.close_room(connection, command.room)
    return events.Done(ref=command.ref)


async def read_room(asker: Asker, command: commands.ReadRoom) -> Event:
    await reading.move(asker.services, asker.visitor, command.room, command.number)
    return events.Done(ref=command.ref)


async def unread_room(asker: Asker, command: commands.UnreadRoom) -> Event:
    await reading.move_back(asker.services, asker.visitor, command.room, command.number)
    return events.Done(ref=command.ref)


async def prefer_room(asker: Asker, command: commands.PreferRoom) -> Event:
    await room_preferences.change(
        asker.services,
        asker.visitor,
        command.room,
        favourite=command.favourite,
        muted=command.muted,
        hidden=command.hidden,
        level=command.level,
    )
    return events.Done(ref=command.ref)


async def type_in_room(asker: Asker, command: commands.TypeInRoom) -> Event:
    await presence.typing(asker.services, asker.visitor, command.room)
    return events.Done(ref=command.ref)


async def rest_presence(connection: "Connection", command: commands.RestPresence) -> Event:
    connection.hub.rest(connection, idle=command.idle)
    return events.Done(ref=command.ref)


async def create_room(asker: Asker, command: commands.CreateRoom) -> Event:
    room, membership = await rooms.create(
        asker.services, asker.visitor, command.name, command.kind, command.topic, command.description
    )
    return room_shown(command, room, membership)


async def change_room(asker: Asker, command: commands.ChangeRoom) -> Event:
    wanted = rooms.Wanted(
        name=command.name,
        slug=command.slug,
        topic=command.topic,
        description=command.description,
        kind=command.kind,
        posting=command.posting,
        slow_seconds=command.slow_seconds,
        archived=command.archived,
        is_default=command.is_default,
        is_readable=command.is_readable,
        is_unlisted=command.is_unlisted,
        cards=command.cards,
    )
    room, membership = await rooms.change(asker.services, asker.visitor, command.room, wanted)
    return room_shown(command, room, membership)


async def join_room(asker: Asker, command: commands.JoinRoom) -> Event:
    room, membership = await memberships.join(asker.services, asker.visitor, command.room)
    return room_shown(command, room, membership)


def room_shown(command: Command, room: Room, membership: Membership) -> Event:
    return events.RoomShown(ref=command.ref, room=shown_room(room, membership))


async def leave_room(asker: Asker, command: commands.LeaveRoom) -> Event:
    await memberships.leave(asker.services, asker.visitor, command.room)
    return events.Done(ref=command.ref)


async def add_to_room(asker: Asker, command: commands.AddToRoom) -> Event:
    await memberships.add(asker.services, asker.visitor, command.room, command.person)
    return events.Done(ref=command.ref)


async def remove_from_room(asker: Asker, command: commands.RemoveFromRoom) -> Event:
    await memberships.remove(asker.services, asker.visitor, command.room, command.person)
    return events.Done(ref=command.ref)


async def list_rooms(asker: Asker, command: commands.ListRooms) -> Event:
    page = await directory.page(asker.services, asker.visitor, command.prefix, command.after, command.limit)
    listed = [shown_listing(room, joined=joined) for room, joined in page.rooms]
    return events.Rooms(ref=command.ref, rooms=listed, last=page.last)


async def open_direct(asker: Asker, command: commands.OpenDirect) -> Event:
    talk = await direct.open_room(asker.services, asker.visitor, command.people)
    people = {person.id: person for person in talk.people}
    return events.RoomShown(ref=command.ref, room=direct.shown(asker.services, talk.room, talk.membership, people))


async def save_draft(asker: Asker, command: commands.SaveDraft) -> Event:
    outcome = await drafts.save(asker.services, asker.visitor, command.room, command.text, command.age, command.known)
    replaced = None if outcome.replaced is None else shown_draft(outcome.replaced)
    return events.Saved(ref=command.ref, draft=shown_draft(outcome.draft), replaced=replaced)


async def list_members(asker: Asker, command: commands.ListMembers) -> Event:
    page = await members.page(
        asker.services,
        asker.visitor,
        command.room,
        here=command.here,
        idle=command.idle,
        after=command.after,
        limit=command.limit,
    )
    people = [shown_person(user) for user in page.people]
    return events.Members(
        ref=command.ref, room=command.room, here=command.here, idle=command.idle, people=people, last=page.last
    )


async def show_person(asker: Asker, command: commands.ShowPerson) -> Event:
    met = await members.met(asker.services, asker.visitor, command.person)
    return shown_met(met, command.ref, asker.visitor, asker.services.clock.steady())


async def block_person(asker: Asker, command: commands.BlockPerson) -> Event:
    await blocks.block(asker.services, asker.visitor, command.person)
    return events.Done(ref=command.ref)


async def unblock_person(asker: Asker, command: commands.UnblockPerson) -> Event:
    await blocks.unblock(asker.services, asker.visitor, command.person)
    return events.Done(ref=command.ref)


async def search_people(asker: Asker, command: commands.SearchPeople) -> Event:
    found = await people.search(asker.services, asker.visitor, command.room, command.prefix, command.limit)
    return events.PeopleFound(
        ref=command.ref,
        people=[shown_person(person) for person in found.members],
        others=[shown_person(person) for person in found.others],
    )


async def show_digest(asker: Asker, command: commands.ShowDigest) -> Event:
    return shown_digest(await digest.show(asker.services, asker.visitor), command.ref)


async def list_mentions(asker: Asker, command: commands.ListMentions) -> Event:
    page = await mentions.page(asker.services, asker.visitor, command.before, command.limit)
    return events.Mentions(
        ref=command.ref,
        mentions=[shown_mention(*each, target_in(page.quotes, each[1]), page.threads) for each in page.found],
        people=[shown_person(person) for person in page.people],
        last=page.last,
    )


async def open_thread(asker: Asker, command: commands.OpenThread) -> Event:
    found = await threads.open_thread(asker.services, asker.visitor, command.room, command.number)
    return events.ThreadShown(
        ref=command.ref,
        room=shown_room(found.thread, found.membership),
        message=shown_message(found.root),
        people=[shown_person(person) for person in found.people],
    )


async def list_threads(asker: Asker, command: commands.ListThreads) -> Event:
    page = await threads.page(asker.services, asker.visitor, command.before, command.limit)
    return events.Threads(
        ref=command.ref,
        threads=[shown_followed(*each) for each in page.threads],
        people=[shown_person(person) for person in page.people],
        last=page.last,
    )


async def search_messages(asker: Asker, command: commands.SearchMessages) -> Event:
    found = await search.find(
        asker.services, asker.visitor, command.text, before=command.before, limit=command.limit, zone=command.zone
    )
    return shown_found(found, command.ref)


async def set_role(asker: Asker, command: commands.SetRole) -> Event:
    await roles.give(asker.services, asker.visitor, command.person, command.role)
    return events.Done(ref=command.ref)


async def report_message(asker: Asker, command: commands.ReportMessage) -> Event:
    what = reports.Complaint(command.reason, command.note)
    await reports.report_message(asker.services, asker.visitor, command.room, command.number, what)
    return events.Done(ref=command.ref)


async def report_person(asker: Asker, command: commands.ReportPerson) -> Event:
    what = reports.Complaint(command.reason, command.note)
    await reports.report_person(asker.services, asker.visitor, command.person, what)
    return events.Done(ref=command.ref)


async def mute_member(asker: Asker, command: commands.MuteMember) -> Event:
    act = await mutes.mute(asker.services, asker.visitor, command.person, command.minutes)
    return events.Acted(ref=command.ref, act=act.id)


async def unmute_member(asker: Asker, command: commands.UnmuteMember) -> Event:
    await mutes.lift(asker.services, asker.visitor, command.person)
    return events.Done(ref=command.ref)


async def ban_member(asker: Asker, command: commands.BanMember) -> Event:
    act = await bans.ban(
        asker.services, asker.visitor, command.person, command.reason, with_messages=command.with_messages
    )
    return events.Acted(ref=command.ref, act=act.id)


async def list_acts(asker: Asker, command: commands.ListActs) -> Event:
    page = await acts.page(asker.services, asker.visitor, before=command.before, limit=command.limit)
    return events.Acts(
        ref=command.ref,
        acts=[shown_act(act) for act in page.acts],
        people=[shown_person(person) for person in page.people],
        last=page.last,
    )


async def undo_act(asker: Asker, command: commands.UndoAct) -> Event:
    await undoing.undo(asker.services, asker.visitor, command.act)
    return events.Done(ref=command.ref)


async def list_waiting(asker: Asker, command: commands.ListWaiting) -> Event:
    found = await waiting_room.queue(asker.services, asker.visitor)
    return events.Waiting(ref=command.ref, people=[shown_arrival(arrival) for arrival in found])


async def answer_waiting(asker: Asker, command: commands.AnswerWaiting) -> Event:
    if command.let_in:
        await waiting_room.let_in(asker.services, asker.visitor, command.arrival)
    else:
        await waiting_room.refuse(asker.services, asker.visitor, command.arrival)
    return events.Done(ref=command.ref)


async def ping(asker: Asker, command: commands.Ping) -> Event:
    return events.Done(ref=command.ref)


Table = dict[type[Command], tuple[Action, Callable[[Any, Any], Awaitable[Answer]]]]

COMMANDS: Table = {
    commands.SendMessage: ("room.post", send_message),
    commands.ListMessages: ("room.read", list_messages),
    commands.EditMessage: ("message.edit", edit_message),
    commands.ListVersions: ("room.read", list_versions),
    commands.React: ("message.react", react),
    commands.ListReaction: ("room.read", list_reaction),
    commands.RemoveMessage: ("message.remove", remove_message),
    commands.RemoveCard: ("card.remove", remove_card),
    commands.PinMessage: ("message.pin", pin_message),
    commands.ListPins: ("room.read", list_pins),
    commands.ListFiles: ("room.read", list_files),
    commands.SaveMessage: ("message.save", save_message),
    commands.ListSaved: ("chat.use", list_saved),
    commands.ShowSaved: ("room.read", show_saved),
    commands.OpenRoom: ("room.read", open_room),
    commands.CloseRoom: ("chat.use", close_room),
    commands.ReadRoom: ("room.mark", read_room),
    commands.UnreadRoom: ("room.mark", unread_room),
    commands.PreferRoom: ("room.mark", prefer_room),
    commands.TypeInRoom: ("room.post", type_in_room),
    commands.RestPresence: ("chat.use", rest_presence),
    commands.CreateRoom: ("room.create", create_room),
    commands.ChangeRoom: ("room.change", change_room),
    commands.JoinRoom: ("room.join", join_room),
    commands.LeaveRoom: ("room.leave", leave_room),
    commands.AddToRoom: ("room.add", add_to_room),
    commands.RemoveFromRoom: ("room.remove", remove_from_room),
    commands.ListRooms: ("room.find", list_rooms),
    commands.OpenDirect: ("direct.open", open_direct),
    commands.SaveDraft: ("room.post", save_draft),
    commands.ListMembers: ("room.read", list_members),
    commands.ShowPerson: ("person.see", show_person),
    commands.BlockPerson: ("person.block", block_person),
    commands.UnblockPerson: ("person.block", unblock_person),
    commands.SearchPeople: ("room.read", search_people),
    commands.ShowDigest: ("chat.use", show_digest),
    commands.ListMentions: ("chat.use", list_mentions),
    commands.OpenThread: ("room.read", open_thread),
    commands.ListThreads: ("chat.use", list_threads),
    commands.SearchMessages: ("message.search", search_messages),
    commands.SetRole: ("role.set", set_role),
    commands.ReportMessage: ("message.report", report_message),
    commands.ReportPerson: ("person.report", report_person),
    commands.MuteMember: ("member.mute", mute_member),
    commands.UnmuteMember: ("member.mute", unmute_member),
    commands.BanMember: ("member.ban", ban_member),
    commands.ListActs: ("acts.list", list_acts),
    commands.UndoAct: ("act.undo", undo_act),
    commands.ListWaiting: ("door.answer", list_waiting),
    commands.AnswerWaiting: ("door.answer", answer_waiting),
    commands.Ping: ("chat.use", ping),
}
