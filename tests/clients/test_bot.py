"""A bot at a real server: what is said is heard, in order, over every break, and answered once."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.chat import memberships, messages, removal, rooms
from app.protocol import api, events
from clients.bot import Bot, Heard
from clients.bot_memory import BotMemory
from clients.failures import ClientError, Refused, RoomGone, SignedOut
from tests.clients.site import Site
from tests.support.house import new_nonce
from tests.support.waiting import PATIENCE, until

END = "that is all"

Answer = Callable[[Bot, Heard], object]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes back at once."""
    monkeypatch.setattr("clients.bot.sleep", lambda _: time.sleep(0.01))
    monkeypatch.setattr("clients.api.sleep", lambda _: time.sleep(0.01))


class Program:
    """Reads along in `general` until somebody says that this is all, and answers."""

    def __init__(self, bot: Bot, answer: Answer = lambda *_: None, *rooms: str | int) -> None:
        self.bot = bot
        self.texts: list[str] = []
        self.problem: Exception | None = None
        self._answer = answer
        self._rooms = rooms or ("general",)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self.bot.api.session:
                for heard in self.bot.messages(*self._rooms):
                    if heard.text == END:
                        return
                    self._answer(self.bot, heard)
                    self.texts.append(heard.text)
        except (ClientError, Crash) as problem:
            self.problem = problem

    async def ended(self) -> None:
        await asyncio.to_thread(self._thread.join, PATIENCE)
        assert not self._thread.is_alive()

    async def listens(self) -> None:
        """From here on nothing that is said passes it."""
        await until(lambda: self.problem or self.bot._memory.done(1) is not None)


class Crash(Exception):
    pass


async def bot(site: Site, handle: str = "bot", memory: Path | None = None) -> Bot:
    return Bot(site.url, await site.token(handle), memory)


async def say(site: Site, *texts: str, handle: str = "ada_l", room: int = 1) -> list[int]:
    visitor = await site.visitor(handle)
    posted = [await (await messages.post(site.services, visitor, room, new_nonce(), text)) for text in texts]
    return [each.message.number for each in posted]


async def said(site: Site, room: int = 1) -> list[str]:
    page = await messages.page(site.services, await site.visitor("ada_l"), room, limit=100)
    return [message.text for message in page.messages]


def echo(bot: Bot, heard: Heard) -> None:
    bot.reply(heard, f"{heard.author.handle}: {heard.text}")


async def test_what_is_said_is_heard_and_answered(site: Site) -> None:
    program = Program(await bot(site), echo)
    await program.listens()
    await say(site, "hello", "tea?")
    await until(lambda: len(program.texts) == 2)
    await say(site, END)
    await program.ended()
    assert program.texts == ["hello", "tea?"]
    assert sorted(await said(site)) == sorted(["hello", "tea?", "ada_l: hello", "ada_l: tea?", END])
    page = await messages.page(site.services, await site.visitor("ada_l"), 1, limit=100)
    assert {each.text: each.reply_to for each in page.messages if each.reply_to}.keys() == {
        "ada_l: hello",
        "ada_l: tea?",
    }


async def test_what_was_said_before_is_not_for_it(site: Site) -> None:
    await say(site, "long ago")
    program = Program(await bot(site))
    await program.listens()
    await say(site, "now", END)
    await program.ended()
    assert program.texts == ["now"]


async def test_it_does_not_hear_itself(site: Site) -> None:
    program = Program(await bot(site))
    await program.listens()
    await say(site, "by itself", handle="bot")
    await say(site, "by another", END)
    await program.ended()
    assert program.texts == ["by another"]


async def test_it_does_not_hear_who_is_marked_as_a_bot(site: Site) -> None:
    class Marked(events.Person, frozen=True):
        bot: bool = False

    there, [number] = await bot(site), await say(site, "hello")
    there._rooms[1] = await asyncio.to_thread(there.room, 1)
    with there.api.session:
        posted = await asyncio.to_thread(there.api.ask, "GET", f"/rooms/1/messages/{number}", api.Posted)
        for is_marked in (True, False):
            author = Marked(posted.message.author, "ada_l", "Ada", bot=is_marked)
            heard = await asyncio.to_thread(lambda author=author: [*there._said(1, posted.message, author)])  # type: ignore[misc]
            assert len(heard) == (not is_marked)


async def test_over_breaks_and_a_restart_nothing_is_missed_and_nothing_comes_twice(site: Site) -> None:
    program = Program(await bot(site), echo)
    await program.listens()
    words = [f"word {number}" for number in range(30)]
    for place in range(0, 30, 10):
        await say(site, *words[place : place + 5])
        site.proxy.cut()
        await say(site, *words[place + 5 : place + 10])
    await site.restart()
    await until(lambda: len(program.texts) == 30)
    await say(site, END)
    await program.ended()
    assert program.texts == words
    assert sorted(await said(site)) == sorted([*words, *(f"ada_l: {word}" for word in words), END])


async def test_more_than_a_page_that_it_missed_comes_in_order(site: Site) -> None:
    program = Program(await bot(site))
    await program.listens()
    site.proxy.sever()
    words = [f"word {number}" for number in range(230)]
    await say(site, *words)
    site.proxy.heal()
    await say(site, END)
    await program.ended()
    assert program.texts == words


