"""Sessions of browsers, put into the database, and whether the server lets them in."""

import hashlib
import secrets
import time

from tests.faults.community import Community
from tests.faults.server import ServerProcess


def add_session(community: Community, *, expires_after: int, seen_before: int = 0) -> str:
    """One that was last used, and ends, so many seconds from now in true time; its token."""
    token, now = secrets.token_urlsafe(32), int(time.time() * 1000)
    seen = now - 1000 * seen_before
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    community.ask(
        "INSERT INTO sessions (user_id, user_agent, created_at, seen_at, expires_at, token_hash)"  # noqa: S608
        f" VALUES ({community.people[0].id}, 'test', {seen}, {seen}, {now + 1000 * expires_after}, '{token_hash}')"
    )
    return token


async def opens(server: ServerProcess, token: str) -> bool:
    """Whether the session shows its browser a room, or the way to the sign-in page."""
    status, _ = await server.get("/chat/general", {"Cookie": f"session={token}"})
    assert status in {200, 302}, status
    return status == 200
