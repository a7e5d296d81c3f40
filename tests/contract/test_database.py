import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateTable

from app.errors import RoostError, Unavailable
from app.storage.database import Database, of
from app.storage.tables import meta
from tests.support.gate import Gate
from tests.support.storage import open_database


def put(key: str, value: str = "") -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        connection.execute(insert(meta).values(key=key, value=value))

    return write


def keys(connection: Connection) -> list[str]:
    return [key for key in connection.scalars(select(meta.c.key)) if key != "epoch"]


async def test_a_read_sees_the_write_before_it(database: Database) -> None:
    for key in ("a", "b", "c"):
        await database.write(put(key))
        assert key in await database.read(keys)


async def test_a_write_gives_its_result_back(database: Database) -> None:
    assert await database.write(lambda _: 7) == 7


async def test_a_write_that_fails_stores_nothing_and_raises_what_it_raised(database: Database) -> None:
    def fail(connection: Connection) -> None:
        put("a")(connection)
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        await database.write(fail)
    assert await database.read(keys) == []


async def test_a_mistake_of_ours_is_not_taken_for_a_bad_disk(database: Database) -> None:
    await database.write(put("a"))
    with pytest.raises(IntegrityError):
        await database.write(put("a"))


async def test_a_failed_write_leaves_the_next_one_alone(database: Database) -> None:
    first, second = database.write(lambda _: 1 // 0), database.write(put("b"))
    with pytest.raises(ZeroDivisionError):
        await first
    await second
    assert await database.read(keys) == ["b"]


async def test_a_read_stays_on_one_snapshot_while_others_write(database: Database) -> None:
    gate = Gate()

    def look_twice(connection: Connection) -> tuple[list[str], list[str]]:
        before = keys(connection)
        gate.wait()
        return before, keys(connection)

    reading = database.read(look_twice)
    await gate.reached()
    await database.write(put("a"))
    gate.open()
    assert await reading == ([], [])
    assert await database.read(keys) == ["a"]


async def test_reads_go_on_while_a_write_is_under_way(database: Database) -> None:
    gate = Gate()

    def write(connection: Connection) -> None:
        put("a")(connection)
        gate.wait()

    writing = database.write(write)
    await gate.reached()
    assert await database.read(keys) == []
    gate.open()
    await writing
    assert await database.read(keys) == ["a"]


async def test_a_cancelled_wait_does_not_take_the_write_back(url: str, database: Database) -> None:
    database.write(put("a")).cancel()
    await database.close()
    assert await kept(url) == ["a"]


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, RoostError)):
        await database.read(put("a"))
    assert await database.read(keys) == []


async def test_closing_finishes_what_is_queued(url: str, database: Database) -> None:
    writes = [database.write(put(f"{number:02}")) for number in range(50)]
    await database.close()
    await asyncio.gather(*writes)
    assert await kept(url) == [f"{number:02}" for number in range(50)]


async def kept(url: str) -> list[str]:
    again = await open_database(url)
    found = await again.read(keys)
    await again.close()
    return sorted(found)


async def test_a_closed_database_is_unavailable(database: Database) -> None:
    await database.close()
    for work in (database.read, database.write):
        with pytest.raises(Unavailable):
            await work(keys)


async def test_insert_missing_leaves_alone_what_is_there(database: Database) -> None:
    def write(connection: Connection) -> None:
        for value in ("first", "second"):
            connection.execute(of(connection).insert_missing(meta).values(key="a", value=value))

    await database.write(write)
    value = select(meta.c.value).where(meta.c.key == "a")
    assert await database.read(lambda connection: connection.scalars(value).all()) == ["first"]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 64, 100, 700])
