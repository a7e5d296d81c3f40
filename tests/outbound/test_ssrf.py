"""SECURITY S35: however an address is spelled, and wherever a redirect leads, nothing but the public internet is
reached. `ssrf.json` has the spellings, and where the names in them lead; this is no more than what asks them all."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.outbound.fetcher import Fetcher
from app.outbound.lookup import Endpoint
from app.outbound.outcomes import NotFetched, Refused
from tests.support.web import PUBLIC, Names, Site, allowed, open_site, page, redirect

CASES = json.loads(Path(__file__).with_name("ssrf.json").read_text())
URLS: dict[str, list[str]] = CASES["urls"]
ALL = [url for urls in URLS.values() for url in urls]
HTML = "text/html"
OWN = "https://roost.test"


@dataclass
class World:
    """`inside` listens at every address of this machine; `public` plays a site on the web."""

    fetcher: Fetcher
    names: Names
    inside: Site
    public: Site


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with (
        open_site({"": page("<title>secret</title>")}, everywhere=True) as inside,
        open_site({"": page("<title>public</title>")}) as public,
    ):
        names = Names(CASES["names"] | {"public.test": [PUBLIC]}, {PUBLIC: public.port}, inside.port)
        yield World(Fetcher(OWN, names, allowed), names, inside, public)


def test_there_are_enough_of_them() -> None:
    assert len(set(ALL)) >= 200
    assert len(ALL) == len(set(ALL))


@pytest.mark.parametrize("group", URLS)
async def test_no_spelling_leads_inside(world: World, group: str) -> None:
    for url in URLS[group]:
        with pytest.raises(Refused):
            assert await world.fetcher.fetch(url, HTML) is None, url
    assert (world.inside.connections, world.public.connections) == (0, 0)


@pytest.mark.parametrize("group", URLS)
async def test_nobody_inside_is_told_anything(world: World, group: str) -> None:
    for url in URLS[group]:
        with pytest.raises(Refused):
            assert await world.fetcher.tell(url, b"x", {}, HTML) is None, url
    assert (world.inside.connections, world.public.connections) == (0, 0)


async def test_what_listens_would_have_been_reached_without_the_guard(world: World) -> None:
    open_door = Fetcher(OWN, world.names, lambda _: True)
    for url in ("http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://localhost/"):
        assert b"secret" in (await open_door.fetch(url, HTML)).body
    assert world.inside.connections == 4


@pytest.mark.parametrize("group", URLS)
async def test_no_redirect_leads_inside(world: World, group: str) -> None:
    spelled = [url for url in URLS[group] if "\n" not in url]
    world.public.answers |= {f"/{number}": redirect(url) for number, url in enumerate(spelled)}
    for number in range(len(spelled)):
        try:
            found = await world.fetcher.fetch(f"http://public.test/{number}", HTML)
        except NotFetched:
            continue
        # Some of them are paths of the site that names them.
        assert b"public" in found.body
    assert world.public.connections >= len(spelled)
    assert world.inside.connections == 0


async def test_each_step_of_a_redirect_is_judged(world: World) -> None:
    world.public.answers |= {f"/{number}": redirect(f"/{number + 1}") for number in range(3)}
    world.public.answers["/3"] = redirect("http://both.names.test/")
    with pytest.raises(Refused):
        await world.fetcher.fetch("http://public.test/0", HTML)
    assert (world.public.connections, world.inside.connections) == (4, 0)


async def test_a_name_that_means_another_address_the_second_time_is_asked_once(world: World) -> None:
    class Rebinding(Names):
        async def __call__(self, host: str, port: int) -> list[Endpoint]:
            found = await super().__call__(host, port)
            self.known[host] = ["127.0.0.1"]
            return found

    names = Rebinding({"rebinding.test": [PUBLIC]}, {PUBLIC: world.public.port}, world.inside.port)
    fetcher = Fetcher(OWN, names, allowed)
    assert b"public" in (await fetcher.fetch("http://rebinding.test/", HTML)).body
    assert names.asked == ["rebinding.test"]
    with pytest.raises(Refused):
        await fetcher.fetch("http://rebinding.test/", HTML)
    assert world.inside.connections == 0


async def test_a_name_that_turns_between_two_redirects_is_judged_anew(world: World) -> None:
    world.public.answers |= {"/": redirect("/again")}
    lookups = iter([[PUBLIC], ["127.0.0.1"]])

    class Turning(Names):
        async def __call__(self, host: str, port: int) -> list[Endpoint]:
            self.known[host] = next(lookups)
            return await super().__call__(host, port)

    fetcher = Fetcher(OWN, Turning({}, {PUBLIC: world.public.port}, world.inside.port), allowed)
    with pytest.raises(Refused):
        await fetcher.fetch("http://turning.test/", HTML)
    assert (world.public.connections, world.inside.connections) == (1, 0)
