"""Queries of every day go by an index on every engine, so that a room of a million messages opens like a new one."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app.models import Draft, Job, Removal, User
from app.storage import (
    avatars,
    blocks,
    device_codes,
    drafts,
    files,
    handles,
    jobs,
    memberships,
    message_versions,
    messages,
    removals,
    rooms,
    roster,
    sessions,
    suggestions,
    tokens,
    users,
)
from app.storage.store import Store, open_store
from tests.contract.conftest import ENGINES
from tests.support.storage import new_message, person, post

Ask = Callable[[Connection], object]

MESSAGES = 3_000
"""In each of two rooms: enough that reading all of them would be the worse plan."""


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with ENGINES[request.param](request) as url:
        yield url


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await open_store(url)
    ada = await person(store, "ada")
    other = await store.write(rooms.add, "other", "Other", "", "public", 1)
    for room_id in (1, other.id):
        await post(store, [new_message(ada, room_id=room_id) for _ in range(MESSAGES)])
    for number in range(50):
        await store.write(sessions.create, ada.id, f"hash {number}", "a browser", 1, 2)
    if url.startswith("postgresql"):  # which does so by itself from time to time
        await store.database.migrate(lambda connection: connection.exec_driver_sql("ANALYZE"))
    yield store
    await store.close()


def plans(connection: Connection, ask: Ask) -> list[str]:
    """How the database carries out each statement of `ask`."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    ask(connection)
    event.remove(connection, "before_cursor_execute", note)
    explain = EXPLAIN[connection.dialect.name]
    return ["\n".join(explain(connection, *statement)) for statement in asked]


