"""/api/v1/files: what handlers/test_uploads.py has is not tested again."""

from tests.support.api import Program
from tests.support.door import Door
from tests.support.house import new_nonce


async def test_a_file_is_sent_and_goes_with_a_message(ada: Program) -> None:
    key = {"Idempotency_Key": new_nonce(), "X_File_Name": "caf%C3%A9.txt"}
    file = await ada.ask("POST", f"/files?room={ada.room}", b"what I saw\n", **key)
    assert (file.status, file.body["name"]) == (200, "café.txt")
    assert (await ada.ask("POST", f"/files?room={ada.room}", b"what I saw\n", **key)).body == file.body
    posted = await ada.ask("POST", "/rooms/ROOM/messages", {"files": [file.body["id"]], "alts": ["notes"]})
    assert (posted.status, posted.body["message"]["files"]) == (201, [file.body | {"alt": "notes"}])


async def test_a_refusal_is_a_problem_like_others(ada: Program) -> None:
    answer = await ada.ask("POST", f"/files?room={ada.room}", b"a")
    assert (answer.status, answer.body["code"]) == (400, "bad_request")
    assert answer.headers["content-type"] == "application/problem+json"
    answer = await ada.ask("POST", "/files?room=999999", b"a", Idempotency_Key=new_nonce())
    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert (await ada.ask("GET", "/files?room=ROOM")).status == 405


async def test_a_session_s_cookie_sends_no_file(door: Door, ada: Program) -> None:
    nobody = Program(door, "", ada.room)
    sent = {"Idempotency_Key": new_nonce()} | door.signed_in
    assert (await nobody.ask("POST", f"/files?room={ada.room}", b"a", **sent)).status == 401
