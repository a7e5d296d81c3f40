"""What the ways into the live protocol share: who may come in, and from where."""

from app.chat import accounts
from app.chat.rights import Action
from app.errors import Forbidden, RoostError, Unavailable
from app.handlers.base import BaseHandler, refusal
from app.memory.limits import Limit
from app.models import Visitor


class LiveHandler(BaseHandler):
    """Lets in a browser with a session's cookie, from our own pages only, and a program with a bearer token.

    Answers 401 to who is not signed in, 403 to a page of another site, 429 to an address that was refused too often,
    503 to who would stay while this process takes leave of those who are here.
    A wrong token is refused whatever cookie comes with it.
    """

    action: Action = "chat.use"

    stays = False
    """Whether a connection begins here, which the farewell would not know of any more."""

    def check_right(self) -> None:
        if self.stays and not self.roost.takes_visitors:
            raise Unavailable
        try:
            self.check_request()
        except RoostError:
            self.services.limits.take(f"connect:{self.client_address}", self._refusals)
            raise

    def check_request(self) -> None:
        """Raises NotSignedIn, Forbidden, or what else keeps this request out."""
        super().check_right()
        if not self.comes_from_here():
            raise Forbidden

    def comes_from_here(self) -> bool:
        """A browser sends the cookie along whatever page asks, so a cookie alone proves nothing (SECURITY S15). No page
        of another site can send a bearer token."""
        headers = self.request.headers
        return (
            self.bearer_token is not None
            or headers.get("Origin") == self.settings_.public_origin
            or headers.get("Sec-Fetch-Site") == "same-origin"
        )

    def show_error(self, error: RoostError | None) -> None:
        """No person sees a page here: a sentence in plain text."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.write((error or refusal(self.get_status())).message)

    async def _recognised(self) -> Visitor | None:
        token = self.bearer_token
        return await super()._recognised() if token is None else await accounts.resume_bearer(self.services, token)

    @property
    def pace(self) -> tuple[str, Limit]:
        """What counts the person's commands that come as requests: a connection carries its own out one after the
        other, requests come side by side."""
        return f"command:{self.person.id}", Limit(self.settings_.limit_commands_per_10_seconds, 10)

    @property
    def _refusals(self) -> Limit:
        return Limit(self.settings_.limit_connect_per_minute, 60)
