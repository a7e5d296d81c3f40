"""The line over a real Redis that stalls, dies, refuses, or shows a certificate."""

import asyncio
import logging
import secrets
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.bus import outbox
from app.bus.redis import RedisLine
from app.bus.shared import SharedBus
from stores.redis import RedisServer
from tests.support.redis import own_redis
from tests.support.waiting import until

BODY = b'"%b"' % (b"x" * 1_000)


@pytest.fixture(scope="module")
def own_server() -> Iterator[RedisServer]:
    with own_redis() as server:
        yield server


@pytest.fixture
def server(own_server: RedisServer) -> RedisServer:
    """Running, whatever the test before did to it."""
    own_server.restart()
    return own_server


class Process:
    """A bus and what it heard: sequence numbers, bodies, and breaks."""

    def __init__(self, url: str, community: str = "test", *, self_signed: bool = False) -> None:
        self.bus = SharedBus(RedisLine(url, community, self_signed=self_signed))
        self.seqs: list[int] = []
        self.bodies: list[bytes | None] = []
        self.touches: list[str] = []
        self.breaks = 0

    def deliver(self, topic: str, seq: int, body: bytes | None) -> None:
        if topic == "touch":
            self.touches.append(topic)
            return
        self.seqs.append(seq)
        self.bodies.append(body)

    def lost(self) -> None:
        self.breaks += 1


@asynccontextmanager
async def running(*processes: Process) -> AsyncIterator[None]:
    for each in processes:
        each.bus.subscribe("room:1")
        each.bus.subscribe("touch")
        await each.bus.start(each.deliver, each.lost)
    yield
    for each in processes:
        await each.bus.close()


@pytest.fixture
async def pair(server: RedisServer) -> AsyncIterator[tuple[Process, Process]]:
    one, other = Process(server.url), Process(server.url)
    async with running(one, other):
        yield one, other


async def in_touch(one: Process, other: Process) -> None:
    """Both are up, and what one says is heard by the other."""
    await until(lambda: one.bus.up and other.bus.up)
    heard = len(other.touches)
    one.bus.publish("touch", 0, b"{}")
    await until(lambda: len(other.touches) > heard)


async def test_when_redis_dies_sends_go_on_and_when_it_is_back_empty_everything_is_heard(
    pair: tuple[Process, Process], server: RedisServer
) -> None:
    one, other = pair
    await in_touch(one, other)
    server.kill()
    await until(lambda: not one.bus.up and not other.bus.up)
    one.bus.publish("room:1", 7, b"{}")
    assert one.seqs[-1] == 7
    server.start()
    async with asyncio.timeout(5):
        await in_touch(one, other)
        await in_touch(other, one)
    assert (one.breaks, other.breaks) == (1, 1)


async def test_while_redis_stands_still_it_is_not_up_and_afterwards_it_is(
    pair: tuple[Process, Process], server: RedisServer
) -> None:
    one, other = pair
    await in_touch(one, other)
    server.pause()
    async with asyncio.timeout(2.5):
        await until(lambda: not one.bus.up and not other.bus.up)
    await asyncio.sleep(5)  # lines are given up, and new ones are not answered
    server.resume()
    async with asyncio.timeout(5):
        await in_touch(one, other)
        await in_touch(other, one)


async def test_when_redis_throws_its_clients_out_they_come_back_at_once(
    pair: tuple[Process, Process], server: RedisServer
) -> None:
    one, other = pair
    await in_touch(one, other)
    server.cut_clients()
    async with asyncio.timeout(2):
        await until(lambda: one.breaks == other.breaks == 1)
        await in_touch(one, other)


