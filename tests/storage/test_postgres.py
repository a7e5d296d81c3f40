"""What only PostgreSQL can do to us: stop, hang, drop connections, refuse. Each promise of DELIVERY D12 and D13."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, insert, make_url

from app.errors import NotFound, RoostError, SettingsError, StorageFull, Unavailable
from app.models import User
from app.storage import messages
from app.storage.migrate import migrate
from app.storage.postgres import PostgresDatabase
from app.storage.postgres_append import APPEND
from app.storage.postgres_pool import WAITING_LIMIT_IN_SILENCE, WRITE
from app.storage.store import Store, claim_database, open_store
from app.storage.tables import meta
from tests.support.gate import Hold
from tests.support.postgres import Cluster, Databases, ask, own_cluster
from tests.support.proxy import Proxy
from tests.support.storage import new_message, open_database, outcomes, person, post
from tests.support.waiting import until

POOL = 5
ANSWER = 6.0
"""Seconds in which everybody is answered, whatever happens to the server."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server that these tests may harm; each leaves it running."""
    with own_cluster() as cluster:
        migrate(cluster.url())
        yield cluster


@pytest.fixture
async def store(cluster: Cluster) -> AsyncIterator[Store]:
    store = await open_store(cluster.url())
    yield store
    await store.close()


@pytest.fixture
async def ada(store: Store) -> User:
    return await person(store, "ada")


@pytest.fixture
def url(postgres: Databases) -> Iterator[str]:
    with postgres.fresh() as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[PostgresDatabase]:
    database = await open_database(url)
    assert isinstance(database, PostgresDatabase)
    yield database
    await database.close()


def asking(query: str) -> Callable[[Connection], Any]:
    return lambda connection: connection.exec_driver_sql(query).scalar()


def failing_with(code: str) -> Callable[[Connection], Any]:
    """As the server fails with this code when it really comes to it."""
    return lambda connection: connection.exec_driver_sql(
        f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$"
    )


async def works_again(store: Store, author: User) -> None:
    """Within five seconds (DELIVERY D12)."""
    async with asyncio.timeout(5):
        while True:
            (outcome,) = await outcomes(store.log, [new_message(author)])
            if not isinstance(outcome, RoostError):
                return
            await asyncio.sleep(0.05)


