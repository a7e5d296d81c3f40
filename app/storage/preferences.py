"""What people chose in their settings, as JSON in their row. Only what differs from the defaults is kept: when a
default changes one day, it changes for whoever never chose otherwise."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.models import Preferences, User
from app.storage import database
from app.storage.records import columns_of
from app.storage.tables import users

DEFAULTS = msgspec.structs.asdict(Preferences())
ID = (users.c.id,)
KEPT = (users.c.preferences,)
WITH_USER = (*columns_of(users, User), *KEPT)


def with_user(connection: Connection, user_id: int) -> tuple[User, Preferences]:
    """Somebody, and how they want to have things."""
    ((*columns, kept),) = database.of(connection).find_rows(connection, WITH_USER, ID, [(user_id,)])
    return User(*columns), decoded(kept)


def of_user(connection: Connection, user_id: int) -> Preferences:
    ((kept,),) = database.of(connection).find_rows(connection, KEPT, ID, [(user_id,)])
    return decoded(kept)


def change(connection: Connection, user_id: int, chosen: Mapping[str, Any]) -> Preferences:
    """Put `chosen`, values by name, in the place of what was chosen before; returns all preferences."""
    ((kept,),) = database.of(connection).find_rows(connection, KEPT, ID, [(user_id,)])
    preferences = msgspec.structs.replace(decoded(kept), **chosen)
    database.of(connection).update_rows(connection, KEPT, ID, [(encoded(preferences), user_id)])
    return preferences


def encoded(preferences: Preferences) -> str:
    chosen = msgspec.structs.asdict(preferences)
    return msgspec.json.encode({name: value for name, value in chosen.items() if value != DEFAULTS[name]}).decode()


def decoded(kept: str | None) -> Preferences:
    """None: nothing was ever chosen. A choice that a newer version offered and this one does not know keeps nobody out:
    then all are the defaults."""
    try:
        return msgspec.json.decode(kept or "{}", type=Preferences)
    except msgspec.ValidationError:
        return Preferences()
