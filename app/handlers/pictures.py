"""Brings people's pictures from X, after they are in."""

import asyncio
import logging
import re
from typing import Any

from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from app.chat import avatars
from app.services import Services
from app.values import origin_of

log = logging.getLogger(__name__)

CONNECT_SECONDS, PICTURE_SECONDS, ALL_SECONDS = 2.0, 4.0, 8.0
"""To reach X, for one picture, and for all its sizes together."""
AT_ONCE = 10
NORMAL = re.compile(r"_normal(?=\.\w+$)")
SIZES = ("_400x400", "_bigger", "_normal")
"""In X's addresses: 400 pixels, 73 and 48. The larger ones may be missing."""


class PictureClient(SimpleAsyncHTTPClient):
    """One per event loop. It follows no redirect, so it asks no other host than the one that was checked."""

    def initialize(self, **_options: Any) -> None:  # type: ignore[override]
        super().initialize(
            max_clients=AT_ONCE,
            max_buffer_size=2 * avatars.LARGEST,
            max_body_size=avatars.LARGEST,
            defaults={
                "connect_timeout": CONNECT_SECONDS,
                "request_timeout": PICTURE_SECONDS,
                "follow_redirects": False,
                "decompress_response": False,
            },
        )


async def bring_picture(services: Services, user_id: int, address: str) -> None:
    """Show the picture at this address of X's as the person's. They are in already: whatever happens here ends here.

    An address elsewhere is not asked: X's own drawing for who has no picture lies on another host, and whatever else
    it may be, this server does not reach for it.
    """
    try:
        if origin_of(address) != services.settings.twitter_picture_origin:
            await avatars.drop(services, user_id)
        elif not await avatars.has(services, user_id, address):
            async with asyncio.timeout(ALL_SECONDS):
                await fetch_picture(services, user_id, address)
    except Exception as error:  # noqa: BLE001  nobody waits for this, and the initials are there
        log.warning("no picture of person %d: %s", user_id, str(error) or type(error).__name__)


async def fetch_picture(services: Services, user_id: int, address: str) -> None:
    for each in sizes_of(address):
        try:
            answer = await PictureClient().fetch(each, user_agent=f"Roost (+{services.settings.public_url})")
        except HTTPClientError as error:
            log.info("no picture of person %d in this size: %s", user_id, error)
        else:
            if await avatars.keep(services, user_id, address, answer.body):
                return
    log.warning("no picture of person %d: none that can be shown", user_id)


def sizes_of(address: str) -> list[str]:
    """The addresses of one picture, the best first."""
    return [NORMAL.sub(size, address) for size in SIZES] if NORMAL.search(address) else [address]
