"""People. X's id is who somebody is; the handle is what they are called for now (SIGNIN X10)."""

from collections.abc import Collection
from typing import Any, get_args

from sqlalchemy import Connection, Select, delete, exists, func, insert, select, update

from app.models import Role, TwitterProfile, User, UserKind
from app.storage import database, handles, name_words, turns
from app.storage.records import columns_of, every, one
from app.storage.tables import claims, users

COLUMNS = columns_of(users, User)
ROLES: tuple[Role, ...] = get_args(Role)
"""The highest first."""
SPOKEN_TO: tuple[UserKind, ...] = ("person", "bot")
"""Whom a message mentions by their handle."""
FORMER = "Former member"
"""The name of all who have deleted their account; pages say it in their reader's language."""


def upsert_by_twitter_id(
    connection: Connection, profile: TwitterProfile, now: int, owner_handles: frozenset[str]
) -> User:
    """Whoever X says has signed in, made or brought up to date.

    A role promised to the handle, by `add` or by `owner_handles`, goes once to the first X id that signs in with it:
    when handles change hands on X, rights do not.
    """
    turns.take(connection)
    known = by_twitter_id(connection, profile.user_id) or _added_before(connection, profile.handle)
    user = _update(connection, known, profile, now) if known else _create(connection, profile, now)
    if profile.handle.casefold() in {handle.casefold() for handle in owner_handles}:
        _promise(connection, profile.handle, "owner", now)
    return _claim(connection, user)


def add(connection: Connection, handle: str, role: Role, now: int) -> User:
    """Promise `role` to the next person who signs in with this handle, and make an account for them if nobody has it.

    An account that nobody has signed in to yet has the role at once, so that programs can act for it. Asking again
    renews a promise that was kept.
    """
    turns.take(connection)
    _promise_anew(connection, handle, role, now)
    holder = by_handle(connection, handle)
    if holder is None:
        return _insert(connection, handle=handle, name=handle, kind="person", role=role, now=now)
    if holder.twitter_id is None:
        return _set(connection, holder.id, role=role)
    return holder


def set_role(connection: Connection, user: User, role: Role, now: int, instead_of: Collection[Role]) -> User:
    """Give somebody another role. Promises to their handle that nobody has claimed yet are taken back where they are of
    the roles `instead_of`; without that an old one would undo this at their next sign-in. Take a turn first."""
    open_ = claims.c.handle_key == user.handle.casefold(), claims.c.user_id.is_(None), claims.c.role.in_(instead_of)
    connection.execute(delete(claims).where(*open_))
    if user.twitter_id is None:
        _promise_anew(connection, user.handle, role, now)
    return _set(connection, user.id, role=role)


def set_avatar(connection: Connection, user_id: int, version: str | None) -> User:
    return _set(connection, user_id, avatar=version)


def mute(connection: Connection, user_id: int, until: int | None) -> User:
    return _set(connection, user_id, muted_until=until)


def trust(connection: Connection, user_id: int, since: int) -> User:
    return _set(connection, user_id, trusted_at=since)


def muted(connection: Connection, now: int, limit: int) -> list[User]:
    """Those who may post nothing yet, by handle."""
    query = select(*COLUMNS).where(users.c.muted_until > now).order_by(users.c.handle_key, users.c.id)
    return every(connection, query.limit(limit), User)


def make_former(connection: Connection, user_id: int) -> User:
    """Nothing says any more who this was."""
    name_words.drop_of(connection, user_id)
    return _set(
        connection,
        user_id,
        kind="former",
        twitter_id=None,
        handle="",
        handle_key="",
        name=FORMER,
        role="member",
        profile_at=None,
        preferences=None,
        avatar=None,
        muted_until=None,
        trusted_at=None,
    )


def count_owners(connection: Connection) -> int:
    """Those who have signed in."""
    owners = select(func.count()).where(users.c.role == "owner", users.c.twitter_id.is_not(None))
    return connection.execute(owners).scalar_one()


def expects_owner(connection: Connection) -> bool:
    """Whether somebody is owner, or will be with their first sign-in."""
    return connection.execute(select(exists().where(users.c.role == "owner"))).scalar_one()


def is_expected(connection: Connection, handle: str, owner_handles: frozenset[str]) -> bool:
    """Whether a role is promised to this handle, by `add` or by `owner_handles`, that nobody has claimed."""
    of_handle = claims.c.handle_key == handle.casefold()
    if connection.execute(select(exists().where(of_handle, claims.c.user_id.is_(None)))).scalar_one():
        return True
    if handle.casefold() not in {owner.casefold() for owner in owner_handles}:
        return False
    return not connection.execute(select(exists().where(of_handle, claims.c.role == "owner"))).scalar_one()


def ids_with_roles(connection: Connection, roles: Collection[Role]) -> list[int]:
    """Those who have signed in and have one of these roles."""
    return list(connection.scalars(select(users.c.id).where(users.c.role.in_(roles), users.c.twitter_id.is_not(None))))


def count_people(connection: Connection) -> int:
    """Those who have signed in."""
    return connection.execute(select(func.count()).where(users.c.twitter_id.is_not(None))).scalar_one()