class Lag:
    """How long the event loop was held at most, in seconds."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self) -> None:
        while True:
            before = monotonic()
            await asyncio.sleep(0.01)
            self.worst = max(self.worst, monotonic() - before - 0.01)


@pytest.fixture
async def lag() -> AsyncIterator[Lag]:
    lag = Lag()
    watching = asyncio.create_task(lag.watch())
    yield lag
    watching.cancel()


# --- sessions


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronous_commit", "on"),
        ("statement_timeout", "4500ms"),
        ("lock_timeout", "4s"),
        ("idle_in_transaction_session_timeout", "2s"),
        ("application_name", "roost"),
    ],
)
async def test_a_session_is_set_so_that_nobody_waits_for_long(
    database: PostgresDatabase, name: str, value: str
) -> None:
    assert await database.read(asking(f"SHOW {name}")) == value
    assert await database.write(asking(f"SHOW {name}")) == value


async def test_a_process_takes_no_more_connections_than_it_is_given(url: str) -> None:
    database = PostgresDatabase.at(url, connections=3)
    await database.start()
    await asyncio.gather(*[work(asking("SELECT 1")) for work in (database.read, database.write) * 20])
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    assert await database.read(asking(count)) == 3
    await database.close()


async def test_a_migration_may_take_its_time(url: str) -> None:
    database = PostgresDatabase.at(url)
    assert await database.migrate(asking("SHOW statement_timeout")) == "0"


async def test_a_migration_that_waits_for_who_reads_for_long_shuts_nobody_out(
    url: str, database: PostgresDatabase
) -> None:
    """As behind pg_dump, which holds every table for as long as it reads."""
    ask(url, "CREATE TABLE birds AS SELECT 1 AS id")
    reader = await asyncpg.connect(url)
    await reader.execute("BEGIN; LOCK TABLE birds IN ACCESS SHARE MODE")
    migrating = database.migrate(
        lambda connection: connection.exec_driver_sql("ALTER TABLE birds ADD COLUMN song text")
    )
    await until(lambda: ask(url, "SELECT count(*) FROM pg_locks WHERE NOT granted") == [1])
    assert await database.read(asking("SELECT count(*) FROM birds")) == 1
    assert not migrating.done()
    await reader.close()
    await migrating
    assert await database.read(asking("SELECT count(song) FROM birds")) == 0


# --- refusals at the start


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://db/roost?sslmode=no-verify", "sslmode is one of"),
        ("postgres://db/roost?pgbouncer=true&sslmode=require", "does not know pgbouncer"),
        ("postgresql://roost:hunter2@db:port/roost", "not the address"),
        ("postgresql://[db/roost", "not the address"),
    ],
)
def test_an_address_that_the_driver_would_not_understand_is_refused_in_a_sentence(url: str, said: str) -> None:
    for work in (PostgresDatabase.at, claim_database):
        with pytest.raises(SettingsError, match=said) as refused:
            work(url)
        assert "hunter2" not in str(refused.value)


def test_several_servers_may_hold_one_database(url: str) -> None:
    with contextlib.closing(claim_database(url)):
        claim_database(url.replace("postgresql://", "postgres://")).close()


async def test_a_database_that_does_not_exist_is_named_as_a_mistake_in_the_settings(url: str) -> None:
    missing = make_url(url).set(database="nowhere").render_as_string(hide_password=False)
    for opening in (PostgresDatabase.at(missing).start(), PostgresDatabase.at(missing).migrate(asking("SELECT 1"))):
        with pytest.raises(SettingsError, match="no database of this name"):
            await opening


async def test_a_user_who_is_refused_is_named_as_a_mistake_in_the_settings(url: str) -> None:
    stranger = make_url(url).set(username="stranger").render_as_string(hide_password=False)
    with pytest.raises(SettingsError, match="refuses this user"):
        await PostgresDatabase.at(stranger).start()


async def test_a_user_who_may_not_make_tables_is_told_the_cure(postgres: Databases) -> None:
    with postgres.empty() as url:
        guest = f"guest_{make_url(url).database}"
        theirs = make_url(url).set(username=guest).render_as_string(hide_password=False)
        ask(url, f"CREATE ROLE {guest} LOGIN")
        try:
            with pytest.raises(SettingsError, match="own the database"):
                await asyncio.to_thread(migrate, theirs)
        finally:
            ask(url, f"DROP ROLE {guest}")


async def test_a_server_that_acknowledges_what_it_may_lose_is_refused(url: str) -> None:
    ask(url, f"ALTER DATABASE {make_url(url).database} SET synchronous_commit = off")
    with pytest.raises(SettingsError, match="synchronous_commit = on"):
        await open_store(url)


async def test_a_server_that_is_not_there_is_unavailable(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = PostgresDatabase.at("postgresql://roost@127.0.0.1:9/roost")
    for opening in (nowhere.start(), nowhere.migrate(asking("SELECT 1"))):
        with pytest.raises(Unavailable):
            await opening
    assert "PostgreSQL cannot be used" in caplog.text


# --- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem"
    alternatives = ["-addext", "subjectAltName=DNS:localhost"]
    try:
        subprocess.run([*command.split(), *alternatives], cwd=folder, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("no openssl on this machine to make a certificate with: apt install openssl")
    return folder


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[Cluster]:
    """A server with a certificate that it has signed itself, as Heroku's have."""
    with own_cluster() as cluster:
        cluster.stop()
        for name in ("cert.pem", "key.pem"):
            cluster.put(name, (certificate / name).read_bytes())
        cluster.start(ssl="on", ssl_cert_file="cert.pem", ssl_key_file="key.pem")
        yield cluster


