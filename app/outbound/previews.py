"""What a link leads to, as a card."""

import asyncio

from app.models import Card
from app.outbound import pages, posts
from app.outbound.fetcher import Fetcher


class Previews:
    """`oembed` is where X tells of posts; tests have one of their own."""

    def __init__(self, fetcher: Fetcher, oembed: str = posts.ENDPOINT) -> None:
        self._fetcher = fetcher
        self._oembed = oembed

    async def card_of(self, url: str) -> Card:
        """Raises Refused, Nothing or Unreachable."""
        if posts.is_post(url):
            answer = await self._fetcher.fetch(posts.question(url, self._oembed), posts.TYPES)
            return posts.card_of(answer, url)
        page = await self._fetcher.fetch(url, pages.TYPES)
        # Half a megabyte of HTML takes up to a second.
        return await asyncio.to_thread(pages.card_of, page, url)
