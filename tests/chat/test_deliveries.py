"""Outgoing webhooks: what they are told, how it is signed, and what comes of their answers."""

import hashlib
import hmac
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.chat import deliveries, memberships, messages, mutes, removal, rooms, webhooks
from app.chat.deliveries import LATER, MOST_FAILURES, MOST_WAITING, OLDEST, WHERE, WHY
from app.chat.webhooks import Listed, Wanted
from app.errors import StorageFull
from app.jobs.worker import MOST_TRIES, Worker
from app.models import Hears, Message, NotBegun, Room, Visitor
from app.outbound.fetcher import Fetcher
from app.outbound.lookup import Endpoint
from app.outbound.outcomes import Crowded
from app.protocol import events
from app.storage import jobs
from tests.support.house import House, open_house
from tests.support.waiting import until
from tests.support.web import PUBLIC, Names, Site, allowed, answer, make_certificate, open_site, redirect, serving

URL = "https://site.test/hook"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "site.test")


@pytest.fixture
async def site(certificate: tuple[Path, Path]) -> AsyncIterator[Site]:
    async with open_site({"/hook": answer(b"", "204 No Content")}, tls=serving(*certificate)) as site:
        yield site


@pytest.fixture
async def house(migrated: Path, tmp_path: Path, site: Site, certificate: tuple[Path, Path]) -> AsyncIterator[House]:
    names = Names({"site.test": [PUBLIC], "inside.test": ["127.0.0.1"]}, {PUBLIC: site.port})
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    async with open_house(migrated, tmp_path) as house:
        house.services = replace(house.services, fetcher=Fetcher("https://roost.test", names, allowed, trusting))
        yield house


@dataclass
class Hooked:
    """A private room of ana's with bo in it, and a webhook that is told of it."""

    house: House
    ana: Visitor
    room: Room
    listed: Listed
    secret: str

    async def now(self) -> Listed:
        return (await webhooks.listed(self.house.services, self.ana, self.room.id))[-1]

    async def work(self) -> list[float | NotBegun | None]:
        """Does what is due, as a worker would; what came of each."""
        now = self.house.clock.steady()
        outcomes: list[float | NotBegun | None] = []
        for job in await self.house.services.store.write(jobs.take, now, now + 60_000, {jobs.WEBHOOK: 100}):
            again = await deliveries.tell(self.house.services, job)
            outcomes.append(again)
            if isinstance(again, NotBegun):
                due_at = now + int(again.seconds * 1000)
                await self.house.services.store.write(jobs.put_off, job, due_at, counted=False)
            elif again is None or job.tries >= MOST_TRIES:
                await self.house.services.store.write(jobs.finish, job, now)
            else:
                await self.house.services.store.write(jobs.put_off, job, now + int(again * 1000))
        return outcomes

    async def said(self) -> list[Message]:
        """By the bot."""
        page = await messages.page(self.house.services, self.ana, self.room.id)
        return [message for message in page.messages if message.author_id == self.listed.bot.id]


@pytest.fixture
async def attic(house: House, ana: Visitor, bo: Visitor) -> Room:
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    return attic


async def hooked_with(house: House, ana: Visitor, attic: Room, hears: Hears, url: str = URL) -> Hooked:
    wanted = Wanted("outgoing", "Weather", url, hears)
    return Hooked(house, ana, attic, *await webhooks.make(house.services, ana, attic.id, wanted))


@pytest.fixture
async def hooked(house: House, ana: Visitor, attic: Room) -> Hooked:
    return await hooked_with(house, ana, attic, "all")


def told(site: Site) -> list[Any]:
    return [msgspec.json.decode(body) for body in site.bodies]


def headers(site: Site) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in site.requests[-1].strip().split("\r\n")[1:])