TLS = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


async def tls_of(url: str) -> object:
    database = PostgresDatabase.at(url)
    await database.start()
    try:
        return await database.read(asking(TLS)), await database.migrate(asking(TLS))
    finally:
        await database.close()


@pytest.mark.parametrize("mode", ["require", "prefer"])
async def test_a_certificate_that_nobody_knows_will_do_for_encryption(secure: Cluster, mode: str) -> None:
    assert await tls_of(secure.url() + f"?sslmode={mode}") == (True, True)


async def test_the_server_is_known_by_its_certificate_when_that_is_asked_for(
    secure: Cluster, certificate: Path
) -> None:
    url = secure.url().replace("127.0.0.1", "localhost") + f"?sslmode=verify-full&sslrootcert={certificate}/cert.pem"
    assert await tls_of(url) == (True, True)


@pytest.mark.parametrize("rest", ["verify-ca", "verify-full&sslrootcert=/nowhere.pem"])
async def test_a_server_that_cannot_be_known_is_not_talked_to(secure: Cluster, rest: str) -> None:
    with pytest.raises((SettingsError, Unavailable)):
        await tls_of(secure.url() + f"?sslmode={rest}")


async def test_a_certificate_for_another_name_is_refused(secure: Cluster, certificate: Path) -> None:
    url = secure.url() + f"?sslmode=verify-full&sslrootcert={certificate}/cert.pem"
    with pytest.raises(SettingsError, match="TLS cannot be had"):
        await tls_of(url)


async def test_tls_that_was_asked_for_is_never_done_without(cluster: Cluster) -> None:
    with pytest.raises(Unavailable):
        await tls_of(cluster.url() + "?sslmode=require")


# --- errors


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("53100", StorageFull),
        ("25006", StorageFull),
        ("58030", StorageFull),
        ("XX001", StorageFull),
        ("53300", Unavailable),
        ("53200", Unavailable),
        ("57P01", Unavailable),
        ("57014", Unavailable),
        ("40001", Unavailable),
        ("40P01", Unavailable),
        ("08006", Unavailable),
    ],
)
async def test_what_the_server_refuses_is_said_in_our_words(
    database: PostgresDatabase, code: str, error: type[RoostError]
) -> None:
    with pytest.raises(error):
        await database.write(failing_with(code))
    assert await database.write(asking("SELECT 1")) == 1


