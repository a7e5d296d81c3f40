"""Answering a message, which tells its author."""

from msgspec.structs import replace

from app.chat.context import people_in, quotable
from app.chat.mentions import Written
from app.errors import NotFound
from app.models import User
from app.storage import messages, replies, users
from app.storage.database import Connection


def addressed(connection: Connection, author: User, room_id: int, reply_to: int, written: Written) -> Written:
    """What is written, as an answer to that message: it is told to its author as if it mentioned them, unless they have
    left the room or blocked who answers. Whoever changes an answer asks this again.

    What was removed can be answered, for nothing that somebody wrote meanwhile is lost. Raises NotFound when the room
    never had such a message."""
    target = messages.by_number(connection, room_id, reply_to)
    if target is None:
        raise NotFound
    known = {person.id for person in written.people}
    more = users.by_ids(connection, people_in([target]) - known)
    quoting = replace(written, people=[*written.people, *more], quoted=[quotable(target)])
    addressee = target.author_id
    if addressee in (author.id, *written.noted) or not replies.reaches(connection, room_id, author.id, addressee):
        return quoting
    return replace(quoting, noted=[*written.noted, addressee], told=[*written.told, addressee])
