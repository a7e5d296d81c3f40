"""The stand-in over HTTP: two token endpoints, the page where a person says yes or no, two of profiles, pictures."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment
from tornado.httputil import format_timestamp
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from app.standin import answers, guard, tokens
from app.standin.answers import Answer
from app.standin.faults import PictureFault, ProfileFault, TokenFault
from app.standin.people import Person
from app.standin.pictures import picture_of
from app.standin.state import Asked, RequestToken, State

PICTURE = "image/png"
LARGEST = "400x400"
NO_PICTURE = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"
CLOCK_ERROR = timedelta(hours=1)
RATE_LIMIT_SECONDS = 900


class LocalHandler(RequestHandler):
    """Answers nobody but this computer."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

    def prepare(self) -> None:
        if guard.refuses(self.request):
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        self.set_header("Content-Type", answers.TEXT)
        self.write(f"The stand-in for X: {status_code} {HTTPStatus(status_code).phrase}\n")


class StylesHandler(LocalHandler, StaticFileHandler):
    """The one style sheet of the page, so that the stand-in also looks right when it runs alone."""

    def prepare(self) -> None:
        super().prepare()

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")


class NoHandler(LocalHandler):
    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(HTTPStatus.NOT_FOUND)


class ProviderHandler(LocalHandler):
    """Base of the six endpoints: they share one State, and every request to them is noted in it."""

    def initialize(self, state: State) -> None:
        self.state = state
        self._gone = asyncio.Event()

    def prepare(self) -> None:
        super().prepare()
        headers = dict(self.request.headers.get_all())
        self.state.asked.append(Asked(self.request.method or "", self.request.path, self.request.uri or "", headers))

    def on_connection_close(self) -> None:
        self._gone.set()

    def call(self) -> tokens.Call:
        body = self.request.body.decode("utf-8", "replace")
        headers = dict(self.request.headers.get_all())
        return tokens.Call(self.request.full_url(), self.request.method or "", body, headers)

    def answer(self, answer: Answer) -> None:
        self.set_status(answer.status)
        self.set_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        self.write(answer.body)

    async def hang(self) -> None:
        """Keeps the client waiting until it goes away by itself."""
        await self._gone.wait()
        self.cut()

    def cut(self) -> None:
        self.detach().close()


class TokenHandler(ProviderHandler):
    async def misbehave(self, fault: TokenFault | None) -> bool:
        """Whether the request got a faulty answer instead of a true one."""
        match fault:
            case TokenFault.HANG:
                await self.hang()
            case TokenFault.CUT | TokenFault.CUT_ONCE:
                self.cut()
            case TokenFault.WRONG_CLOCK:
                self.set_header("Date", format_timestamp(self.state.clock() + CLOCK_ERROR.total_seconds()))
                self.answer(answers.BAD_TIMESTAMP)
            case _ if fault in answers.TOKEN_FAULTS:
                self.answer(answers.TOKEN_FAULTS[fault])
            case _:
                return False
        return True


class RequestTokenHandler(TokenHandler):
    async def post(self) -> None:
        fault = self.state.faults.request_token
        if fault is TokenFault.CUT_ONCE:
            self.state.faults.request_token = None
        if await self.misbehave(fault):
            return
        answer = tokens.request_token(self.state, self.call())
        if fault is TokenFault.NOT_CONFIRMED:
            answer = answers.form(str(answer.body).replace("confirmed=true", "confirmed=false"))
        self.answer(answer)


class AccessTokenHandler(TokenHandler):
    async def post(self) -> None:
        fault = self.state.faults.access_token
        if await self.misbehave(fault):
            return
        answer = tokens.access_token(self.state, self.call())
        if fault is TokenFault.NO_IDENTITY:
            answer = answers.form(str(answer.body).partition("&user_id=")[0])
        self.answer(answer)


