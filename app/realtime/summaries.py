"""What messages tell of their threads, made right once a second: one change of the room, however much is said. And
direct rooms of which perhaps nobody has heard."""

import asyncio
import logging

from app.chat import direct, threads
from app.errors import RoostError
from app.services import Services

log = logging.getLogger(__name__)


class Summaries:
    """It has a task of its own, so that nothing else waits for a database that hangs. What could not be told stays
    remembered for the next time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if (self._services.stirred or self._services.begun) and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._sum_up())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _sum_up(self) -> None:
        try:
            await direct.tell_begun(self._services)
            await threads.sum_up(self._services)
        except RoostError as error:
            log.warning("threads are summed up later: %s", error)
        except Exception:
            log.exception("the summary of a thread broke")
        finally:
            self._task = None
