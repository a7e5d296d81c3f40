"""/api/v1/rooms/ID/webhooks."""

from pathlib import Path

from app.chat import webhooks
from app.chat.webhooks import Wanted
from tests.support.api import Program, private_room, program_of
from tests.support.door import Door, running

WEBHOOKS = "/rooms/ROOM/webhooks"


async def incoming(program: Program) -> int:
    """The id of a new one, which ada has made on the page."""
    return await made(program, Wanted("incoming", "Build bot"))


async def made(program: Program, wanted: Wanted) -> int:
    services = program.door.server.application.services
    services.limits.give_back("webhooks:1")  # all tests ask the same server on behalf of one person
    listed, _ = await webhooks.make(services, await program.door.ada(), program.room, wanted)
    return listed.webhook.id


async def test_they_are_listed_without_their_secrets_and_removed(ada: Program) -> None:
    webhook = await incoming(ada)
    listed = await ada.ask("GET", WEBHOOKS)
    (one,) = listed.body["webhooks"]
    assert (listed.status, set(one)) == (200, {"id", "kind", "bot", "holder", "made"})
    assert (one["id"], one["kind"], one["holder"]["handle"]) == (webhook, "incoming", "ada")
    assert (one["bot"]["name"], one["bot"]["bot"]) == ("Build bot", True)
    path = f"{WEBHOOKS}/{webhook}"
    assert (await ada.ask("DELETE", path)).status == 204
    assert (await ada.ask("DELETE", path)).status == 404
    assert (await ada.ask("GET", WEBHOOKS)).body == {"webhooks": []}


async def test_no_program_is_told_a_secret(ada: Program) -> None:
    webhook = await incoming(ada)
    assert (await ada.ask("POST", WEBHOOKS, {"kind": "incoming", "name": "Build bot"})).status == 405
    assert (await ada.ask("POST", f"{WEBHOOKS}/{webhook}/secret")).status == 404
    assert [one["id"] for one in (await ada.ask("GET", WEBHOOKS)).body["webhooks"]] == [webhook]


async def test_whoever_does_not_moderate_the_room_finds_none(door: Door, ada: Program) -> None:
    webhook = await incoming(ada)
    ben = await program_of(door, "ben", ada.room)
    for method, path in (
        ("GET", WEBHOOKS),
        ("DELETE", f"{WEBHOOKS}/{webhook}"),
        ("PUT", f"{WEBHOOKS}/{webhook}/on"),
    ):
        assert (await ben.ask(method, path)).status == 404


async def test_where_the_server_asks_nobody_none_is_switched_on(ada: Program) -> None:
    answer = await ada.ask("PUT", f"{WEBHOOKS}/{await incoming(ada)}/on")
    assert (answer.status, answer.body["code"]) == (403, "outbound_off")


async def test_one_that_leads_out_says_where_and_is_switched_on(tmp_path: Path) -> None:
    async with running(tmp_path, {"LINK_CARDS": "1"}) as door:
        ada = Program(door, door.bearer, await private_room(door, "ada"))
        webhook = await made(ada, Wanted("outgoing", "Weather", "https://site.test/hook", "all"))
        (one,) = (await ada.ask("GET", WEBHOOKS)).body["webhooks"]
        assert (one["url"], one["hears"]) == ("https://site.test/hook", "all")
        switched = await ada.ask("PUT", f"{WEBHOOKS}/{webhook}/on")
        assert (switched.status, switched.body) == (200, one)
