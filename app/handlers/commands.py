"""The way up where WebSocket is blocked: /command. Events come down by /stream."""

from app.errors import BadRequest
from app.handlers.live import LiveHandler
from app.protocol.codec import encode_event
from app.protocol.fields import FRAME_LIMIT
from app.realtime.exchange import Exchange


class CommandHandler(LiveHandler):
    """POST /command: one command as JSON, answered by its reply event as JSON, an `error` included.

    Works in whichever process gets it, wherever the person's stream is.
    """

    def check_xsrf_cookie(self) -> None:
        """Who brings a bearer token is not known by a cookie, and a page of another site has nothing else to use."""
        if self.bearer_token is None:
            super().check_xsrf_cookie()

    async def post(self) -> None:
        if len(self.request.body) > FRAME_LIMIT:
            raise BadRequest("A command holds at most {limit} bytes.", limit=FRAME_LIMIT)
        self.services.limits.take(*self.pace)
        answer = await Exchange(self.services, self.signed_in).answer(self.request.body)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.write(encode_event(answer))
