"""The router in front of the dynos, with the rules that a platform documents for its own: what it adds to a request's
head, how long it waits for the first byte and for the next, and how long a line may be."""

import asyncio
import random
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

FIRST_BYTE, IDLE, CONNECT = 30.0, 55.0, 5.0
"""Seconds."""
LINE = 8_192
"""Bytes of one line of a head."""
REQUEST_ID = re.compile(r"[A-Za-z0-9+/=-]{20,128}")
HEAD = 256 * 1024

Head = list[str]
"""Its lines."""


class Router:
    """Takes requests on `port` as if they came over https, and on `open_port` as over http. `faults` says how it
    has failed somebody; a client that leaves is no fault."""

    def __init__(self, first_byte: float = FIRST_BYTE, idle: float = IDLE) -> None:
        self.faults: list[str] = []
        self.dynos: list[int] = []
        """Ports of those that take requests."""
        self._first_byte = first_byte
        self._idle = idle
        self._lead_to: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        takers = (partial(self._take, proto) for proto in ("https", "http"))
        self._servers = [await asyncio.start_server(taker, "127.0.0.1", 0, limit=HEAD) for taker in takers]
        self.port, self.open_port = (server.sockets[0].getsockname()[1] for server in self._servers)

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @contextmanager
    def leading_to(self, port: int) -> Iterator[None]:
        """Not a random dyno but this one."""
        self._lead_to = port
        yield
        self._lead_to = None

    def _take(self, proto: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer, proto))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proto: str) -> None:
        try:
            await self._pass_on(reader, writer, proto)
        except Fault as fault:
            self.faults.append(fault.name)
            if fault.status:
                writer.write(f"HTTP/1.1 {fault.status} {fault.name}\r\nContent-Length: 0\r\n\r\n".encode())
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has left, or never asked
        finally:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proto: str) -> None:
        """One request on each connection."""
        head = lines_of(await reader.readuntil(b"\r\n\r\n"))
        if max(map(len, head)) > LINE:
            raise Fault("line too long", 400)
        inward, outward = await self._reach_dyno()
        try:
            outward.write(bytes_of(rewritten(head, writer.get_extra_info("peername")[0], proto, self.port)))
            await self._relay(Line(reader, writer), Line(inward, outward))
        finally:
            outward.close()

    async def _reach_dyno(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A random one; another when it does not take the connection; none yet, then wait for one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._first_byte):
                while True:
                    for port in self._in_any_order():
                        with suppress(OSError, TimeoutError):
                            async with asyncio.timeout(CONNECT):
                                return await asyncio.open_connection("127.0.0.1", port, limit=HEAD)
                    await asyncio.sleep(0.05)
        raise Fault("no dyno", 503)

    def _in_any_order(self) -> Sequence[int]:
        return [self._lead_to] if self._lead_to else random.sample(self.dynos, len(self.dynos))

    async def _relay(self, client: "Line", dyno: "Line") -> None:
        pumps = [asyncio.ensure_future(client.pump(dyno))]
        try:
            client.write(await self._answer(dyno, pumps[0]))
            pumps.append(asyncio.ensure_future(dyno.pump(client)))
            await self._watch(client, dyno, pumps[1])
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _answer(self, dyno: "Line", sending: "asyncio.Future[None]") -> bytes:
        """The head of the answer, which begins in time."""
        reading = asyncio.ensure_future(dyno.reader.readuntil(b"\r\n\r\n"))
        await asyncio.wait((reading, sending), timeout=self._first_byte, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            if sending.done():
                raise ConnectionError
            raise Fault("no answer in time", 503)
        try:
            head = reading.result()
        except asyncio.IncompleteReadError:
            raise Fault("no answer", 503) from None
        if max(map(len, lines_of(head))) > LINE:
            raise Fault("line too long", 502)
        return head

    async def _watch(self, client: "Line", dyno: "Line", receiving: "asyncio.Future[None]") -> None:
        """Until the answer ends, or nothing has passed either way for too long."""
        loop = asyncio.get_running_loop()
        while not receiving.done():
            quiet = loop.time() - max(client.heard_at, dyno.heard_at)
            if quiet >= self._idle:
                receiving.cancel()
                raise Fault("idle", 0)
            await asyncio.wait((receiving,), timeout=self._idle - quiet)
        await receiving


class Fault(Exception):
    """The router's own answer; with the status 0 one is under way already."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name)
        self.name = name
        self.status = status


class Line:
    """One side of a relay."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer
        self.heard_at = asyncio.get_running_loop().time()

    async def pump(self, other: "Line") -> None:
        """Until one of the two hangs up, in whatever way."""
        with suppress(ConnectionError):
            while data := await self.reader.read(65_536):
                self.heard_at = asyncio.get_running_loop().time()
                other.write(data)
                await other._writer.drain()

    def write(self, data: bytes) -> None:
        self._writer.write(data)


def lines_of(head: bytes) -> Head:
    return head.decode("latin-1").split("\r\n")[:-2]


def bytes_of(head: Head) -> bytes:
    return "\r\n".join([*head, "", ""]).encode("latin-1")


def rewritten(head: Head, peer: str, proto: str, port: int) -> Head:
    """What the dyno gets: the client's address at the right end of the first X-Forwarded-For line, the scheme, an id
    that may be the client's. X-Real-IP, X-Scheme and whatever else a client makes up pass through."""
    ours = {"x-forwarded-proto", "x-forwarded-port", "x-request-id", "x-request-start", "via"}
    given = {name_of(line): line.partition(":")[2].strip() for line in reversed(head[1:])}
    kept = [line for line in head[1:] if name_of(line) not in ours]
    if "upgrade" not in given:
        kept = [line for line in kept if name_of(line) != "connection"] + ["Connection: close"]
    forwarded = next((line for line in kept if name_of(line) == "x-forwarded-for"), None)
    if forwarded is None:
        kept.append(f"X-Forwarded-For: {peer}")
    else:
        kept[kept.index(forwarded)] = f"{forwarded}, {peer}"
    request_id = given.get("x-request-id", "")
    return [
        head[0],
        *kept,
        f"X-Forwarded-Proto: {proto}",
        f"X-Forwarded-Port: {port}",
        f"X-Request-Id: {request_id if REQUEST_ID.fullmatch(request_id) else uuid.uuid4()}",
        f"X-Request-Start: {round(asyncio.get_running_loop().time() * 1000)}",
        "Via: 1.1 heroku-router",
    ]


def name_of(line: str) -> str:
    return line.partition(":")[0].lower()
