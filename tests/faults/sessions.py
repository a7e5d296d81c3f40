"""Sessions of browsers, put into the database, and whether the server lets them in."""

import hashlib
import secrets
import time

from tests.faults.board import Person
from tests.faults.community import Community
from tests.faults.server import ServerProcess

XSRF = "0123456789abcdef" * 2


def add_session(
    community: Community, *, expires_after: int = 86_400, seen_before: int = 0, of: Person | None = None
) -> str:
    """One that was last used, and ends, so many seconds from now in true time, of the first person unless of another;
    its token."""
    person = of or community.people[0]
    token, now = secrets.token_urlsafe(32), int(time.time() * 1000)
    seen = now - 1000 * seen_before
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    community.ask(
        "INSERT INTO sessions (user_id, user_agent, created_at, seen_at, expires_at, token_hash)"  # noqa: S608
        f" VALUES ({person.id}, 'test', {seen}, {seen}, {now + 1000 * expires_after}, '{token_hash}')"
    )
    return token


async def opens(server: ServerProcess, token: str) -> bool:
    """Whether the session shows its browser a room, or the way to the sign-in page."""
    status, _ = await server.get("/chat/general", {"Cookie": f"session={token}"})
    assert status in {200, 302}, status
    return status == 200


def cookie_of(token: str) -> dict[str, str]:
    return {"Cookie": f"session={token}"}


async def end_others(server: ServerProcess, token: str) -> None:
    """What the page of the devices does: this session ends all others of its person."""
    headers = {"Cookie": f"session={token}; xsrf={XSRF}", "Origin": server.environment["PUBLIC_URL"]}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    status, body = await server.post("/settings/devices", headers | form, f"_xsrf={XSRF}&session=others")
    assert status == 204, body