async def test_rows_inserted_together_are_found_by_their_keys(database: Database, count: int) -> None:
    rows = [(f"key {number}", f"value {number}") for number in range(count)]
    await database.write(lambda connection: of(connection).insert_rows(connection, meta, rows))

    def find(connection: Connection) -> list[tuple[str, str]]:
        wanted = [(f"key {number}",) for number in range(0, count * 2, 2)]
        found = of(connection).find_rows(connection, (meta.c.key, meta.c.value), (meta.c.key,), wanted)
        return [(key, value) for key, value in found]

    assert len(await database.read(keys)) == count
    assert sorted(await database.read(find)) == sorted(rows[::2])


async def test_rows_are_updated_by_their_keys(database: Database) -> None:
    await database.write(lambda connection: of(connection).insert_rows(connection, meta, [("a", "1"), ("b", "2")]))
    new = [("3", "b"), ("4", "nobody")]
    await database.write(lambda connection: of(connection).update_rows(connection, (meta.c.value,), (meta.c.key,), new))
    values = select(meta.c.value).where(meta.c.key.in_(["a", "b", "nobody"])).order_by(meta.c.key)
    assert await database.read(lambda connection: connection.scalars(values).all()) == ["1", "3"]


async def test_only_one_migration_runs_at_a_time(url: str, database: Database) -> None:
    other = type(database).at(url)
    gate = Gate()

    def first(connection: Connection) -> None:
        put("a")(connection)
        gate.wait()

    migrating = database.migrate(first)
    await gate.reached()
    waiting = other.migrate(keys)
    await database.read(keys)
    assert not waiting.done()
    gate.open()
    await migrating
    assert await waiting == ["a"]


async def test_a_migration_that_fails_changes_nothing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(CreateTable(Table("extra", MetaData(), Column("id", Integer))))
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        await database.migrate(fail)
    assert not await database.read(lambda connection: inspect(connection).has_table("extra"))


@pytest.fixture
async def elsewhere(url: str, database: Database) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    elsewhere = await open_database(url)
    yield elsewhere
    await elsewhere.close()


async def test_of_two_who_add_the_same_at_once_the_later_starts_again_and_finds_it(
    database: Database, elsewhere: Database
) -> None:
    def put_if_missing(value: str) -> Callable[[Connection], str]:
        def write(connection: Connection) -> str:
            stored = connection.scalars(select(meta.c.value).where(meta.c.key == "a")).one_or_none()
            if stored is None:
                put("a", value)(connection)
            return stored or value

        return write

    at_once = [one.write(put_if_missing(f"{number}")) for number, one in enumerate([database, elsewhere] * 5)]
    assert len(set(await asyncio.gather(*at_once))) == 1


async def test_rows_found_in_a_write_are_locked_until_its_end(database: Database, elsewhere: Database) -> None:
    await database.write(put("a", "0"))

    def count_up(connection: Connection) -> None:
        ((value,),) = of(connection).find_rows(connection, (meta.c.value,), (meta.c.key,), [("a",)])
        of(connection).update_rows(connection, (meta.c.value,), (meta.c.key,), [(str(int(value) + 1), "a")])

    await asyncio.gather(*[one.write(count_up) for one in [database, elsewhere] * 20])
    value = select(meta.c.value).where(meta.c.key == "a")
    assert await database.read(lambda connection: connection.scalars(value).all()) == ["40"]


async def test_who_locks_rows_in_another_order_starts_again(database: Database, elsewhere: Database) -> None:
    await database.write(lambda connection: of(connection).insert_rows(connection, meta, [("a", "0"), ("b", "0")]))

    def count_up(order: str) -> Callable[[Connection], None]:
        def write(connection: Connection) -> None:
            for key in order:
                value = connection.scalars(select(meta.c.value).where(meta.c.key == key).with_for_update()).one()
                connection.execute(update(meta).where(meta.c.key == key).values(value=str(int(value) + 1)))

        return write

    await asyncio.gather(*[one.write(count_up(order)) for one, order in ((database, "ab"), (elsewhere, "ba"))])
    values = select(meta.c.value).where(meta.c.key.in_(["a", "b"]))
    assert await database.read(lambda connection: connection.scalars(values).all()) == ["2", "2"]
