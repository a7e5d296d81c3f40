"""What goes with messages wherever they are told: what they answer, which is quoted as it is now, and the people in all
of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from msgspec.structs import replace

from app.models import Extras, Message, User
from app.render.line import line_of
from app.render.mentions import mentioned_in
from app.storage import replies, users
from app.storage.database import Connection

WHOLE = 1_000
"""Characters of HTML. What is longer is quoted by its beginning: two hundred whole ones would be more than an answer
holds (portions.py)."""
BEGINNING = 300
NAMED = 10
"""Of those with one reaction, where it is shown who they are (static/js/core/reactions.js)."""


Quotes = Mapping[tuple[int, int], Message]
"""What messages answer, by room and number."""


@dataclass(frozen=True, slots=True)
class Context:
    """`quoted` is what the messages answer and is not among them; `people` wrote those and these, or are mentioned in
    them."""

    quoted: list[Message]
    people: list[User]


def context_of(connection: Connection, found: list[Message]) -> Context:
    quoted = quoted_in(connection, found)
    return Context(quoted, users.by_ids(connection, people_in([*found, *quoted])))


def quoted_in(connection: Connection, found: list[Message]) -> list[Message]:
    """What is shown of those that these messages answer."""
    return [quotable(message) for message in replies.targets(connection, found)]


def told_alone(connection: Connection, message: Message) -> tuple[Message, Context]:
    """A message, with what goes with it."""
    return each_with_its_own([message], context_of(connection, [message]))[0]


def each_with_its_own(found: list[Message], context: Context) -> list[tuple[Message, Context]]:
    """The messages, each with what goes with it where it is told alone; who wrote it, its event has already."""
    quotes = quotes_of(found, context)
    people = {person.id: person for person in context.people}
    return [(message, alone(message, target_in(quotes, message), people)) for message in found]


def alone(message: Message, quoted: Message | None, people: dict[int, User]) -> Context:
    quotes = [] if quoted is None else [quoted]
    ids = (people_in([message]) - {message.author_id}) | people_in(quotes)
    return Context(quotes, [people[user_id] for user_id in sorted(ids)])


def quotes_of(found: list[Message], context: Context) -> Quotes:
    """What each of the messages answers, also where that is among them."""
    known = {(message.room_id, message.number): message for message in [*found, *context.quoted]}
    keys = {(message.room_id, message.answers) for message in found if message.answers is not None}
    return {key: quotable(known[key]) for key in keys}


def target_in(quotes: Quotes, message: Message) -> Message | None:
    """What a message answers, if anything."""
    return None if message.answers is None else quotes[message.room_id, message.answers]


def people_in(found: Iterable[Message]) -> set[int]:
    """The ids of those who wrote these messages or last in their threads, whom they mention, who have pinned them, and
    who are named at their reactions."""
    ids: set[int] = set()
    for message in found:
        ids.add(message.author_id)
        ids.update(mentioned_in(message.html))
        if message.extras is not None:
            ids.update(people_round(message.more))
    return ids


def people_round(more: Extras) -> set[int]:
    named = {user_id for each in more.reactions for user_id in each.people[:NAMED]}
    if more.pinned is not None:
        named.add(more.pinned.by)
    return named if more.thread is None else named.union(more.thread.people)


def quotable(message: Message) -> Message:
    """A message as it goes with those that answer it, who show one line of it, whomever it calls."""
    if message.more.told is not None:
        message = message.with_more(replace(message.more, told=None))
    if len(message.html) <= WHOLE:
        return message
    return replace(message, text=message.text[:BEGINNING], html=escape(line_of(message.html)[:BEGINNING]))
