"""What search engines ask for: which rooms they may read, and where these are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from tornado.web import RequestHandler

from app.chat import public_pages
from app.handlers.base import BaseHandler
from app.handlers.public import address
from app.models import Place

KEPT = "public, max-age=600"


class CrawlerPage(BaseHandler):
    """The same to everybody, whoever they are."""

    action = "public.read"
    knows_visitor = False

    async def places(self) -> list[Place]:
        """Raises TooFast."""
        public_pages.take_turn(self.services, self.client_address)
        return await public_pages.places(self.services)

    def answer(self, content_type: str, lines: Iterator[str]) -> None:
        self.set_header("Content-Type", f"{content_type}; charset=utf-8")
        self.set_header("Cache-Control", KEPT)
        self.write_packed("".join(f"{line}\n" for line in lines).encode())

    def compute_etag(self) -> str | None:
        return RequestHandler.compute_etag(self)


class RobotsHandler(CrawlerPage):
    """GET /robots.txt (RFC 9309): the rooms that may be found, and nothing else."""

    async def get(self) -> None:
        self.answer("text/plain", self.lines(await self.places()))

    head = get

    def lines(self, places: list[Place]) -> Iterator[str]:
        yield "User-agent: *"
        for place in places:
            here = address(place.room)
            yield from (f"Allow: {here}$", f"Allow: {here}/", f"Disallow: {here}/live")
        if places:
            yield "Allow: /static/"
        yield from ("Allow: /sitemap.xml$", "Disallow: /", "", f"Sitemap: {self.settings_.public_url}/sitemap.xml")


class SitemapHandler(CrawlerPage):
    """GET /sitemap.xml (sitemaps.org): the same rooms with their newest days."""

    async def get(self) -> None:
        self.answer("application/xml", self.lines(await self.places()))

    head = get

    def lines(self, places: list[Place]) -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        for place in places:
            here = address(place.room)
            yield self.entry(here, date_of(place.room.last_at or place.room.created_at))
            for day in place.days:
                yield self.entry(f"{here}/{day}", day.isoformat())
        yield "</urlset>"

    def entry(self, path: str, changed: str) -> str:
        return f"<url><loc>{escape(self.settings_.public_url + path)}</loc><lastmod>{changed}</lastmod></url>"


def date_of(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
