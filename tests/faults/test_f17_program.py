"""F17: a program that was let in by a code talks until its person ends it (DELIVERY D15; SECURITY S7)."""

import asyncio
import json
from typing import Any

import pytest

from tests.faults.board import Person
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.load import until
from tests.faults.server import ServerProcess
from tests.faults.sessions import XSRF, add_session
from tests.faults.test_f17_removal import ENGINES, THERE
from tests.faults.witness import Witness

SESSION_ENDED = 3500


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_program_is_let_in_by_one_node_asks_the_other_and_is_put_out_by_both(
    community: Community, nodes: list[ServerProcess], figure: Figure, engine: Engine
) -> None:
    person = community.people[0]
    first, last = nodes[0], nodes[-1]
    desk = add_session(community, of=person)
    asked = await answered(first, "/device/code", {"name": "terminal on laptop"})
    assert await answered(last, "/device/token", asked) == {"error": "authorization_pending"}
    await form(last, "/device", desk, f"code={asked['user_code']}&answer=approve", status=303)
    await asyncio.sleep(asked["interval"])
    given = await answered(first, "/device/token", asked)
    assert given["person"]["id"] == person.id

    programs = [program for node in nodes for program in await programs_of(given["access_token"], node)]
    said = await programs[0].ask({"type": "message.send", "room": 1, "nonce": 16 * "n", "text": "by a program"})
    assert said["type"] == "sent"
    token = token_of(community, person)
    at = asyncio.get_running_loop().time()
    await form(first, "/settings/devices", desk, f"token={token}", status=204)
    for program in programs:
        await until(lambda program=program: program.code is not None)  # type: ignore[misc]
    seconds = asyncio.get_running_loop().time() - at
    assert [program.code for program in programs] == [SESSION_ENDED] * len(programs)
    for node in nodes:
        status, _ = await node.get("/stream", {"Authorization": f"Bearer {given['access_token']}"})
        assert status == 401

    figure(f"F17  {engine}: a program was put out of {len(nodes)} nodes within {seconds:.3f} s")
    assert seconds <= THERE


async def answered(node: ServerProcess, path: str, given: dict[str, str]) -> dict[str, Any]:
    fields = {name: given[name] for name in ("name", "device_code") if name in given}
    _, body = await node.post(path, {"Content-Type": "application/json"}, json.dumps(fields))
    answer = json.loads(body)
    return {"error": answer["error"]} if "error" in answer else answer


async def form(node: ServerProcess, path: str, session: str, fields: str, status: int) -> None:
    headers = {"Cookie": f"session={session}; xsrf={XSRF}", "Origin": node.environment["PUBLIC_URL"]}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    assert (await node.post(path, headers | form, f"_xsrf={XSRF}&{fields}"))[0] == status


async def programs_of(bearer: str, node: ServerProcess) -> list[Witness]:
    headers = {"Authorization": f"Bearer {bearer}"}
    return [
        await Witness(headers, node.address).open(),
        await Witness(headers, node.address, stream=True, rooms=["1"]).open(),
    ]


def token_of(community: Community, person: Person) -> int:
    ((token,),) = community.ask(
        f"SELECT id FROM tokens WHERE user_id = {person.id} AND name = 'terminal on laptop'"  # noqa: S608
    )
    return int(token)