def add_imported(connection: Connection, handle: str, now: int) -> User:
    """The imported person of this name, made if missing. They never sign in."""
    turns.take(connection)
    imported = select(*COLUMNS).where(users.c.handle_key == handle.casefold(), users.c.kind == "imported")
    known = one(connection, imported, User)
    return known or _insert(connection, handle=handle, name=handle, kind="imported", role="member", now=now)


def add_bot(connection: Connection, handle: str, name: str, now: int) -> User:
    """By whose name a webhook speaks. It never signs in. Take a turn first."""
    return _insert(connection, handle=handle, name=name, kind="bot", role="member", now=now)


def by_id(connection: Connection, user_id: int) -> User | None:
    return one(connection, select(*COLUMNS).where(users.c.id == user_id), User)


def by_ids(connection: Connection, user_ids: Collection[int]) -> list[User]:
    """Those of these people who exist, oldest account first."""
    wanted = [(user_id,) for user_id in sorted(user_ids)]
    return [User(*row) for row in database.of(connection).find_rows(connection, tuple(COLUMNS), (users.c.id,), wanted)]


def by_twitter_id(connection: Connection, twitter_id: str) -> User | None:
    return one(connection, select(*COLUMNS).where(users.c.twitter_id == twitter_id), User)


def by_handle(connection: Connection, handle: str) -> User | None:
    """The person who has this handle: of several, the one whom X named so last."""
    return one(connection, _holders(handle).limit(1), User)


def called(connection: Connection, handle: str) -> list[User]:
    """Everybody who is shown under this handle, first whom X named so last: the others lost it, and have not signed in
    since. Bots come last."""
    shown = users.c.handle_key == handle.casefold(), users.c.kind.in_(SPOKEN_TO)
    order = users.c.kind == "bot", users.c.handle_at.desc(), users.c.id.desc()
    return every(connection, select(*COLUMNS).where(*shown).order_by(*order), User)


def _added_before(connection: Connection, handle: str) -> User | None:
    """The account that `add` made for this handle, while its promise is open.

    Without the open promise, somebody who took over the handle would get the account and its role: its first holder may
    have had another account already, which kept the promise, so that the made one stayed without an X id.
    """
    promise_is_open = exists().where(claims.c.handle_key == handle.casefold(), claims.c.user_id.is_(None))
    return one(connection, _holders(handle).where(users.c.twitter_id.is_(None), promise_is_open).limit(1), User)


def _holders(handle: str) -> Select[Any]:
    people = select(*COLUMNS).where(users.c.handle_key == handle.casefold(), users.c.kind == "person")
    return people.order_by(users.c.handle_at.desc(), users.c.id.desc())


def _create(connection: Connection, profile: TwitterProfile, now: int) -> User:
    return _insert(
        connection,
        twitter_id=profile.user_id,
        handle=profile.handle,
        name=profile.name or profile.handle,
        kind="person",
        role="member",
        now=now,
        profile_at=now if profile.fetched else None,
    )


def _update(connection: Connection, user: User, profile: TwitterProfile, now: int) -> User:
    if user.handle.casefold() != profile.handle.casefold():
        handles.end(connection, user, now)
    name_was_handle = user.name == user.handle
    renamed = _set(
        connection,
        user.id,
        twitter_id=profile.user_id,
        handle=profile.handle,
        handle_key=profile.handle.casefold(),
        handle_at=now,
        name=profile.name or (profile.handle if name_was_handle else user.name),
        profile_at=now if profile.fetched else user.profile_at,
    )
    # Also when nothing has changed: a process of an older version may have made this person.
    name_words.index(connection, renamed)
    return renamed


def _promise(connection: Connection, handle: str, role: Role, now: int) -> None:
    missing = database.of(connection).insert_missing(claims)
    connection.execute(missing.values(handle_key=handle.casefold(), role=role, made_at=now))


def _promise_anew(connection: Connection, handle: str, role: Role, now: int) -> None:
    """Also where it was made and kept before."""
    _promise(connection, handle, role, now)
    renewed = update(claims).where(claims.c.handle_key == handle.casefold(), claims.c.role == role)
    connection.execute(renewed.values(user_id=None))


def _claim(connection: Connection, user: User) -> User:
    """Give `user` the roles that are promised to their handle and still free."""
    free = update(claims).where(claims.c.handle_key == user.handle.casefold(), claims.c.user_id.is_(None))
    taken: list[Role] = list(connection.scalars(free.values(user_id=user.id).returning(claims.c.role)))
    role = min([user.role, *taken], key=ROLES.index)
    return user if role == user.role else _set(connection, user.id, role=role)


def _insert(
    connection: Connection,
    *,
    handle: str,
    name: str,
    kind: UserKind,
    role: Role,
    now: int,
    twitter_id: str | None = None,
    profile_at: int | None = None,
) -> User:
    made = insert(users).values(
        twitter_id=twitter_id,
        handle=handle,
        handle_key=handle.casefold(),
        handle_at=now,
        name=name,
        kind=kind,
        role=role,
        created_at=now,
        profile_at=profile_at,
        trusted_at=now,
    )
    user = User(*connection.execute(made.returning(*COLUMNS)).one())
    if kind in SPOKEN_TO:
        name_words.index(connection, user)
    return user


def _set(connection: Connection, user_id: int, **values: str | int | None) -> User:
    changed = update(users).where(users.c.id == user_id).values(**values).returning(*COLUMNS)
    return User(*connection.execute(changed).one())
