"""Letting a program in that has no browser at hand, and out: what the program asks, and the page of who lets it in."""

import logging
from http import HTTPStatus

import msgspec

from app.chat import access, device_codes, programs
from app.errors import BadRequest, RoostError, SignInAgain, TooFast, WrongUserCode
from app.handlers.base import BaseHandler
from app.handlers.inside import InsideHandler
from app.models import DeviceCode
from app.protocol.device import (
    CodeGiven,
    CodeWanted,
    EndWanted,
    Owner,
    Refusal,
    TokenEnded,
    TokenGiven,
    TokenWanted,
    decode,
)

log = logging.getLogger(__name__)

MINUTE = 60_000
ANSWERS = {"approve": "approved", "refuse": "refused"}


class GrantHandler(BaseHandler):
    """What a program asks is answered in JSON, errors too (RFC 8628). It is known by no cookie, so there is nothing
    that a page of another site could use."""

    action = "site.visit"
    knows_visitor = False

    def check_xsrf_cookie(self) -> None:
        """Nobody is known here."""

    def say(self, answer: CodeGiven | TokenGiven | TokenEnded | Refusal) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.write(msgspec.json.encode(answer))

    def _wants_json(self) -> bool:
        return True

    def _write_json_error(self, error: RoostError) -> None:
        self.say(Refusal(error.code, self.in_words(error)))


class DeviceCodeHandler(GrantHandler):
    """POST /device/code: two codes for a program that asks to be let in."""

    async def post(self) -> None:
        wanted = decode(self.request.body, CodeWanted)
        codes = await device_codes.ask(self.services, self.client_address, wanted.name, wanted.scope)
        page, user_code = f"{self.settings_.public_url}/device", device_codes.shown(codes.user_code)
        self.say(
            CodeGiven(
                device_code=codes.device_code,
                user_code=user_code,
                verification_uri=page,
                verification_uri_complete=f"{page}?code={user_code}",
                expires_in=device_codes.LIFE // 1000,
                interval=device_codes.INTERVAL,
            )
        )


class DeviceTokenHandler(GrantHandler):
    """POST /device/token: the program's bearer token, once somebody has approved it."""

    async def post(self) -> None:
        wanted = decode(self.request.body, TokenWanted)
        token, user = await device_codes.redeem(self.services, wanted.device_code)
        log.info("a program of person %d is let in: request %s", user.id, self.request_id)
        self.say(TokenGiven(access_token=token, person=Owner(user.id, user.handle, user.name)))


class DeviceRevokeHandler(GrantHandler):
    """POST /device/revoke: the program does not need its token any more (RFC 7009). Whoever has a token may end it."""

    async def post(self) -> None:
        wanted = decode(self.request.body, EndWanted)
        await programs.end_by_holder(self.services, self.client_address, wanted.token)
        self.say(TokenEnded())


class DeviceHandler(InsideHandler):
    """GET /device: asks for the code that the program shows; with ?code, which program it is. POST: the answer,
    `approve` or `refuse`. A GET approves nothing. To approve takes a fresh sign-in, to which the page leads: a form's
    own answer may not (SECURITY S14)."""

    action = "settings.change"

    @property
    def wanted_page(self) -> str:
        code = device_codes.typed(self._given())
        return f"{self.request.path}?code={device_codes.shown(code)}" if code else self.request.path

    async def get(self) -> None:
        done = next((each for each in ANSWERS.values() if each in self.request.query_arguments), None)
        if done or not self._given():
            self.show(done=done)
            return
        try:
            self.show(await device_codes.look_up(self.services, self.signed_in, self._given()))
        except (WrongUserCode, TooFast) as refusal:
            self.show(refusal=refusal)

    async def post(self) -> None:
        answer = self.get_body_argument("answer", "")
        if answer not in ANSWERS:
            raise BadRequest("The answer is approve or refuse.")
        try:
            await device_codes.answer(self.services, self.signed_in, self._given(), approved=answer == "approve")
        except SignInAgain:
            self.redirect(self.wanted_page, status=HTTPStatus.SEE_OTHER)
            return
        except (WrongUserCode, TooFast) as refusal:
            self.show(refusal=refusal)
            return
        log.info("person %d has %s a program: request %s", self.person.id, ANSWERS[answer], self.request_id)
        self.redirect(f"{self.request.path}?{ANSWERS[answer]}", status=HTTPStatus.SEE_OTHER)

    def show(
        self, program: DeviceCode | None = None, refusal: WrongUserCode | TooFast | None = None, done: str | None = None
    ) -> None:
        """The field, the program, or what was answered."""
        if refusal:
            self.say_when_to_return(refusal)
        self.page(
            "device.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            person=self.person,
            program=program,
            minutes=(self.services.clock.steady() - program.asked_at) // MINUTE if program else 0,
            code=device_codes.shown(device_codes.typed(self._given())) if program else self._given(),
            is_fresh=access.is_fresh(self.signed_in, self.services.clock.steady()),
            here=self.wanted_page,
            error_text=self.in_words(refusal) if refusal else None,
            done=done,
            xsrf_form_html=self.xsrf_form_html,
        )

    def _given(self) -> str:
        return self.get_argument("code", "")