def explained_by_sqlite(connection: Connection, statement: str, values: Any) -> list[str]:
    return [str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def explained_by_postgres(connection: Connection, statement: str, values: Any) -> list[str]:
    """The plan for all values, which is the one that is carried out."""
    connection.exec_driver_sql(f"PREPARE explained AS {statement}")
    given = ", ".join(repr(value) for value in values)
    plan = connection.exec_driver_sql(f"EXPLAIN EXECUTE explained ({given})" if given else "EXPLAIN EXECUTE explained")
    lines = [str(row[0]) for row in plan]
    connection.exec_driver_sql("DEALLOCATE explained")
    return lines


EXPLAIN = {"sqlite": explained_by_sqlite, "postgresql": explained_by_postgres}


def plans_left_to_the_engine(connection: Connection, ask: Ask) -> list[str]:
    """Without our forbidding PostgreSQL to read whole tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
        connection.exec_driver_sql("SET LOCAL enable_hashjoin = on")
        connection.exec_driver_sql("SET LOCAL enable_mergejoin = on")
    return plans(connection, ask)


def by_number(connection: Connection) -> None:
    messages.newest(connection, 1, 50)
    messages.before(connection, 1, 2_000, 50)
    messages.after(connection, 1, 2_000, 50)
    messages.by_author(connection, 1, 1, 2_000, 2_100)
    messages.reactions_of(connection, 1, 1, 2_000, 2_100)
    messages.around(connection, 1, 1_000, 50)
    messages.number_at(connection, 1, 5)
    messages.newest_living(connection, 1, 1, 2_000)


def by_seq(connection: Connection) -> None:
    messages.changed_since(connection, 1, 2_500, 200)
    messages.count_changed_since(connection, 1, 2_500, 1_001)


def by_person(connection: Connection) -> None:
    sessions.find(connection, "hash 7")
    sessions.of_user(connection, 1)
    memberships.find(connection, 1, 1)
    memberships.find_with_room(connection, 1, 1)
    memberships.find_by_slug(connection, "general", 1)
    memberships.room_ids(connection, 1)
    memberships.people(connection, 1)
    memberships.of_user(connection, 1)
    memberships.ever_of_user(connection, 1)
    tokens.find(connection, "hash 7")
    tokens.of_user(connection, 1)
    device_codes.by_device(connection, "hash 7")
    device_codes.open_one(connection, "hash 7")
    device_codes.take(connection, "hash 7", 5)
    device_codes.drop_of(connection, 1)
    memberships.new_to(connection, 1, 20)
    memberships.joined_since(connection, 1)
    memberships.spoken_to_since(connection, 1)
    drafts.of_user(connection, 1)
    drafts.characters_elsewhere(connection, 1, 1)
    drafts.save(connection, 1, Draft(1, "hello", 5), 5)
    users.by_twitter_id(connection, "42")
    users.by_handle(connection, "ada")
    avatars.of(connection, 1)
    handles.formerly(connection, 1, 5)
    handles.of_others(connection, User(1, "42", "ada", "Ada", "person", "member", 1), 5)


def by_handle(connection: Connection) -> None:
    roster.without_these(connection, 1, {1}, 1, 50)
    roster.of_these(connection, 1, {1}, 1, 50)
    roster.along(connection, 1, 1, 50, bool)
    memberships.in_common(connection, 1, 2)
    memberships.have_met(connection, 1, 2)
    blocks.ids(connection, 1)
    blocks.people(connection, 1)


def by_name(connection: Connection) -> None:
    suggestions.members(connection, 1, 1, "a", 8)
    suggestions.others(connection, 1, 1, "a", 8)


def by_room(connection: Connection) -> None:
    rooms.directory(connection, 1, "a", 1, 50)
    rooms.name_is_taken(connection, "general")
    messages.by_nonce(connection, 1, "nonce")
    messages.last_changed(connection, 1)
    messages.has_written_to(connection, 1, 2)
    rooms.by_people(connection, [1, 2])


def run_out(connection: Connection) -> None:
    sessions.end_run_out(connection, 1, 0)
    sessions.forget(connection, 0)
    removals.purge(connection, 1, 200)


def with_files(connection: Connection) -> None:
    files.by_nonce(connection, 1, "nonce")
    files.by_id(connection, 32 * "a")
    files.used_by(connection, 1)
    files.of_user(connection, 1)
    files.to_send(connection, 1, 1, {32 * "a": ""})
    files.let_go(connection, [(1, 5)])
    files.to_sweep(connection, 1, 1, 100)


def removed(connection: Connection) -> None:
    removals.rooms_of(connection, Removal(1, 1, 1))
    removals.restore(connection, Removal(1, 1, 1), 1, 200)
    message_versions.page(connection, 1, 2_000, None, 20)
    message_versions.page(connection, 1, 2_000, 5, 20)
    message_versions.of(connection, 1, [2_000, 2_100])


def in_turn(connection: Connection) -> None:
    jobs.take(connection, 1, 2, {"card": 4, jobs.WEBHOOK: 4}, [7, 8])
    jobs.waits_for_more(connection, 7, 1_000)
    jobs.finish(connection, Job(1, jobs.WEBHOOK, 1, 1, 2, 1, 7), 1)


PAGES: dict[str, dict[Ask, str]] = {
    "sqlite": {by_number: "INDEX sqlite_autoindex_messages_1 (room_id=?", by_seq: "(room_id=? AND seq>?)"},
    "postgresql": {by_number: "pk_messages", by_seq: "uq_messages_room_id_seq"},
}


@pytest.mark.parametrize("ask", [by_number, by_seq])
async def test_a_page_of_a_room_is_one_range_of_an_index(store: Store, url: str, ask: Ask) -> None:
    planned = await store.database.write(lambda connection: plans_left_to_the_engine(connection, ask))
    pages = [plan for plan in planned if "messages" in plan]
    assert len(pages) >= 2
    for plan in pages:
        assert PAGES[url.partition(":")[0]][ask] in plan, plan
        assert not [one for one in ("SCAN messages", "Seq Scan", "Sort", "TEMP B-TREE") if one in plan], plan


@pytest.mark.parametrize(
    "ask", [by_number, by_seq, by_person, by_handle, by_name, by_room, run_out, removed, with_files, in_turn]
)
async def test_no_table_is_read_from_end_to_end(store: Store, ask: Ask) -> None:
    planned = await store.database.write(lambda connection: plans(connection, ask))
    assert len(planned) >= 2
    for plan in planned:
        assert not re.search(r"SCAN (?!anon_1|newest|spoke|first|turns|CONSTANT|\(subquery)|Seq Scan", plan), plan
