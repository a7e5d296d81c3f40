"""Does what is to be done after delivery: jobs that wait in the database, a few at a time."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from app.errors import RoostError
from app.models import Job, NotBegun
from app.services import Services
from app.storage import jobs

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Of each kind, so that webhooks whose sites are slow hold up no cards. Whose webhooks get one of these is for the
database to say (app/storage/jobs.py)."""
CLAIM = 60.0
"""Seconds for which a job belongs to who took it: longer than it may take. After that it is somebody else's."""
LOOK_EVERY = 5.0
"""Seconds between two looks for what others have left, or what is due again."""
MOST_TRIES = 6

Again = float | NotBegun | None
"""After how many seconds a job is to be tried again; None: never."""
Do = Callable[[Services, Job], Awaitable[Again]]
"""Does a job. Returns whether it is to be tried again."""


class Worker:
    """One per process. Every job is done at least once, by one process at a time: each takes what no other has, and
    what is not finished in time, because its process died, is taken again. After the sixth time it is given up.

    It leaves alone what is of none of its `kinds`: while a release rolls out, a newer process does that.
    """

    def __init__(self, services: Services, kinds: Mapping[str, Do]) -> None:
        self._services = services
        self._kinds = kinds
        self._running: dict[asyncio.Task[None], Job] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """What is under way is left for whoever takes it next."""
        tasks = [*self._running, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._services.jobs.clear()
            try:
                await self._begin()
            except RoostError as error:
                log.warning("jobs cannot be taken: %s", error)
            except Exception:
                log.exception("taking jobs broke")
            with suppress(TimeoutError):
                # Not `wait_for`, which may take a cancelling for the end of the wait.
                async with asyncio.timeout(LOOK_EVERY):
                    await self._services.jobs.wait()

    async def _begin(self) -> None:
        running = Counter(job.what for job in self._running.values())
        free = {kind: AT_ONCE - running[kind] for kind in self._kinds}
        if not any(free.values()):
            return
        now = self._services.clock.steady()
        told = [job.webhook_id for job in self._running.values() if job.webhook_id is not None]
        taken = await self._services.store.write(jobs.take, now, now + int(CLAIM * 1000), free, told)
        for job in taken:
            task = asyncio.get_running_loop().create_task(self._do(job))
            self._running[task] = job
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        # There is room for one more.
        self._services.jobs.set()

    async def _do(self, job: Job) -> None:
        try:
            await self._settle(job, await self._outcome(job))
        except RoostError as error:
            log.warning("job %d is left until its claim ends: %s", job.id, error)

    async def _outcome(self, job: Job) -> Again:
        if job.tries > MOST_TRIES:
            log.error("job %d is given up, since nobody came to an end with it: %s", job.id, job.what)
            return None
        try:
            return await self._kinds[job.what](self._services, job)
        except RoostError:
            raise
        except Exception:
            log.exception("job %d broke: %s", job.id, job.what)
            return CLAIM

    async def _settle(self, job: Job, again: Again) -> None:
        write, now = self._services.store.write, self._services.clock.steady()
        if isinstance(again, NotBegun):
            await write(jobs.put_off, job, now + int(again.seconds * 1000), counted=False)
        elif again is None or job.tries >= MOST_TRIES:
            await write(jobs.finish, job, now)
        else:
            await write(jobs.put_off, job, now + int(again * 1000))