async def test_a_redis_that_was_never_there_costs_a_moment_at_the_start_and_no_memory(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.kill()
    alone = Process(server.url)
    async with running(alone):
        assert not alone.bus.up
        for seq in range(1, 20_001):
            alone.bus.publish("room:1", seq, BODY)
        assert alone.seqs == list(range(1, 20_001))
        assert alone.bus._outbox._size == 0
        assert caplog.text.count("cannot be heard") == 1
        server.start()
        await until(lambda: alone.bus.up)


async def test_while_redis_takes_nothing_what_waits_for_it_is_bounded(
    pair: tuple[Process, Process], server: RedisServer
) -> None:
    one, other = pair
    await in_touch(one, other)
    server.pause()
    for seq in range(1, 20_001):
        one.bus.publish("room:1", seq, BODY)
        if seq % 100 == 0:
            await asyncio.sleep(0)
    assert one.bus._outbox._size <= outbox.LIMIT
    server.resume()
    await until(lambda: 20_000 in other.seqs)


async def test_a_redis_that_refuses_to_publish_is_said_once_and_nothing_fails_here(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.ask("ACL", "SETUSER", "default", "-publish")
    muted = Process(server.url)
    async with running(muted):
        assert not muted.bus.up
        muted.bus.publish("room:1", 1, b"{}")
        assert muted.seqs == [1]
        await asyncio.sleep(0.5)  # several attempts
        assert caplog.text.count("cannot be heard") == 1
        assert "publish" in caplog.text
        server.ask("ACL", "SETUSER", "default", "+publish")
        await until(lambda: muted.bus.up)


async def test_communities_on_one_redis_do_not_hear_each_other(server: RedisServer) -> None:
    ours, theirs, also_ours = Process(server.url, "ours"), Process(server.url, "theirs"), Process(server.url, "ours")
    async with running(ours, theirs, also_ours):
        ours.bus.publish("room:1", 1, b"{}")
        await until(lambda: also_ours.seqs == [1])
        theirs.bus.publish("room:1", 2, b"{}")
        await in_touch(ours, also_ours)
        assert 2 not in ours.seqs
        assert theirs.seqs == [2]


async def test_what_people_write_does_not_reach_the_log(
    pair: tuple[Process, Process], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one, other = pair
    await in_touch(one, other)
    one.bus.publish("room:1", 1, b'"a secret"')
    await until(lambda: 1 in other.seqs)
    assert "a secret" not in caplog.text


async def test_a_host_that_ends_idle_connections_finds_none(pair: tuple[Process, Process], server: RedisServer) -> None:
    await in_touch(*pair)
    server.ask("CONFIG", "SET", "timeout", "2")
    await asyncio.sleep(5)
    assert [process.breaks for process in pair] == [0, 0]


async def test_two_connections_a_process_are_all_it_takes(pair: tuple[Process, Process], server: RedisServer) -> None:
    await in_touch(*pair)
    clients = server.ask("CLIENT", "LIST").decode()
    assert clients.count("cmd=publish") == clients.count("cmd=subscribe") == 2
    assert clients.count(" addr=") == 4 + 1, "and this question"


async def test_ten_thousand_topics_are_followed_without_holding_up_the_loop(server: RedisServer) -> None:
    one = Process(server.url)
    late: list[float] = []
    loop = asyncio.get_running_loop()

    async def watch() -> None:
        while True:
            before = loop.time()
            await asyncio.sleep(0.01)
            late.append(loop.time() - before - 0.01)

    async with running(one):
        watching = asyncio.create_task(watch())
        for number in range(10_000):
            one.bus.subscribe(f"user:{number}")
        server.cut_clients()
        await until(lambda: one.breaks == 1 and one.bus.up)
        watching.cancel()
        assert server.ask("PUBSUB", "NUMPAT") == b":0\r\n"
        channels = server.ask("PUBSUB", "NUMSUB", "roost:test:user:0", "roost:test:user:9999")
        assert channels.count(b":1\r\n") == 2
        assert max(late) < 0.25


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One that no authority has signed, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["-nodes", "-days", "2", "-subj", "/CN=redis.example", "-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *made]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def tls_url(certificate: tuple[Path, Path]) -> Iterator[str]:
    port = RedisServer(Path()).port
    files = ["--tls-cert-file", str(certificate[0]), "--tls-key-file", str(certificate[1]), "--tls-auth-clients", "no"]
    with own_redis("--tls-port", str(port), *files):
        yield f"rediss://127.0.0.1:{port}/0"


async def test_a_certificate_that_nobody_signed_is_refused_unless_it_is_allowed(
    tls_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    strict, lenient = Process(tls_url), Process(tls_url, self_signed=True)
    async with running(strict, lenient):
        # A start waits two seconds for its line, and on a busy machine TLS takes longer.
        await until(lambda: lenient.bus.up and "certificate" in caplog.text.lower())
        assert not strict.bus.up


async def test_without_tls_a_certificate_is_no_matter(server: RedisServer) -> None:
    process = Process(server.url, self_signed=True)
    async with running(process):
        assert process.bus.up


def test_the_right_to_take_any_certificate_can_be_written_in_the_url_too() -> None:
    line = RedisLine("rediss://db.example:6380/0?ssl_cert_reqs=none", secrets.token_hex(4), self_signed=False)
    connection = line._make(**line._options)
    assert connection.cert_reqs == ssl.CERT_NONE  # type: ignore[attr-defined]
