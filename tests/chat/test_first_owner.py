"""The code in the log that makes the first owner, once."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from app.chat import acts, first_owner
from app.chat.accounts import token_hash
from app.errors import TooFast, WrongCode
from app.models import Visitor
from app.protocol import events
from app.storage import setup_codes
from app.storage.tables import meta
from tests.support.house import House, open_house


async def code_of(house: House) -> str:
    code = await first_owner.new_code(house.services)
    assert code is not None
    return code


async def test_who_enters_the_code_is_owner_and_everybody_hears_of_it(house: House, ana: Visitor, bo: Visitor) -> None:
    code = await code_of(house)
    client = await house.connect(bo)
    owner = await first_owner.claim(house.services, ana, "10.0.0.1", f" {code}\n")
    assert owner.role == "owner"
    (changed,) = await client.hears(events.PersonChanged)
    assert (changed.person.id, changed.person.role) == (ana.user.id, "owner")
    ana = await house.sign_in("ana")
    (act,) = (await acts.page(house.services, ana, before=None, limit=9)).acts
    assert (act.what, act.actor_id, act.details["after"]) == ("role.claim", ana.user.id, "owner")


async def test_it_works_once_and_then_there_is_no_other(house: House, ana: Visitor, bo: Visitor) -> None:
    code, other = await code_of(house), await code_of(house)
    await first_owner.claim(house.services, ana, "10.0.0.1", code)
    for used in (code, other):
        with pytest.raises(WrongCode):
            await first_owner.claim(house.services, bo, "10.0.0.2", used)
    assert await first_owner.new_code(house.services) is None
    assert not await first_owner.is_wanted(house.services)


async def test_of_two_who_enter_codes_at_once_one_is_owner(house: House, ana: Visitor, bo: Visitor) -> None:
    codes = [await code_of(house), await code_of(house)]
    claims = [first_owner.claim(house.services, who, f"10.0.0.{n}", codes[n]) for n, who in enumerate((ana, bo))]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["User", "WrongCode"]


async def test_the_codes_of_several_servers_all_work_and_are_kept_as_hashes(house: House, ana: Visitor) -> None:
    codes = [await code_of(house) for _ in range(3)]
    kept = await house.services.store.read(setup_codes.read)
    assert kept == [token_hash(code) for code in codes]
    values = await house.services.store.read(lambda connection: list(connection.scalars(select(meta.c.value))))
    assert not any(code in value for code in codes for value in values)
    await first_owner.claim(house.services, ana, "10.0.0.1", codes[0])
    assert await house.services.store.read(setup_codes.read) == []


async def test_a_wrong_code_makes_nobody_owner(house: House, ana: Visitor) -> None:
    code = await code_of(house)
    for wrong in ("", "x", code[:-1], code.swapcase(), token_hash(code)):
        with pytest.raises(WrongCode):
            await first_owner.claim(house.services, ana, "10.0.0.1", wrong)
    assert (await house.sign_in("ana")).user.role == "member"


async def test_codes_are_tried_slowly_by_a_person_and_from_an_address(house: House, ana: Visitor, bo: Visitor) -> None:
    code = await code_of(house)
    for n in range(5):
        with pytest.raises(WrongCode):
            await first_owner.claim(house.services, ana, f"10.0.0.{n % 2}", "wrong")
    with pytest.raises(TooFast):
        await first_owner.claim(house.services, ana, "10.0.0.9", code)
    for _ in range(2):
        with pytest.raises(WrongCode):
            await first_owner.claim(house.services, bo, "10.0.0.0", "wrong")
    with pytest.raises(TooFast):
        await first_owner.claim(house.services, bo, "10.0.0.0", code)


async def test_where_owners_are_named_by_their_handles_there_is_no_code(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"OWNER_HANDLES": "bo"}) as house:
        assert await first_owner.new_code(house.services) is None
        await house.services.store.write(setup_codes.add, token_hash("of a time before"))
        with pytest.raises(WrongCode):
            await first_owner.claim(house.services, await house.sign_in("ana"), "10.0.0.1", "of a time before")


async def test_an_owner_who_is_expected_is_waited_for(house: House, ana: Visitor) -> None:
    await house.appoint(ana, "owner")
    assert await first_owner.new_code(house.services) is None