async def test_a_full_disk_is_told_to_the_operator_once(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        with pytest.raises(StorageFull):
            await database.write(failing_with("53100"))
    assert sum("the disk is full" in line for line in caplog.messages) == 1
    await database.write(asking("SELECT 1"))
    with pytest.raises(StorageFull):
        await database.write(failing_with("53100"))
    assert sum("the disk is full" in line for line in caplog.messages) == 2


async def test_an_error_names_no_value(database: PostgresDatabase) -> None:
    """They may be what people wrote, and errors are logged."""
    twice = [{"key": "hunter2", "value": ""}] * 2
    with pytest.raises(Exception, match="unique") as failed:
        await database.write(lambda connection: connection.execute(insert(meta), twice))
    assert "hunter2" not in str(failed.value)


async def test_an_error_that_was_caught_does_not_pass_for_a_commit(database: PostgresDatabase) -> None:
    def write(connection: Connection) -> None:
        connection.execute(insert(meta).values(key="a", value=""))
        with contextlib.suppress(Exception):
            connection.exec_driver_sql("SELECT 1 / 0")

    with pytest.raises(RuntimeError, match="nothing was kept"):
        await database.write(write)


# --- the log


@pytest.fixture
async def asked(store: Store) -> list[str]:
    """Each statement that goes to the server; the driver adds looks at types of its own."""
    assert isinstance(store.database, PostgresDatabase)
    heard: list[str] = []
    for worker in store.database._pool._workers:
        worker._driver.add_query_logger(lambda record: heard.append(record.query))
    return heard


async def test_a_batch_is_one_statement_repeats_included(store: Store, ada: User, asked: list[str]) -> None:
    """A refusal that is not understood would go unnoticed: the longer way does the same."""
    first = await post(store, [new_message(ada, nonce=f"a-nonce-of-sixteen-{number}") for number in range(3)])
    again = await post(store, [new_message(ada, nonce=f"a-nonce-of-sixteen-{number}") for number in range(2, 6)])
    assert [one.duplicate for one in first + again] == [False, False, False, True, False, False, False]
    assert again[0].message == first[2].message
    assert [one for one in asked if one in {APPEND, WRITE}] == [APPEND, APPEND]


async def test_what_one_statement_cannot_do_the_longer_way_does(store: Store, ada: User, asked: list[str]) -> None:
    stored, lost = await outcomes(store.log, [new_message(ada), new_message(ada, room_id=99)])
    assert (stored.duplicate, type(lost)) == (False, NotFound)
    assert [one for one in asked if one in {APPEND, WRITE}][:2] == [APPEND, WRITE]


# --- connections that break


async def test_connections_dropped_while_idle_are_made_anew_and_nobody_notices(store: Store, ada: User) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roost'"
    for _ in range(3):
        await asyncio.to_thread(ask, url_of(store), others)
        assert len(await post(store, [new_message(ada)])) == 1
        await store.read(messages.newest, 1, 1)


def url_of(store: Store) -> str:
    assert isinstance(store.database, PostgresDatabase)
    return store.database._url


async def test_a_connection_that_breaks_inside_a_transaction_loses_that_one_alone(store: Store, ada: User) -> None:
    with pytest.raises(Unavailable):
        await store.write(asking("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert len(await post(store, [new_message(ada)])) == 1


async def test_a_commit_whose_answer_is_lost_is_refused_and_found_when_repeated(
    cluster: Cluster, store: Store, ada: User
) -> None:
    """The server waits for a standby that does not exist: it has kept the message, and never says so."""
    cluster.ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    cluster.ask("SELECT pg_reload_conf()")
    one = new_message(ada)
    try:
        await until(lambda: cluster.ask("SHOW synchronous_standby_names") == ["nobody"])
        (refused,) = await outcomes(store.log, [one])
    finally:
        cluster.ask("ALTER SYSTEM RESET synchronous_standby_names")
        cluster.ask("SELECT pg_reload_conf()")
    assert isinstance(refused, Unavailable)
    await works_again(store, ada)
    (found,) = await post(store, [one])
    assert found.duplicate


# --- a server that stops or hangs


async def test_a_server_that_stopped_is_said_to_be_unavailable_at_once_and_found_again(
    cluster: Cluster, store: Store, ada: User
) -> None:
    cluster.stop("immediate")
    try:
        for _ in range(5):
            began = monotonic()
            results = await outcomes(store.log, [new_message(ada) for _ in range(20)])
            assert {type(one) for one in results} == {Unavailable}
            with pytest.raises(Unavailable):
                await store.read(messages.newest, 1, 1)
            assert monotonic() - began < 1
    finally:
        cluster.start()
    await works_again(store, ada)


async def test_when_the_server_hangs_few_wait_and_all_are_answered_and_it_is_found_again(
    cluster: Cluster, store: Store, ada: User, lag: Lag
) -> None:
    cluster.pause()
    try:
        began = monotonic()
        waiting = [asyncio.create_task(answered(store, began)) for _ in range(POOL)]
        await asyncio.sleep(1.5)  # the server has said nothing for so long
        waiting += [asyncio.create_task(answered(store, began)) for _ in range(500)]
        await asyncio.sleep(0.2)
        assert sum(not one.done() for one in waiting) <= POOL + WAITING_LIMIT_IN_SILENCE
        sending = outcomes(store.log, [new_message(ada) for _ in range(50)])
        assert {type(one) for one in await sending} == {Unavailable}
        assert max(await asyncio.gather(*waiting)) < ANSWER
        after = monotonic()
        assert {type(one) for one in await outcomes(store.log, [new_message(ada) for _ in range(50)])} == {Unavailable}
        assert monotonic() - after < 0.5, "nobody waits for a server that is known to hang"
    finally:
        cluster.resume()
    await works_again(store, ada)
    assert lag.worst < 0.5


async def answered(store: Store, began: float) -> float:
    with pytest.raises(Unavailable):
        await store.read(messages.newest, 1, 1)
    return monotonic() - began


async def test_a_server_that_hangs_does_not_keep_us_from_closing(cluster: Cluster) -> None:
    store = await open_store(cluster.url())
    cluster.pause()
    try:
        works = [store.database.write(asking("SELECT 1")) for _ in range(20)]
        async with asyncio.timeout(ANSWER + 2):
            await store.close()
        assert {type(one) for one in await asyncio.gather(*works, return_exceptions=True)} == {Unavailable}
    finally:
        cluster.resume()


async def test_a_server_that_hangs_at_the_start_is_unavailable(cluster: Cluster) -> None:
    cluster.pause()
    try:
        database = PostgresDatabase.at(cluster.url())
        async with asyncio.timeout(ANSWER):
            for opening in (database.start(), database.migrate(asking("SELECT 1"))):
                with pytest.raises(Unavailable):
                    await opening
    finally:
        cluster.resume()


async def test_a_dead_line_of_one_process_is_noticed_and_the_others_work(
    cluster: Cluster, store: Store, ada: User
) -> None:
    line = Proxy(("127.0.0.1", cluster.port))
    await line.open()
    cut = await open_store(make_url(cluster.url()).set(port=line.address[1]).render_as_string())
    line.stall()
    began = monotonic()
    refused, posted = await asyncio.gather(outcomes(cut.log, [new_message(ada)]), post(store, [new_message(ada)]))
    assert isinstance(refused[0], Unavailable)
    assert 4 < monotonic() - began < ANSWER
    assert len(posted) == 1
    assert isinstance(cut.database, PostgresDatabase)
    assert all(worker._driver.is_closed() for worker in cut.database._pool._workers), "each would fail one more"
    line.flow()
    await works_again(cut, ada)
    await cut.close()
    await line.close()


# --- rows that somebody holds


@contextlib.asynccontextmanager
async def somebody_holds(url: str, statement: str) -> AsyncIterator[None]:
    """Somebody else is in the middle of a transaction."""
    connection = await asyncpg.connect(url)
    await connection.execute(f"BEGIN; {statement}")
    try:
        yield
    finally:
        await connection.close()


async def test_a_room_that_somebody_holds_keeps_nobody_from_anything_else(
    store: Store, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    async with somebody_holds(url_of(store), "UPDATE rooms SET seq = seq"):
        began = monotonic()
        sending = asyncio.ensure_future(outcomes(store.log, [new_message(ada)]))
        while not sending.done():
            await store.read(messages.newest, 1, 1)
            await store.database.write(asking("SELECT 1"))
        assert isinstance((await sending)[0], Unavailable)
        assert 3.5 < monotonic() - began < ANSWER
    assert len(await post(store, [new_message(ada)])) == 1
    assert "does not answer" not in caplog.text


async def test_a_process_that_stalls_while_it_holds_a_room_is_thrown_out(store: Store, ada: User) -> None:
    stalled = await open_store(url_of(store))
    hold = Hold(stalled)
    await hold.reached()
    async with asyncio.timeout(4):
        await post(store, [new_message(ada)])
    with pytest.raises(Unavailable):
        await hold.release()
    await stalled.close()
