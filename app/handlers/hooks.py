"""Incoming webhooks: whoever has the secret of one posts in its room by a POST to its address."""

from app.chat import hook_posts
from app.errors import BodyTooLarge, MethodUnknown
from app.handlers.nonces import nonce_in
from app.handlers.problems import ProblemHandler
from app.protocol.fields import FRAME_LIMIT
from app.protocol.hooks import read_said
from app.render.slack import markdown_of


class HookHandler(ProblemHandler):
    """POST /hooks/SECRET: a text to be posted, as docs/webhooks.md says. Answered as Slack answers: `ok`."""

    action = "site.visit"
    knows_visitor = False

    @property
    def allowed(self) -> list[str]:
        return ["POST", "OPTIONS"]

    def check_right(self) -> None:
        super().check_right()
        if self.request.method not in self.allowed:
            raise MethodUnknown

    async def post(self, secret: str) -> None:
        caller = await hook_posts.recognise(self.services, self.client_address, secret)
        if len(self.request.body) > FRAME_LIMIT:
            raise BodyTooLarge(FRAME_LIMIT)
        said = read_said(self.request.headers.get("Content-Type", ""), self.request.body)
        text = markdown_of(said.text) if said.is_slack else said.text
        await hook_posts.post(self.services, caller, nonce_in(self.request.headers), text)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.write("ok")
