"""What somebody takes along: all of theirs, nothing of others', in pieces."""

import json
from typing import Any

import pytest

from app.chat import avatars, blocks, direct, drafts, export, memberships, removal, room_preferences, rooms, webhooks
from app.errors import TooFast
from app.models import Visitor
from app.storage import tokens
from tests.chat.test_files import bring, post
from tests.support.house import GENERAL, House

PNG = b"\x89PNG\r\n\x1a\n" + bytes(10)


async def exported(house: House, visitor: Visitor) -> dict[str, Any]:
    whole = b"".join([piece async for piece in export.pieces(house.services, visitor)])
    found: dict[str, Any] = json.loads(whole)
    return found


async def test_everything_of_a_person_is_in_it_and_nothing_of_others(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.sign_in("ana_b", twitter_id="x-ana", name='Ana "B" Ж')
    await house.post(ana, "mine, \u2028 with ✨")
    await house.post(bo, "not mine, @ana_b")
    await room_preferences.change(house.services, ana, GENERAL, favourite=True, level="mentions")
    await avatars.keep(house.services, ana.user.id, "https://x.example/1.png", PNG)
    await blocks.block(house.services, ana, bo.user.id)
    await drafts.save(house.services, ana, GENERAL, "half a thought")
    await house.services.store.write(tokens.create, ana.user.id, "robot", "hash of a token", 5, "manage")

    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    wanted = webhooks.Wanted("outgoing", "Weather", "https://site.test/")
    hook, secret = await webhooks.make(house.services, ana, attic.id, wanted)

    found = await exported(house, ana)
    assert found["exported_at"] == house.clock.now()
    assert found["person"]["x_id"] == "x-ana"
    assert (found["person"]["handle"], found["person"]["name"]) == ("ana_b", 'Ana "B" Ж')
    assert [each["handle"] for each in found["former_handles"]] == ["ana"]
    assert found["picture"]["content_type"] == "image/png"
    assert found["preferences"]["theme"] == "system"
    assert [each["browser"] for each in found["devices"]] == ["a browser"] * 2
    assert found["programs"] == [{"name": "robot", "scope": "manage", "since": 5, "used_at": None}]
    told = {"room": attic.id, "kind": "outgoing", "url": "https://site.test/", "hears": "mentions"}
    assert found["webhooks"] == [{**told, "since": hook.webhook.made_at}]
    assert found["blocked"] == [{"handle": "bo", "name": "bo"}]
    assert [each["text"] for each in found["drafts"]] == ["half a thought"]
    assert [(each["slug"], each["favourite"], each["level"]) for each in found["rooms"]] == [
        ("general", True, "mentions"),
        (attic.slug, False, "default"),
    ]
    assert found["mentioned_in"] == [{"room": GENERAL, "number": 2}]
    (message,) = found["messages"]
    assert (message["room"], message["text"]) == (GENERAL, "mine, \u2028 with ✨")
    for hidden in ("hash of a token", secret, house.tokens[ana.user.id], "not mine"):
        assert hidden not in json.dumps(found, ensure_ascii=False)


async def test_the_files_of_ones_messages_are_listed_with_their_addresses(house: House, ana: Visitor) -> None:
    sent, removed = await bring(house, ana, "notes.txt"), await bring(house, ana)
    for each in (sent, removed):
        await post(house, ana, each)
    await removal.remove(house.services, ana, GENERAL, 2)
    (listed,) = (await exported(house, ana))["files"]
    assert (listed["room"], listed["number"], listed["name"]) == (GENERAL, 1, "notes.txt")
    assert listed["address"] == f"/files/{sent.id}"


async def test_messages_come_in_their_order_however_many_there_are(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PORTION", 3)
    annex, _ = await rooms.create(house.services, ana, "Annex", "public")
    for number in range(10):
        await house.post(ana if number % 4 else bo, str(number))
        await house.post(ana, f"annex {number}", annex.id)
    said = [(each["room"], each["text"]) for each in (await exported(house, ana))["messages"]]
    general = [(GENERAL, str(number)) for number in range(10) if number % 4]
    assert said == [*general, *((annex.id, f"annex {number}") for number in range(10))]


async def test_who_has_written_nothing_gets_a_whole_file_too(house: House, ana: Visitor) -> None:
    found = await exported(house, ana)
    assert (found["messages"], found["picture"]) == ([], None)


async def test_a_private_room_that_one_has_left_keeps_its_name_for_itself(house: House, ana: Visitor) -> None:
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    await house.post(ana, "said there", attic.id)
    await memberships.leave(house.services, ana, attic.id)
    found = await exported(house, ana)
    (left,) = [each for each in found["rooms"] if each["id"] == attic.id]
    assert left["left_at"] == house.clock.now()
    assert "Attic" not in json.dumps(found)
    assert [each["text"] for each in found["messages"]] == ["said there"]


async def test_nobody_exports_all_the_time(house: House, ana: Visitor) -> None:
    for _ in range(export.PACE.most):
        await exported(house, ana)
    with pytest.raises(TooFast):
        await exported(house, ana)


async def test_a_talk_is_named_by_the_others_and_not_told_before_its_first_message(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    room = (await direct.open_room(house.services, bo, [ana.user.id])).room
    assert [each["id"] for each in (await exported(house, ana))["rooms"]] == [GENERAL]
    await house.post(ana, "to bo alone", room.id)
    found = await exported(house, ana)
    assert [each.get("with") for each in found["rooms"]] == [None, ["bo"]]
    assert (found["messages"][0]["room"], found["messages"][0]["text"]) == (room.id, "to bo alone")
