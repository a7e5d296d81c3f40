"""How often X is asked what somebody is called: each answer costs a little (SIGNIN X9)."""

from app.services import Services
from app.storage import users

FRESH = 24 * 3_600_000
"""Milliseconds for which a name from X is good."""


async def is_due(services: Services, twitter_id: str) -> bool:
    """Whether X may be asked for the profile of this X id: the first time, then once a day at most."""
    user = await services.store.read(users.by_twitter_id, twitter_id)
    return user is None or user.profile_at is None or user.profile_at + FRESH <= services.clock.now()
