"""A platform: releases of a slug with a configuration, a one-off dyno for `release` before each, web dynos after it."""

import asyncio
import itertools
from collections.abc import Mapping

from tests.flows.platform.dyno import Dyno
from tests.flows.platform.router import Router
from tests.flows.platform.slug import Slug


class Platform:
    """An app and its router. A release whose command fails is not deployed: slug, configuration and dynos stay as they
    were."""

    def __init__(self, slug: Slug, router: Router, config: Mapping[str, str], web: int = 2) -> None:
        self.slug = slug
        self.router = router
        self.config = dict(config)
        self.web: list[Dyno] = []
        self.past: list[Dyno] = []
        """Web dynos that are gone."""
        self.releases: list[Dyno] = []
        self._all: list[Dyno] = []
        self._formation = web
        self._numbers = itertools.count(1)

    async def deploy(self, slug: Slug | None = None, config: Mapping[str, str] | None = None) -> bool:
        """A push, a changed configuration or a roll-back: they are the same to an app. New dynos start at the moment
        the old ones are told to stop, and take requests as soon as they have bound their port."""
        slug, config = slug or self.slug, dict(self.config if config is None else config)
        if await self.release(slug, config) != 0:
            return False
        self.slug, self.config = slug, config
        await self.restart()
        return True

    async def release(self, slug: Slug, config: Mapping[str, str]) -> int:
        """The exit status of the release phase alone."""
        release = self._dyno(f"release.{next(self._numbers)}", slug, slug.commands()["release"], config)
        self.releases.append(release)
        await release.start()
        return await release.ended()

    async def restart(self) -> None:
        """As it happens to every dyno once a day."""
        old, self.web = self.web, []
        self.web, _ = await asyncio.gather(self._start(), self._retire(old))

    async def stop_one(self, dyno: Dyno) -> float:
        """Take a dyno away and start none in its place; the seconds that took."""
        begun = asyncio.get_running_loop().time()
        self.web.remove(dyno)
        await self._retire([dyno])
        return asyncio.get_running_loop().time() - begun

    async def run(self, arguments: str) -> str:
        """What `manage.py` says in a one-off dyno."""
        command = f"exec python manage.py {arguments}"
        dyno = self._dyno(f"run.{next(self._numbers)}", self.slug, command, self.config)
        await dyno.start()
        assert await dyno.ended() == 0, dyno.said
        return dyno.said

    async def stop(self) -> None:
        """Nothing of it is left, even of what did not come up."""
        await self._retire(self.web)
        for dyno in self._all:
            await dyno.remove()

    @property
    def faults(self) -> list[str]:
        """Everything that a platform's operator would be told of."""
        dynos = [*self.past, *self.web]
        return [*self.router.faults, *(fault for dyno in dynos for fault in dyno.faults)]

    @property
    def said(self) -> str:
        """The logs of all web dynos, from the first to the last."""
        return "".join(dyno.said for dyno in [*self.past, *self.web])

    def _dyno(self, name: str, slug: Slug, command: str, config: Mapping[str, str]) -> Dyno:
        dyno = Dyno(name, slug, command, config)
        self._all.append(dyno)
        return dyno

    async def _start(self) -> list[Dyno]:
        command = self.slug.commands()["web"]
        names = [f"web.{number + 1}" for number in range(self._formation)]
        dynos = [self._dyno(name, self.slug, command, self.config) for name in names]
        await asyncio.gather(*map(self._boot, dynos))
        return dynos

    async def _boot(self, dyno: Dyno) -> None:
        await dyno.start()
        if await dyno.bound():
            self.router.dynos.append(dyno.port)

    async def _retire(self, dynos: list[Dyno]) -> None:
        self.past += dynos
        for dyno in dynos:
            if dyno.port in self.router.dynos:
                self.router.dynos.remove(dyno.port)
        await asyncio.gather(*[dyno.stop() for dyno in dynos])