class AuthenticateHandler(ProviderHandler):
    """Where X asks "do you want to sign in?", this page asks "as whom?"."""

    def initialize(self, state: State, templates: Environment) -> None:  # type: ignore[override]
        super().initialize(state)
        self._templates = templates

    def get(self) -> None:
        if token := self.state.waiting_token(self.get_query_argument("oauth_token", "")):
            self.choices(token)
        else:
            self.whoa_there()

    def post(self) -> None:
        token = self.state.waiting_token(self.get_body_argument("oauth_token", ""))
        if token is None:
            self.whoa_there()
        elif self.get_body_argument("cancel", ""):
            self.deny(token)
        elif self.get_body_argument("rename", ""):
            self.rename(token)
        else:
            self.approve(token)

    def choices(self, token: RequestToken, note: str = "") -> None:
        """`form-action` also governs where a form's answer may redirect to, so the client's origin has to be in it."""
        if note:
            self.set_status(HTTPStatus.BAD_REQUEST)
        callback = urlsplit(token.callback)
        self.page(
            f"form-action 'self' {callback.scheme}://{callback.netloc}",
            token=token.key,
            client=callback.netloc,
            people=list(self.state.people),
            note=note,
        )

    def whoa_there(self) -> None:
        self.set_status(HTTPStatus.FORBIDDEN)
        self.page("form-action 'none'", token=None)

    def page(self, form_action: str, **names: object) -> None:
        self.set_header("Content-Security-Policy", f"default-src 'none'; style-src 'self'; {form_action}; {_CLOSED}")
        # The address holds the request token. "no-referrer" would also take the Origin from the form's own POST.
        self.set_header("Referrer-Policy", "same-origin")
        self.write(self._templates.get_template("standin.html").render(names))

    def deny(self, token: RequestToken) -> None:
        self.state.drop_request_token(token.key)
        self.send_back(token, {"denied": token.key})

    def rename(self, token: RequestToken) -> None:
        try:
            self.state.people.rename(self.get_body_argument("rename"), self.get_body_argument("handle", ""))
        except (KeyError, ValueError) as error:
            self.choices(token, str(error.args[0]))
        else:
            self.choices(token)

    def approve(self, token: RequestToken) -> None:
        try:
            person = self._chosen()
        except (KeyError, ValueError) as error:
            return self.choices(token, str(error.args[0]))
        verifier = self.state.approve(token, person)
        reply = {"oauth_token": token.key, "oauth_verifier": verifier}
        if self.state.faults.no_verifier:
            del reply["oauth_verifier"]
        return self.send_back(token, reply)

    def _chosen(self) -> Person:
        person_id = self.get_body_argument("person", "")
        return self.state.people.by_id(person_id) if person_id else self.state.people.called(self._typed_handle())

    def _typed_handle(self) -> str:
        return self.get_body_argument("handle", "")

    def send_back(self, token: RequestToken, reply: dict[str, str]) -> None:
        joint = "&" if urlsplit(token.callback).query else "?"
        self.redirect(token.callback + joint + urlencode(reply))


_CLOSED = "base-uri 'none'; frame-ancestors 'none'"


class ProfileHandler(ProviderHandler):
    """Checks the signature first, also when it is about to fail on purpose: a client gets no way round signing well."""

    async def reply(self, fault: ProfileFault | None) -> None:
        person = tokens.signed_in(self.state, self.call())
        if isinstance(person, Answer):
            self.answer(person)
        elif fault is ProfileFault.HANG:
            await self.hang()
        elif fault is ProfileFault.CUT:
            self.cut()
        elif fault in answers.PROFILE_FAULTS:
            self.set_header("x-rate-limit-reset", str(int(self.state.clock()) + RATE_LIMIT_SECONDS))
            self.answer(answers.PROFILE_FAULTS[fault])
        else:
            self.answer(answers.data(self.profile(_somebody_else(person) if fault else person)))

    def profile(self, person: Person) -> object:
        raise NotImplementedError

    def picture(self, person: Person) -> str:
        """Who has none has X's own drawing, on another host."""
        if not person.has_picture:
            return NO_PICTURE
        base = self.request.path.partition("/2/")[0].partition("/1.1/")[0]
        return f"{self.request.protocol}://{self.request.host}{base}/pictures/{person.id}_normal.png"


class UsersMeHandler(ProfileHandler):
    async def get(self) -> None:
        await self.reply(self.state.faults.users_me)

    def profile(self, person: Person) -> object:
        """As API 2 has it: without the picture unless that is asked for."""
        fields = {"id": person.id, "name": person.name, "username": person.handle}
        if "profile_image_url" in self.get_query_argument("user.fields", "").split(","):
            fields["profile_image_url"] = self.picture(person)
        return {"data": fields}


class VerifyCredentialsHandler(ProfileHandler):
    async def get(self) -> None:
        await self.reply(self.state.faults.verify_credentials)

    def profile(self, person: Person) -> object:
        """As API 1.1 has it: `id` is a number that a browser's or a float's 53 bits cannot hold."""
        return {
            "id": int(person.id),
            "id_str": person.id,
            "name": person.name,
            "screen_name": person.handle,
            "profile_image_url_https": self.picture(person),
        }


class PictureHandler(ProviderHandler):
    """What X's host of pictures does: each lies at an address of its own, in several sizes."""

    async def get(self, person_id: str, size: str) -> None:
        match self.state.faults.picture:
            case PictureFault.HANG:
                await self.hang()
            case PictureFault.CUT:
                self.cut()
            case PictureFault.GONE:
                raise HTTPError(HTTPStatus.NOT_FOUND)
            case PictureFault.LARGE_ONE_GONE if size == LARGEST:
                raise HTTPError(HTTPStatus.NOT_FOUND)
            case PictureFault.ELSEWHERE:
                self.redirect(f"http://127.0.0.2:1{self.request.path}")
            case PictureFault.HTML:
                self.answer(Answer(200, answers.BLOCKED_PAGE, PICTURE))
            case PictureFault.TOO_LONG:
                self.answer(Answer(200, picture_of(person_id) + bytes(4_000_000), PICTURE))
            case _:
                self.answer(Answer(200, picture_of(person_id), PICTURE))


def _somebody_else(person: Person) -> Person:
    return Person(str(int(person.id) + 2), "somebody_else", "Somebody Else")