async def test_it_is_told_what_the_api_shows_and_in_order(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    posted = (await house.post(bo, "will it rain, @weather?", hooked.room.id)).message
    await house.post(bo, "or snow?", hooked.room.id)
    assert site.connections == 0
    assert [await hooked.work() for _ in range(3)] == [[None], [None], []]
    first, second = told(site)
    bot = {"id": hooked.listed.bot.id, "handle": "weather", "name": "Weather", "bot": True}
    assert first["type"] == "message.posted"
    assert first["webhook"] == hooked.listed.webhook.id
    assert first["room"] == {"id": hooked.room.id, "slug": hooked.room.slug, "name": "Attic", "kind": "private"}
    assert first["message"]["text"] == "will it rain, @weather?"
    assert first["message"]["number"] == posted.number
    assert first["person"] == {"id": bo.user.id, "handle": "bo", "name": "bo"}
    assert (first["bot"], first["people"]) == (bot, [bot])
    assert second["message"]["text"] == "or snow?"
    assert house.services.metrics.webhooks_told == {"heard": 2}


async def test_what_it_is_told_is_signed_with_its_id_and_the_time(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    posted = (await house.post(bo, "hi", hooked.room.id)).message
    await hooked.work()
    sent = headers(site)
    assert sent["Content-Type"] == "application/json"
    assert sent["Roost-Webhook-Id"] == f"{hooked.listed.webhook.id}-1-{posted.at}"
    assert sent["Roost-Webhook-Time"] == str(house.clock.now() // 1000)
    signed = f"{sent['Roost-Webhook-Id']}.{sent['Roost-Webhook-Time']}.".encode() + site.bodies[0]
    digest = hmac.new(hooked.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert sent["Roost-Webhook-Signature"] == f"v1={digest}"


async def test_with_mentions_it_hears_those_of_its_bot_alone(
    site: Site, house: House, ana: Visitor, bo: Visitor, attic: Room
) -> None:
    hooked = await hooked_with(house, ana, attic, "mentions")
    for text in ("hi", "@ana", "`@weather`", "@Weather: now?"):
        await house.post(bo, text, attic.id)
        await hooked.work()
    assert [each["message"]["text"] for each in told(site)] == ["@Weather: now?"]


async def test_no_other_room_is_told_of(site: Site, house: House, bo: Visitor, hooked: Hooked) -> None:
    await house.post(bo, "@weather")
    assert await hooked.work() == []
    assert site.connections == 0


@pytest.mark.parametrize(
    "given", [("text/plain", b"It **rains**."), ("application/json", b'{"text": "It **rains**."}')]
)
async def test_what_it_answers_is_posted_as_the_answer_of_the_bot_and_told_to_nobody(
    site: Site, house: House, bo: Visitor, hooked: Hooked, given: tuple[str, bytes]
) -> None:
    other = await hooked_with(house, hooked.ana, hooked.room, "all")
    site.answers["/hook"] = answer(given[1], content_type=given[0])
    client = await house.connect(bo)
    await client.open(hooked.room.id)
    asked = (await house.post(bo, "will it rain?", hooked.room.id)).message
    assert await hooked.work() == [None, None]
    assert await hooked.work() == []
    heard = await client.hears(events.MessagePosted, 3)
    assert [(each.message.text, each.message.reply_to) for each in heard[1:]] == [("It **rains**.", asked.number)] * 2
    assert {each.message.author for each in heard[1:]} == {hooked.listed.bot.id, other.listed.bot.id}


async def test_who_is_told_twice_has_answered_once(site: Site, house: House, bo: Visitor, hooked: Hooked) -> None:
    site.answers["/hook"] = answer(b"It rains.", content_type="text/plain")
    await house.post(bo, "will it rain?", hooked.room.id)
    now = house.clock.steady()
    (job,) = await house.services.store.write(jobs.take, now, now + 60_000, {jobs.WEBHOOK: 1})
    for _ in range(2):
        assert await deliveries.tell(house.services, job) is None
    assert len(await hooked.said()) == 1
    assert site.connections == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (answer(b"x" * 100_000, content_type="text/plain"), ["x" * 3_999 + "…"]),
        (answer(b" \n", content_type="text/plain"), []),
        (answer(b"\xff", content_type="text/plain"), []),
        (answer(b"{}", content_type="application/json"), []),
        (answer(b"oh", content_type="application/json"), []),
        (answer(b'{"text": "hi", "n": ' + b"1" * 5_000 + b"}", content_type="application/json"), []),
        (answer(b"<p>fine", content_type="text/html"), []),
        (answer(b"made", "201 Created", "text/plain"), []),
    ],
)
async def test_what_is_no_text_is_no_answer_and_no_failure(
    site: Site, house: House, bo: Visitor, hooked: Hooked, sent: bytes, said: list[str]
) -> None:
    site.answers["/hook"] = sent
    await house.post(bo, "hi", hooked.room.id)
    assert await hooked.work() == [None]
    assert [message.text for message in await hooked.said()] == said
    assert (await hooked.now()).webhook.failures == 0


@pytest.mark.parametrize("sent", [b"", answer(b"", "500 Oh"), answer(b"", "404 Not Found"), redirect("/other")])
async def test_it_is_told_again_for_an_hour_and_the_others_wait(
    site: Site, house: House, bo: Visitor, hooked: Hooked, sent: bytes
) -> None:
    site.answers["/hook"] = sent
    await house.post(bo, "first", hooked.room.id)
    await house.post(bo, "second", hooked.room.id)
    for seconds in LATER:
        assert await hooked.work() == [seconds]
        assert await hooked.work() == []
        house.clock.advance(seconds)
    assert await hooked.work() == [None]
    assert 3_600 < sum(LATER) < 4_000
    assert (await hooked.now()).webhook.failures == len(LATER) + 1
    site.answers["/hook"] = answer(b"", "204 No Content")
    assert await hooked.work() == [None]
    assert [each["message"]["text"] for each in told(site)] == ["first"] * 6 + ["second"]
    assert (await hooked.now()).webhook.failures == 0


async def test_one_that_fails_too_often_is_switched_off_and_the_room_is_told(
    site: Site, house: House, ana: Visitor, bo: Visitor, hooked: Hooked
) -> None:
    site.answers["/hook"] = answer(b"", "500 Oh")
    client = await house.connect(ana)
    for number in range(MOST_FAILURES):
        await house.post(bo, f"message {number}", hooked.room.id)
    for _ in range(MOST_FAILURES):
        assert (await hooked.now()).webhook.off is None
        (again,) = await hooked.work()
        assert not isinstance(again, NotBegun)
        house.clock.advance(again or 0.0)
    assert (await hooked.now()).webhook.off == "failing"
    (notice,) = await hooked.said()
    assert notice.text == f"@ana: {WHY['failing']} {WHERE}"
    assert notice.html.endswith(f': <span class="said">{WHY["failing"]}</span> <span class="said">{WHERE}</span>')
    await client.hears(events.MentionPosted)
    assert await hooked.work() == []
    await house.post(bo, "one more", hooked.room.id)
    assert await hooked.work() == []
    assert site.connections == MOST_FAILURES
    site.answers["/hook"] = answer(b"", "204 No Content")
    await webhooks.switch_on(house.services, ana, hooked.room.id, hooked.listed.webhook.id)
    await house.post(bo, "and now", hooked.room.id)
    await hooked.work()
    assert told(site)[-1]["message"]["text"] == "and now"


async def test_one_for_whom_too_much_waits_is_switched_off_and_the_room_is_told(
    site: Site, house: House, bo: Visitor, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"{MOST_WAITING:,}" in WHY["behind"]
    monkeypatch.setattr(deliveries, "MOST_WAITING", 2)
    for text in ("first", "second"):
        await house.post(bo, text, hooked.room.id)
    assert await hooked.work() == [None]
    for text in ("third", "fourth"):
        await house.post(bo, text, hooked.room.id)
    assert await hooked.work() == [None]
    assert [each["message"]["text"] for each in told(site)] == ["first"]
    assert (await hooked.now()).webhook.off == "behind"
    (notice,) = await hooked.said()
    assert notice.text == f"@ana: {WHY['behind']} {WHERE}"
    assert await hooked.work() == []


async def test_what_others_keep_from_being_looked_up_is_no_failure_and_told_later(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    async def crowded(host: str, port: int) -> list[Endpoint]:
        raise Crowded(f"{host}:{port}")

    reaching, services = house.services.fetcher, house.services
    house.services = replace(services, fetcher=Fetcher("https://roost.test", crowded, allowed))
    await house.post(bo, "hi", hooked.room.id)
    for _ in range(MOST_FAILURES + 1):
        assert await hooked.work() == [NotBegun(LATER[0])]
        assert await hooked.work() == []
        house.clock.advance(LATER[0])
    assert (await hooked.now()).webhook.failures == 0
    assert house.services.metrics.webhooks_told == {}
    house.services = replace(services, fetcher=reaching)
    assert await hooked.work() == [None]
    assert [each["message"]["text"] for each in told(site)] == ["hi"]


async def test_one_that_says_it_is_gone_is_switched_off_at_once(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    site.answers["/hook"] = answer(b"", "410 Gone")
    await house.post(bo, "hi", hooked.room.id)
    await house.post(bo, "hi again", hooked.room.id)
    assert await hooked.work() == [None]
    assert await hooked.work() == []
    assert (await hooked.now()).webhook.off == "gone"
    assert len(await hooked.said()) == 1
    assert house.services.metrics.webhooks_told == {"gone": 1}


async def test_with_another_key_of_the_server_it_needs_another_secret(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    settings = msgspec.structs.replace(house.services.settings, secret_key=("another " * 5,))
    house.services = replace(house.services, settings=settings)
    await house.post(bo, "hi", hooked.room.id)
    assert await hooked.work() == [None]
    assert (await hooked.now()).webhook.off == "unsigned"
    await webhooks.rotate(house.services, hooked.ana, hooked.room.id, hooked.listed.webhook.id)
    await house.post(bo, "hi again", hooked.room.id)
    await hooked.work()
    assert [each["message"]["text"] for each in told(site)] == ["hi again"]


async def test_nobody_inside_is_told_anything(house: House, ana: Visitor, bo: Visitor, attic: Room) -> None:
    hooked = await hooked_with(house, ana, attic, "all", "https://inside.test/")
    await house.post(bo, "hi", attic.id)
    assert await hooked.work() == [LATER[0]]


async def test_what_was_removed_meanwhile_or_is_old_is_told_to_nobody(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    await house.post(bo, "removed", hooked.room.id)
    await removal.remove(house.services, bo, hooked.room.id, 1, None)
    await house.post(bo, "old", hooked.room.id)
    assert await hooked.work() == [None]
    house.clock.advance(OLDEST / 1000 + 1)
    assert await hooked.work() == [None]
    assert site.connections == 0


async def test_who_may_manage_none_any_more_is_told_of_nothing(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    await memberships.leave(house.services, hooked.ana, hooked.room.id)
    await house.post(bo, "hi", hooked.room.id)
    assert await hooked.work() == [None]
    assert site.connections == 0


async def test_while_who_answers_for_it_is_muted_it_hears_and_says_nothing(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    site.answers["/hook"] = answer(b"It rains.", content_type="text/plain")
    owner = await house.appoint(await house.sign_in("cy"), "owner")
    await mutes.mute(house.services, owner, hooked.ana.user.id, 10)
    await house.post(bo, "will it rain?", hooked.room.id)
    assert await hooked.work() == [None]
    assert await hooked.said() == []
    await mutes.lift(house.services, owner, hooked.ana.user.id)
    await house.post(bo, "and now?", hooked.room.id)
    await hooked.work()
    assert [message.text for message in await hooked.said()] == ["It rains."]


async def test_an_answer_that_cannot_be_kept_just_now_is_asked_for_again(
    site: Site, house: House, bo: Visitor, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/hook"] = answer(b"It rains.", content_type="text/plain")
    await house.post(bo, "will it rain?", hooked.room.id)

    async def full(*_: object, **__: object) -> None:
        raise StorageFull

    with monkeypatch.context() as disk:
        disk.setattr(messages, "post", full)
        with pytest.raises(StorageFull):
            await hooked.work()
    house.clock.advance(60)
    assert await hooked.work() == [None]
    assert [message.text for message in await hooked.said()] == ["It rains."]


async def test_a_removed_one_is_told_of_nothing(site: Site, house: House, bo: Visitor, hooked: Hooked) -> None:
    await house.post(bo, "hi", hooked.room.id)
    await webhooks.remove(house.services, hooked.ana, hooked.room.id, hooked.listed.webhook.id)
    await house.post(bo, "hi", hooked.room.id)
    assert await hooked.work() == []
    assert site.connections == 0


async def test_where_nothing_can_be_said_the_answer_is_dropped(
    site: Site, house: House, bo: Visitor, hooked: Hooked
) -> None:
    site.answers["/hook"] = answer(b"It rains.", content_type="text/plain")
    await house.post(bo, "will it rain?", hooked.room.id)
    await rooms.change(house.services, hooked.ana, hooked.room.id, rooms.Wanted(archived=True))
    assert await hooked.work() == [None]
    assert await hooked.said() == []


async def test_a_worker_tells_it_at_once(site: Site, house: House, bo: Visitor, hooked: Hooked) -> None:
    worker = Worker(house.services, {jobs.WEBHOOK: deliveries.tell})
    worker.start()
    for number in range(1, 4):
        await house.post(bo, f"message {number}", hooked.room.id)
    await until(lambda: len(site.bodies) == 3)
    await worker.stop()
    assert [each["message"]["number"] for each in told(site)] == [1, 2, 3]
