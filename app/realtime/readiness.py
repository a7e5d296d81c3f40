"""Whether the database answers, for whoever watches this server."""

import asyncio

from app.errors import RoostError
from app.services import Services
from app.storage import epoch

ASKED_EVERY = 1.0
PATIENCE = 2.0
"""Seconds."""


class Readiness:
    """However many ask, and however often: the database is asked once a second at most, and not again while it owes an
    answer. Nobody waits longer than PATIENCE."""

    def __init__(self) -> None:
        self._question: asyncio.Task[bool] | None = None
        self._asked_at = 0.0

    async def database_answers(self, services: Services) -> bool:
        now = services.clock.monotonic()
        question = self._question
        if question is None or (question.done() and now - self._asked_at >= ASKED_EVERY):
            question = self._question = asyncio.get_running_loop().create_task(ask(services))
            self._asked_at = now
        await asyncio.wait((question,), timeout=max(0.0, self._asked_at + PATIENCE - now))
        return question.done() and question.result()


async def ask(services: Services) -> bool:
    try:
        await services.store.read(epoch.of)
    except RoostError:
        return False
    return True
