"""Whom a message mentions, and where one was mentioned."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.chat import calls
from app.chat.found import FoundPage, page_of
from app.chat.rendering import html_of
from app.memory.limits import Limit
from app.models import Mention, Message, Room, Told, User, Visitor
from app.render.mentions import CALLS, Call, Named, call_in, handles_in, mentioned_in
from app.render.notices import marked
from app.services import Services
from app.storage import mentions
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Pages of one person's."""
MOST = 50
"""People of one message: those who are named first."""
MOST_UNREAD = 200
"""Of one room, told at the beginning of a connection; nobody counts further."""


class Written(Struct, frozen=True):
    """A text as it is kept: its HTML, the people in it, and of those whom it is for each alone, without its author, the
    ids: `noted` are all, `told` those who hear of it, for they have not blocked the author. `call` is whom it calls
    together. An answer has what it is to as `quoted` (replies.py)."""

    html: str
    people: list[User]
    told: list[int]
    noted: Sequence[int] = ()
    quoted: Sequence[Message] = ()
    call: Told | None = None

    @property
    def mentions(self) -> tuple[int | None, ...]:
        """Whom it is for, as that is kept: None is everybody."""
        return with_call(self.noted, self.call)

    @property
    def hearers(self) -> tuple[int | None, ...]:
        """Who is told of it, in the same words."""
        return with_call(self.told, self.call)

    def with_notices(self, sentences: Sequence[str]) -> "Written":
        """The same, where some of it are sentences of ours."""
        return replace(self, html=marked(self.html, sentences)) if sentences else self

    def instead_of(self, before: Told | None) -> "Written":
        """The same as an edit: whoever is here by now was not called by what calls here already."""
        return replace(self, call=before) if calls.is_here(before) and calls.is_here(self.call) else self


def with_call(ids: Sequence[int], call: Told | None) -> tuple[int | None, ...]:
    if not ids and not call:
        return ()
    if call == "all":
        return *ids, None
    return tuple(dict.fromkeys([*ids, *(call or ())]))


async def write(services: Services, visitor: Visitor, room: Room, text: str) -> Written:
    """What a text of this visitor is in a room of theirs. Whoever changes a message asks this again. A text without a
    handle asks nothing of the database."""
    if "@" not in text:
        return Written(await html_of(services, text), [], [])
    author = visitor.user
    names = list(dict.fromkeys(found[1].casefold() for found in handles_in(text)))[:MOST]
    keys = [name for name in names if name not in CALLS]
    found = await services.store.read(mentions.called, room.parent_id or room.id, author.id, keys) if keys else []
    called = await calls.reach(services, visitor, room.id, names) if len(keys) < len(names) else {}
    # Of several with one handle the last holds it.
    people = {person.handle.casefold(): (person, is_blocked) for person, is_blocked in found}
    meant: dict[str, Named] = {key: person for key, (person, _) in people.items()}
    html = await html_of(services, text, meant | {word: Call(word) for word in called})
    # Not those whose handle stands in code or in a link alone.
    ids = mentioned_in(html)
    named = [each for each in people.values() if each[0].id in ids]
    others = [each for each in named if each[0].id != author.id and each[0].kind == "person"]
    told = [person.id for person, is_blocked in others if not is_blocked]
    noted = [person.id for person, _ in others]
    call = called.get(call_in(html) or "") if called else None
    return Written(html, [person for person, _ in named], told, noted, call=call)


async def page(services: Services, visitor: Visitor, before: int | None, limit: int) -> FoundPage[Mention]:
    """What is for the visitor: messages that mention them, or answer one of theirs. Raises TooFast."""
    services.limits.take(f"mentions:{visitor.user.id}", PACE)
    return await services.store.read(read, visitor.user.id, before, limit)


def read(connection: Connection, user_id: int, before: int | None, limit: int) -> FoundPage[Mention]:
    return page_of(connection, mentions.inbox(connection, user_id, before, limit + 1), limit)