async def test_what_it_had_not_done_with_is_heard_again_and_answered_once(site: Site, tmp_path: Path) -> None:
    def break_down(bot: Bot, heard: Heard) -> None:
        echo(bot, heard)
        echo(bot, heard)
        raise Crash

    memory = tmp_path / "bot.json"
    program = Program(await bot(site, memory=memory), break_down)
    await program.listens()
    await say(site, "hello")
    await program.ended()
    assert isinstance(program.problem, Crash)
    await say(site, "meanwhile")
    again = Program(await bot(site, memory=memory), echo)
    await until(lambda: len(again.texts) == 2)
    await say(site, END)
    await again.ended()
    assert again.texts == ["hello", "meanwhile"]
    assert await said(site) == ["hello", "ada_l: hello", "ada_l: hello", "meanwhile", "ada_l: meanwhile", END]


async def test_two_bots_of_one_person_answer_with_a_message_each(site: Site) -> None:
    programs = [Program(await bot(site), echo) for _ in range(2)]
    for program in programs:
        await program.listens()
    await say(site, "hello")
    await until(lambda: all(program.texts for program in programs))
    await say(site, END)
    for program in programs:
        await program.ended()
    assert await said(site) == ["hello", "ada_l: hello", "ada_l: hello", END]


async def test_several_rooms_are_heard_at_once_and_what_was_removed_is_not(site: Site) -> None:
    ada = await site.owner("ada_l")
    attic, _ = await rooms.create(site.services, ada, "Attic", "public")
    reader = await site.visitor("bot")
    await memberships.join(site.services, reader, attic.id)
    program = Program(await bot(site), echo, "general", attic.id)
    await program.listens()
    await until(lambda: program.bot._memory.done(attic.id) is not None)
    site.proxy.sever()
    [number] = await say(site, "a slip")
    await removal.remove(site.services, ada, 1, number)
    site.proxy.heal()
    await say(site, "below")
    await say(site, "above", room=attic.id)
    await until(lambda: len(program.texts) == 2)
    await say(site, END)
    await program.ended()
    assert sorted(program.texts) == ["above", "below"]
    assert await said(site, attic.id) == ["above", "ada_l: above"]


async def test_what_was_not_told_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(await bot(site))
    await program.listens()
    notice, lost = program.bot._posted, list[str]()

    def lossy(event: events.MessagePosted) -> object:
        if not lost:
            lost.append(event.message.text)
            return iter(())
        return notice(event)

    monkeypatch.setattr(program.bot, "_posted", lossy)
    await say(site, "one")
    await until(lambda: lost)
    await say(site, "two", END)
    await program.ended()
    assert program.texts == ["one", "two"]


async def test_a_heartbeat_tells_of_what_was_not(site: Site) -> None:
    there = await bot(site)
    there._rooms[1] = await asyncio.to_thread(there.room, 1)
    there._memory.note(1, 0)
    await say(site, "one")
    with there.api.session:
        heard = await asyncio.to_thread(lambda: [*there._messages_of(events.Heartbeat({"1": 9, "7": 9}), [1])])
    assert [each.text for each in heard] == ["one"]


async def test_where_a_backup_was_put_back_it_goes_on_from_there(site: Site, tmp_path: Path) -> None:
    BotMemory(tmp_path / "bot.json").note(1, 1_000)
    await say(site, "in the backup")
    program = Program(await bot(site, memory=tmp_path / "bot.json"))
    await until(lambda: program.bot._memory.done(1) == 1)
    await say(site, "after it", END)
    await program.ended()
    assert program.texts == ["after it"]


async def test_what_is_sent_once_stays_one_message(site: Site) -> None:
    there = await bot(site)

    def post() -> list[int]:
        sent = [there.send("general", text, once="https://news.example/1") for text in ("news", "news again")]
        sent += [there.send(1, "news", once="https://news.example/2"), there.send(1, "news"), there.send(1, "news")]
        return [message.number for message in sent]

    with there.api.session:
        assert await asyncio.to_thread(post) == [1, 1, 2, 3, 4]
    with (await bot(site)).api.session as _, pytest.raises(Refused, match="no room nowhere"):
        await asyncio.to_thread(there.send, "nowhere", "news")


async def test_it_reacts(site: Site) -> None:
    program = Program(await bot(site), lambda bot, heard: bot.react(heard, "👍"))
    await program.listens()
    await say(site, "hello", END)
    await program.ended()
    page = await messages.page(site.services, await site.visitor("ada_l"), 1)
    assert [each.emoji for each in page.messages[0].more.reactions] == ["👍"]


async def test_who_is_taken_out_of_a_room_is_told(site: Site) -> None:
    program = Program(await bot(site))
    await program.listens()
    await memberships.leave(site.services, await site.visitor("bot"), 1)
    await program.ended()
    assert isinstance(program.problem, RoomGone)


async def test_a_wrong_token_ends_it(site: Site) -> None:
    program = Program(Bot(site.url, "roost_wrong"))
    await program.ended()
    assert isinstance(program.problem, SignedOut)
