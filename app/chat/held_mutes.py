"""Mutes that outlast an account: who deletes theirs and signs in with the same X account goes on being muted, and no
longer than before.

What is kept of who that is, is a hash by SECRET_KEY, which is not in the database: of X's ids there are few enough that
whoever has a copy of a plain hash could try them all.
"""

import hashlib
import hmac
from dataclasses import replace

from app.chat import access
from app.chat.doors import Entry
from app.settings import Settings
from app.storage import held_mutes, users
from app.storage.database import Connection


def keep(connection: Connection, settings: Settings, user_id: int, now: int) -> None:
    """The mute of somebody who is about to leave for good, if they are muted. Take a turn first."""
    person = users.by_id(connection, user_id)
    assert person is not None, "of whoever has deleted their account the number stays"
    if person.twitter_id is not None and person.muted_until is not None and access.muted_for(person, now):
        held_mutes.keep(connection, mark_of(settings.secret_key[0], person.twitter_id), person.muted_until)


def take_up(connection: Connection, settings: Settings, entry: Entry, now: int) -> Entry:
    """The entry of somebody who came in, muted if they were when they left."""
    twitter_id = entry.user.twitter_id
    if entry.before is not None or twitter_id is None:
        return entry
    until = held_mutes.take(connection, [mark_of(key, twitter_id) for key in settings.secret_key])
    if until is None or until <= now:
        return entry
    return replace(entry, user=users.mute(connection, entry.user.id, until))


def mark_of(key: str, twitter_id: str) -> str:
    return hmac.new(key.encode(), b"mute:" + twitter_id.encode(), hashlib.sha256).hexdigest()
