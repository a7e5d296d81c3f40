"""In their order, once, until the server takes them or says why not."""

import asyncio

import pytest

from app.protocol.commands import SendMessage
from app.protocol.events import Event, Failed, Problem, Sent
from clients import outbox as module
from clients.failures import Disconnected, Ended, Refused
from clients.outbox import WIDTH, Outbox
from tests.clients.rows import message
from tests.support.waiting import until


class Server:
    """Notes what leaves; answers when it is told to."""

    def __init__(self) -> None:
        self.up = True
        self.texts: list[str] = []
        self._open: list[tuple[SendMessage, asyncio.Future[Event]]] = []

    def ask(self, command: SendMessage) -> "asyncio.Future[Event] | None":
        if not self.up:
            return None
        self.texts.append(command.text)
        answer: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._open.append((command, answer))
        return answer

    async def store(self, count: int = 1) -> None:
        for _ in range(count):
            command, answer = self._open.pop(0)
            answer.set_result(Sent(1, command.room, message(1, text=command.text)))
            await asyncio.sleep(0)

    async def refuse(self, code: str, *, temporary: bool = False, retry_after: float | None = None) -> None:
        _, answer = self._open.pop(0)
        answer.set_result(Failed(Problem(code, "No.", temporary, retry_after), ref=1))
        await asyncio.sleep(0)

    async def lose(self) -> None:
        self.up = False
        for _, answer in self._open:
            answer.set_exception(Disconnected())
        self._open.clear()
        await asyncio.sleep(0)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def outbox(server: Server) -> Outbox:
    return Outbox(server.ask)


def send(outbox: Outbox, text: str, room: int = 1) -> "asyncio.Task[object]":
    return asyncio.create_task(outbox.send(SendMessage(0, room, f"nonce-of-{text}-000000", text)))


async def send_many(outbox: Outbox, *texts: str) -> list["asyncio.Task[object]"]:
    tasks = [send(outbox, text) for text in texts]
    await asyncio.sleep(0)
    return tasks


async def test_several_are_under_way_at_once_and_no_more(outbox: Outbox, server: Server) -> None:
    texts = [str(number) for number in range(WIDTH + 3)]
    tasks = await send_many(outbox, *texts)
    assert server.texts == texts[:WIDTH]
    await server.store(2)
    assert server.texts == texts[: WIDTH + 2]
    await server.store(WIDTH + 1)
    await asyncio.gather(*tasks)
    assert len(outbox) == 0


async def test_after_a_break_they_leave_again_in_their_order(outbox: Outbox, server: Server) -> None:
    tasks = await send_many(outbox, "a", "b", "c")
    await server.store()
    await server.lose()
    tasks += await send_many(outbox, "d")
    server.texts.clear()
    server.up = True
    outbox.go_on()
    assert server.texts == ["b", "c", "d"]
    await server.store(3)
    await asyncio.gather(*tasks)


async def test_put_off_they_wait_and_leave_one_by_one(outbox: Outbox, server: Server) -> None:
    tasks = await send_many(outbox, "a", "b")
    for _ in range(2):
        await server.refuse("too_fast", temporary=True, retry_after=0.02)
    tasks += await send_many(outbox, "c")
    assert server.texts == ["a", "b"]
    for count in (3, 4, 5):
        await until(lambda count=count: len(server.texts) == count)  # type: ignore[misc]
        await server.store()
    assert server.texts == ["a", "b", "a", "b", "c"]
    await asyncio.gather(*tasks)


async def test_a_wait_in_one_room_holds_up_no_other(outbox: Outbox, server: Server) -> None:
    slow = send(outbox, "slow")
    await asyncio.sleep(0)
    await server.refuse("too_fast", temporary=True, retry_after=3_600)
    other = send(outbox, "other", room=2)
    await asyncio.sleep(0)
    await server.store()
    await other
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    assert len(outbox) == 0


async def test_without_a_word_it_tries_again_in_a_while(
    outbox: Outbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    task = send(outbox, "a")
    await asyncio.sleep(0)
    await server.refuse("unavailable", temporary=True)
    await until(lambda: len(server.texts) == 2)
    await server.store()
    await task


async def test_what_is_refused_is_raised_and_the_next_one_leaves(outbox: Outbox, server: Server) -> None:
    bad, good = await send_many(outbox, "bad", "good")
    await server.refuse("muted")
    await server.store()
    await good
    with pytest.raises(Refused) as caught:
        await bad
    assert (caught.value.code, caught.value.text) == ("muted", "bad")


async def test_at_the_end_each_text_comes_back(outbox: Outbox, server: Server) -> None:
    tasks = await send_many(outbox, "a", "b")
    outbox.give_up(Ended(3500))
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [(type(each), getattr(each, "text", "")) for each in found] == [(Ended, "a"), (Ended, "b")]


async def test_what_has_not_left_can_be_taken_back(outbox: Outbox, server: Server) -> None:
    server.up = False
    task = send(outbox, "a")
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    server.up = True
    outbox.go_on()
    assert server.texts == []
