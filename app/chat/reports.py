"""What people tell moderators of a message or of somebody, and what comes of it. Who reported is told to nobody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.chat import access, rooms, team
from app.chat.room_names import plain_text
from app.errors import BadRequest, NotFound
from app.memory.limits import Limit
from app.models import Act, Message, Report, ReportReason, Room, User, Visitor
from app.services import Services
from app.storage import acts, memberships, messages, reports, users
from app.storage.database import Connection

PACE = Limit(10, 3_600.0)
"""Reports of one person."""
LOOKS = Limit(120, 60.0)
"""Looks and answers of one moderator."""
SHOWN = 200
"""Reports of one look."""
AROUND = 5
"""Messages of a case, the reported one in their middle."""


@dataclass(frozen=True, slots=True)
class Complaint:
    reason: ReportReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is said of one `person`, or of one message of theirs. `first` is the report that came first, `count` is how
    many people reported; `by_roost`: so did Roost. The message's `room` and those `around` it, with their authors, are
    for who is in that room."""

    first: Report
    person: User
    count: int
    by_roost: bool
    reasons: Counter[ReportReason]
    notes: list[str]
    room: Room | None
    around: list[tuple[Message, User]]

    @property
    def message(self) -> Message | None:
        """As it is now, for who may read it."""
        return next((message for message, _ in self.around if message.number == self.first.number), None)


async def report_message(services: Services, visitor: Visitor, room_id: int, number: int, complaint: Complaint) -> None:
    """Tell moderators of a message; once more changes nothing. Raises NotFound, BadRequest or TooFast."""
    note = plain_text(complaint.note)
    services.limits.take(f"report:{visitor.user.id}", PACE)
    now = services.clock.now()

    def tell(connection: Connection) -> dict[int, int] | None:
        rooms.readable(connection, visitor, room_id)
        message = messages.by_number(connection, room_id, number)
        if message is None or message.removed_at is not None:
            raise NotFound
        check_other(visitor, message.author_id)
        place = {"room_id": room_id, "number": number}
        is_new = reports.add(
            connection,
            visitor.user.id,
            message.author_id,
            now,
            reason=complaint.reason,
            note=note,
            said=message.said,
            **place,
        )
        return team.cases(connection) if is_new else None

    publish(services, await services.store.write(tell))


async def report_person(services: Services, visitor: Visitor, user_id: int, complaint: Complaint) -> None:
    """Tell moderators of somebody whom the visitor has met; once more changes nothing. Raises NotFound, BadRequest or
    TooFast."""
    note = plain_text(complaint.note)
    services.limits.take(f"report:{visitor.user.id}", PACE)
    now = services.clock.now()

    def tell(connection: Connection) -> dict[int, int] | None:
        check_other(visitor, user_id)
        person = users.by_id(connection, user_id)
        if person is None or not memberships.have_met(connection, visitor.user.id, user_id):
            raise NotFound
        is_new = reports.add(connection, visitor.user.id, user_id, now, reason=complaint.reason, note=note)
        return team.cases(connection) if is_new else None

    publish(services, await services.store.write(tell))


def check_other(visitor: Visitor, user_id: int) -> None:
    if user_id == visitor.user.id:
        raise BadRequest("You cannot report yourself.")


def publish(services: Services, counts: dict[int, int] | None) -> None:
    if counts is not None:
        team.tell_cases(services, counts)


async def queue(services: Services, visitor: Visitor) -> list[Case]:
    """The open cases, the oldest first, without those about the visitor. Raises Forbidden or TooFast."""
    take_turn(services, visitor)
    return await services.store.read(read_queue, visitor)


def read_queue(connection: Connection, visitor: Visitor) -> list[Case]:
    actor = access.allow_now(connection, visitor, "report.answer")
    found = [each for each in reports.page(connection, SHOWN) if each.person_id != actor.user.id]
    grouped: dict[tuple[int, int | None, int | None], list[Report]] = {}
    for report in found:
        grouped.setdefault((report.person_id, report.room_id, report.number), []).append(report)
    people = {user.id: user for user in users.by_ids(connection, {report.person_id for report in found})}
    return [case_of(connection, actor, people, of_one) for of_one in grouped.values()]


def case_of(connection: Connection, actor: Visitor, people: dict[int, User], told: list[Report]) -> Case:
    first = told[0]
    room, around = place_of(connection, actor, first)
    return Case(
        first=first,
        person=people[first.person_id],
        count=sum(report.reporter_id is not None for report in told),
        by_roost=any(report.reporter_id is None for report in told),
        reasons=Counter(report.reason for report in told),
        notes=[report.note for report in told if report.note],
        room=room,
        around=around,
    )


def place_of(connection: Connection, actor: Visitor, report: Report) -> tuple[Room | None, list[tuple[Message, User]]]:
    """Nothing of a room that the moderator is not in: what was reported is all that they are told of it."""
    if report.room_id is None or report.number is None:
        return None, []
    try:
        room, _ = rooms.readable(connection, actor, report.room_id)
    except NotFound:
        return None, []
    found = messages.around(connection, room.id, report.number, AROUND)
    return room, with_authors(connection, found)


def with_authors(connection: Connection, found: Iterable[Message]) -> list[tuple[Message, User]]:
    found = list(found)
    people = {user.id: user for user in users.by_ids(connection, {message.author_id for message in found})}
    return [(message, people[message.author_id]) for message in found]


async def one(services: Services, visitor: Visitor, report_id: int) -> Report:
    """A report that the visitor may answer. Raises Forbidden, or NotFound also when it is closed."""
    return await services.store.read(answerable, visitor, report_id)


async def dismiss(services: Services, visitor: Visitor, report_id: int) -> None:
    """Nothing has to be done about this case: it is closed, which is an act of the log. Raises Forbidden, NotFound or
    TooFast."""
    await close(services, visitor, report_id, is_act=True)


async def settle(services: Services, visitor: Visitor, report_id: int) -> None:
    """Something was done, which is in the log by itself. Raises the same."""
    await close(services, visitor, report_id, is_act=False)


async def close(services: Services, visitor: Visitor, report_id: int, *, is_act: bool) -> None:
    take_turn(services, visitor)
    now = services.clock.now()

    def shut(connection: Connection) -> dict[int, int]:
        report = answerable(connection, visitor, report_id)
        if not reports.close(connection, report, now):
            raise NotFound
        if is_act:
            who, whom = visitor.user.id, report.person_id
            acts.add(connection, "report.dismiss", now, actor_id=who, person_id=whom, room_id=report.room_id)
        return team.cases(connection)

    publish(services, await services.store.write(shut))


def answerable(connection: Connection, visitor: Visitor, report_id: int) -> Report:
    actor = access.allow_now(connection, visitor, "report.answer")
    report = reports.by_id(connection, report_id)
    if report is None or report.closed_at is not None or report.person_id == actor.user.id:
        raise NotFound
    return report


async def reopen(services: Services, visitor: Visitor, act: Act) -> None:
    """What this act dismissed waits again. Raises Forbidden."""
    person_id = act.person_id
    assert person_id is not None, "it was about somebody"

    def open_again(connection: Connection) -> dict[int, int]:
        access.allow_now(connection, visitor, "report.answer")
        reports.reopen(connection, person_id, act.at)
        acts.undo(connection, act.id, services.clock.now())
        return team.cases(connection)

    publish(services, await services.store.write(open_again))


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"reports:{visitor.user.id}", LOOKS)
