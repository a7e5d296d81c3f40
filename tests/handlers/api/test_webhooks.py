"""/api/v1/rooms/ID/webhooks."""

from pathlib import Path

import pytest

from tests.support.api import Answer, Program, private_room, program_of
from tests.support.door import Door, running

WEBHOOKS = "/rooms/ROOM/webhooks"
INCOMING = {"kind": "incoming", "name": "Build bot"}
OUTGOING = {"kind": "outgoing", "name": "Weather", "url": "https://site.test/hook", "hears": "all"}


async def made(program: Program, **given: str) -> Answer:
    answer = await program.ask("POST", WEBHOOKS, given or INCOMING)
    # All tests ask the same server on behalf of one person.
    program.door.server.application.services.limits.give_back("webhooks:1")
    return answer


async def incoming(program: Program) -> int:
    """The id of a new one."""
    webhook: int = (await made(program)).body["webhook"]["id"]
    return webhook


async def test_one_is_made_with_its_secret_and_listed_without(ada: Program) -> None:
    answer = await made(ada)
    webhook, secret = answer.body["webhook"], answer.body["secret"]
    assert answer.status == 201
    assert answer.headers["location"] == f"/api/v1/rooms/{ada.room}/webhooks/{webhook['id']}"
    assert secret.startswith("roost_hook_")
    assert answer.body["post_to"] == f"{ada.door.origin}/hooks/{secret}"
    bot = webhook["bot"]
    assert (webhook["kind"], bot["name"], bot["bot"], webhook["holder"]["handle"]) == (
        "incoming",
        "Build bot",
        True,
        "ada",
    )
    listed = await ada.ask("GET", WEBHOOKS)
    assert (listed.status, listed.body) == (200, {"webhooks": [webhook]})


async def test_it_is_given_another_secret_and_removed(ada: Program) -> None:
    first = (await made(ada)).body
    path = f"{WEBHOOKS}/{first['webhook']['id']}"
    rotated = await ada.ask("POST", f"{path}/secret")
    assert (rotated.status, rotated.body["webhook"]) == (200, first["webhook"])
    assert rotated.body["secret"] != first["secret"]
    assert (await ada.ask("DELETE", path)).status == 204
    assert (await ada.ask("DELETE", path)).status == 404
    assert (await ada.ask("GET", WEBHOOKS)).body == {"webhooks": []}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "incoming"},
        {"kind": "sideways", "name": "x"},
        {"kind": "incoming", "name": ""},
        {"kind": "incoming", "name": "x", "url": "https://site.test/"},
        {"kind": "incoming", "name": "x", "secret": "mine"},
        {"kind": "outgoing", "name": "x", "hears": "nothing"},
    ],
)
async def test_what_makes_no_webhook_is_refused(ada: Program, given: dict[str, str]) -> None:
    answer = await ada.ask("POST", WEBHOOKS, given)
    assert answer.status == (400 if given.get("kind") != "outgoing" or "hears" in given else 403), answer.body


async def test_whoever_does_not_moderate_the_room_finds_none(door: Door, ada: Program) -> None:
    webhook = await incoming(ada)
    ben = await program_of(door, "ben", ada.room)
    for method, path in (
        ("GET", WEBHOOKS),
        ("POST", WEBHOOKS),
        ("DELETE", f"{WEBHOOKS}/{webhook}"),
        ("POST", f"{WEBHOOKS}/{webhook}/secret"),
        ("PUT", f"{WEBHOOKS}/{webhook}/on"),
    ):
        assert (await ben.ask(method, path, INCOMING if path == WEBHOOKS and method == "POST" else None)).status == 404


async def test_where_the_server_asks_nobody_none_leads_out(ada: Program) -> None:
    answer = await made(ada, **OUTGOING)
    assert (answer.status, answer.body["code"]) == (403, "outbound_off")


async def test_one_that_leads_out_says_where_and_is_switched_on(tmp_path: Path) -> None:
    async with running(tmp_path, {"LINK_CARDS": "1"}) as door:
        ada = Program(door, door.bearer, await private_room(door, "ada"))
        answer = await made(ada, **OUTGOING)
        assert "post_to" not in answer.body
        webhook = answer.body["webhook"]
        assert (webhook["url"], webhook["hears"]) == (OUTGOING["url"], "all")
        switched = await ada.ask("PUT", f"{WEBHOOKS}/{webhook['id']}/on")
        assert (switched.status, switched.body) == (200, webhook)
