"""/api/v1/rooms/ID/messages/NUMBER/reactions/EMOJI."""

from urllib.parse import quote

import pytest

from tests.support.api import Program

THUMB = quote("👍")


async def reactions(program: Program) -> dict[str, list[int]]:
    message = (await program.ask("GET", "/rooms/ROOM/messages/1")).body["message"]
    return {each["emoji"]: each["people"] for each in message.get("reactions", [])}


async def test_an_emoji_is_put_on_a_message_and_taken_back(ada: Program) -> None:
    await ada.post()
    me = (await ada.ask("GET", "/me")).body["person"]["id"]
    for _ in range(2):
        assert (await ada.ask("PUT", f"/rooms/ROOM/messages/1/reactions/{THUMB}")).status == 204
        assert await reactions(ada) == {"👍": [me]}
    for _ in range(2):
        assert (await ada.ask("DELETE", f"/rooms/ROOM/messages/1/reactions/{THUMB}")).status == 204
        assert await reactions(ada) == {}


@pytest.mark.parametrize("emoji", ["👍🏽", "❤️", "👩‍👩‍👧‍👦", "#️⃣"])
async def test_emoji_of_several_characters_are_one(ada: Program, emoji: str) -> None:
    await ada.post()
    assert (await ada.ask("PUT", f"/rooms/ROOM/messages/1/reactions/{quote(emoji)}")).status == 204
    assert len(await reactions(ada)) == 1


@pytest.mark.parametrize(
    ("emoji", "code"),
    [("x", "unknown_emoji"), ("%00", "unknown_emoji"), ("%2F", "unknown_emoji"), ("%F0%9F", "bad_request")],
)
async def test_what_is_no_emoji_is_refused(ada: Program, emoji: str, code: str) -> None:
    await ada.post()
    answer = await ada.ask("PUT", f"/rooms/ROOM/messages/1/reactions/{emoji}")
    assert (answer.status, answer.body["code"]) == (400, code)


async def test_a_message_that_is_not_there_takes_none(ada: Program) -> None:
    assert (await ada.ask("PUT", f"/rooms/ROOM/messages/7/reactions/{THUMB}")).status == 404
