"""What whoever is not signed in reads of a room: pages of messages, by number and by day. Everything they are shown of
messages comes through here or through public_events.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.chat import access, rights
from app.chat.context import Context, context_of, each_with_its_own
from app.chat.days import DAY, day_of, start_of
from app.chat.portions import first_that_fit, last_that_fit, middle_that_fits
from app.chat.rooms import changes
from app.memory.limits import Limit
from app.models import Message, Place, Room, User
from app.services import Services
from app.storage import messages, public_reading
from app.storage.database import Connection

SHOWN = 50
SHOWN_OF_A_DAY = 400
"""Messages of one page of a day; the next ones are on another."""
MOST_ADDRESSES = 1_000
DAYS_OF_A_ROOM = 60
"""In the sitemap, the newest. From the oldest of them links lead on."""
MISSED = 64 * 1024
"""Bytes that a stream makes up for; who missed more loads the page again."""


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Messages of a room, oldest first, with what goes with them (context.py). `before` and `after` are the
    nearest days (UTC) around them that have a page, or more of them; `more` is the number behind which the same day
    goes on."""

    room: Room
    messages: list[Message]
    people: list[User]
    quoted: list[Message]
    before: date | None = None
    after: date | None = None
    more: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """What changed in a room, each with what goes with it alone, and with who wrote it. `too_much`: more than is
    told."""

    room: Room
    messages: list[tuple[Message, Context, User]]
    too_much: bool


def take_turn(services: Services, who: str) -> None:
    """Count a look from an address, or of a person, whatever it will find. Raises TooFast."""
    services.limits.take(f"public:{who}", Limit(services.settings.limit_public_pages_per_minute, 60.0))


async def newest(services: Services, slug: str) -> PublicPage:
    """The newest messages. Raises NotFound for a room that cannot be read from outside, as for one that is not there;
    so do the next three."""
    return await services.store.read(read_newest, slug)


async def around(services: Services, slug: str, number: int) -> PublicPage | None:
    """A message and what stands around it; None where the room has none with this number."""
    return await services.store.read(read_around, slug, number)


async def of_day(services: Services, slug: str, day: date, after: int) -> PublicPage | None:
    """The messages of a day (UTC) behind the number `after`; None where there are none."""
    return await services.store.read(read_day, slug, day, after)


async def room(services: Services, slug: str) -> Room:
    return await services.store.read(access.room_from_outside, slug)


async def missed(services: Services, room_id: int, since: int) -> Missed:
    """What changed in a room behind its change `since`. Raises NotFound when it cannot be read from outside now."""
    return await services.store.read(read_missed, room_id, since)


async def places(services: Services) -> list[Place]:
    """What search engines may find, as it was a while ago."""
    cache = services.cache.sitemaps
    version, found = cache.version, cache.get("")
    if found is None:
        found = await services.store.read(read_places)
        cache.put("", found, version)
    return found


async def still_readable(services: Services, room_ids: Iterable[int]) -> set[int]:
    """Those of the rooms that can be read from outside, as the database has it now."""
    return await services.store.read(find_readable, list(room_ids))


def read_newest(connection: Connection, slug: str) -> PublicPage:
    room = access.room_from_outside(connection, slug)
    return page_of(connection, room, last_that_fit(messages.newest_living(connection, room.id, SHOWN)))


def read_around(connection: Connection, slug: str, number: int) -> PublicPage | None:
    room = access.room_from_outside(connection, slug)
    if not 1 <= number <= room.last_number:
        return None
    found = middle_that_fits(messages.around(connection, room.id, number, SHOWN), number)
    page = page_of(connection, room, found)
    return page if number in {message.number for message in page.messages} else None


def page_of(connection: Connection, room: Room, found: list[Message]) -> PublicPage:
    """Its neighbours are whole days, so that no message lies between two pages."""
    if not found:
        return PublicPage(room, [], [], [])
    before = day_before(connection, room, found[0].number)
    after = day_after(connection, room, found[-1].number)
    page = visible(found)
    context = context_of(connection, page)
    return PublicPage(room, page, context.people, context.quoted, before, after)


def read_day(connection: Connection, slug: str, day: date, after: int) -> PublicPage | None:
    room = access.room_from_outside(connection, slug)
    begin = start_of(day)
    end = begin + DAY
    first = messages.number_at(connection, room.id, begin)
    found = messages.living_after(connection, room.id, max(first - 1, after), SHOWN_OF_A_DAY + 1)
    of_day = [message for message in found if begin <= message.at < end]
    shown = first_that_fit(of_day[:SHOWN_OF_A_DAY])
    page = visible(shown)
    if not page:
        return None
    more = shown[-1].number if len(shown) < len(of_day) else None
    following = messages.number_at(connection, room.id, end)
    context = context_of(connection, page)
    return PublicPage(
        room,
        page,
        context.people,
        context.quoted,
        before=day_before(connection, room, first),
        after=later(day, day_after(connection, room, following - 1)),
        more=more,
    )


def visible(found: list[Message]) -> list[Message]:
    """Those that strangers are shown: the one place that leaves messages out."""
    return [message for message in found if is_visible(message)]


def is_visible(message: Message) -> bool:
    """What was taken away has nothing to show, and keeps its number."""
    return bool(message.html or message.more.files)


def day_before(connection: Connection, room: Room, number: int) -> date | None:
    """The day of the nearest message in front of this one that was not removed: where all were, there is no page."""
    found = messages.living_before(connection, room.id, number)
    return day_of(found.at) if found else None


def day_after(connection: Connection, room: Room, number: int) -> date | None:
    found = messages.living_after(connection, room.id, number, 1)
    return day_of(found[0].at) if found else None


def later(day: date, other: date | None) -> date | None:
    return other if other is not None and other > day else None


def read_missed(connection: Connection, room_id: int, since: int) -> Missed:
    room = access.room_id_from_outside(connection, room_id)
    changed = changes(connection, room, since)
    if changed is None or len(first_that_fit(changed, MISSED)) < len(changed):
        return Missed(room, [], too_much=True)
    context = context_of(connection, changed)
    people = {person.id: person for person in context.people}
    told = [(message, own, people[message.author_id]) for message, own in each_with_its_own(changed, context)]
    return Missed(room, told, too_much=False)


def read_places(connection: Connection) -> list[Place]:
    if not public_reading.is_on(connection):
        return []
    found = public_reading.listed(connection, MOST_ADDRESSES)
    places: list[Place] = []
    left = MOST_ADDRESSES
    for room, is_on in found:
        if rights.may_read_from_outside(room, is_on=is_on) and not room.is_unlisted and left > 0:
            days = newest_days(connection, room, min(DAYS_OF_A_ROOM, left - 1))
            places.append(Place(room, tuple(days)))
            left -= 1 + len(days)
    return places


def newest_days(connection: Connection, room: Room, limit: int) -> list[date]:
    """By halving, as times never fall (DELIVERY D14): a few looks for each day."""
    days: list[date] = []
    number = room.last_number + 1
    while len(days) < limit and (day := day_before(connection, room, number)) is not None:
        days.append(day)
        number = messages.number_at(connection, room.id, start_of(day))
    return days


def find_readable(connection: Connection, room_ids: list[int]) -> set[int]:
    found = (public_reading.by_id(connection, room_id) for room_id in room_ids)
    return {each[0].id for each in found if each is not None and rights.may_read_from_outside(each[0], is_on=each[1])}
