"""ApiHandler: what every address of the HTTP API shares: who asks, what is read, how it is answered or refused."""

import sys
from collections.abc import Awaitable
from math import ceil
from typing import Any, Literal, NamedTuple, TypeVar, cast

import msgspec
from tornado.http1connection import HTTP1Connection
from tornado.web import stream_request_body

from app.chat import accounts
from app.chat.rights import Action
from app.errors import BodyTooLarge, InsufficientScope, MethodUnknown, NotJson, NotSignedIn, RoostError, TokenNeeded
from app.handlers.live import LiveHandler
from app.handlers.problems import ProblemHandler
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.api import Given
from app.protocol.api_codec import decode_body, read_query
from app.protocol.commands import Command
from app.protocol.events import Event
from app.protocol.fields import FRAME_LIMIT
from app.realtime.exchange import Exchange

ROOT = "/api/v1"
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Answers = dict[int, type[msgspec.Struct] | None]

A = TypeVar("A", bound=Given)
E = TypeVar("E", bound=Event)


class Header(NamedTuple):
    """One of a request. `pattern` is ECMA 262's."""

    name: str
    says: str
    pattern: str = ""
    required: bool = False


class Operation(NamedTuple):
    """What one method of an address takes and gives, as the document says it and the handler does it: the right to
    `action`, and `answers` with the struct of the body for each status, None where there is no body."""

    summary: str
    action: Action
    answers: Answers
    query: type[Given] | None = None
    body: type[Given] | Literal["bytes"] | None = None
    headers: tuple[Header, ...] = ()


@stream_request_body
class ApiHandler(ProblemHandler, LiveHandler):
    """Knows people by a bearer token alone. A cookie says nothing here, so that no page of another site can use it; so
    there are no XSRF tokens, and no CORS."""

    def initialize(self, operations: dict[Method, Operation]) -> None:
        self.operations = operations
        self._given = bytearray()
        if self.method in operations:
            self.action = self.operation.action

    @property
    def operation(self) -> Operation:
        """The one that is asked for."""
        return self.operations[self.method]

    @property
    def method(self) -> Method:
        return cast("Method", "GET" if self.request.method == "HEAD" else self.request.method)

    async def prepare(self) -> None:
        """While the body waits to be read. Of one that is too large the rest is thrown away, within the time that there
        is for any: Tornado answers it with a bare 400."""
        cast("HTTP1Connection", self.request.connection).set_max_body_size(sys.maxsize)
        await super().prepare()

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        if len(self._given) <= FRAME_LIMIT:
            self._given += chunk
        return None

    def check_right(self) -> None:
        """Before anything is done."""
        super().check_right()
        if self.request.method not in self.allowed:
            raise MethodUnknown
        if self.visitor is not None:
            self.services.limits.take(*self.pace)

    def check_request(self) -> None:
        try:
            super().check_request()
        except NotSignedIn:
            raise TokenNeeded from None

    def comes_from_here(self) -> bool:
        """No page of another site can send a bearer token."""
        return True

    @property
    def allowed(self) -> list[str]:
        """The methods that this address takes."""
        return [*self.operations, *(["HEAD"] if "GET" in self.operations else []), "OPTIONS"]

    async def head(self, *args: str) -> None:
        """Tornado leaves the body out."""
        await cast("Any", self).get(*args)

    def query(self, kind: type[A]) -> A:
        """What stands behind the question mark. Raises BadRequest, also for what is unknown here."""
        assert kind is self.operation.query, "the document says so"
        return read_query(self.request.query_arguments, kind)

    def body(self, kind: type[A]) -> A:
        """Raises BodyTooLarge, NotJson or BadRequest."""
        assert kind is self.operation.body, "the document says so"
        if len(self._given) > FRAME_LIMIT:
            raise BodyTooLarge(FRAME_LIMIT)
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise NotJson
        return decode_body(bytes(self._given), kind)

    async def ask(self, command: Command, kind: type[E]) -> E:
        """What a command is answered with, whichever way it comes: the same rights, limits and changes."""
        return await Exchange(self.services, self.signed_in).ask(command, kind)

    def answer(self, value: msgspec.Struct, status: int = 200, location: str | None = None) -> None:
        assert type(value) is self.operation.answers[status], "the document says so"
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        if location is not None:
            self.set_header("Location", location)
        self.tell_rates()
        self.write(msgspec.json.encode(value))

    def done(self) -> None:
        """There is nothing to return."""
        assert self.operation.answers[204] is None, "the document says so"
        self.set_status(204)
        self.tell_rates()

    @property
    def rates(self) -> dict[str, tuple[str, Limit]]:
        """What this request counts for."""
        return {"requests": self.pace}

    def tell_rates(self) -> None:
        """As draft-ietf-httpapi-ratelimit-headers-10 writes it: `q` in `w` seconds, of which `r` are left, and all
        again in `t` seconds."""
        if self.visitor is None or not self.roost.is_open:
            return
        policies, states = [], []
        for name, (key, limit) in self.rates.items():
            left, seconds = self.services.limits.left(key, limit)
            policies.append(f'"{name}";q={limit.most};w={limit.seconds:.0f}')
            states.append(f'"{name}";r={left};t={ceil(seconds)}')
        self.set_header("RateLimit-Policy", ", ".join(policies))
        self.set_header("RateLimit", ", ".join(states))

    def say_what_is_taken(self, error: RoostError) -> None:
        super().say_what_is_taken(error)
        self.tell_rates()
        # RFC 6750 section 3.1
        if isinstance(error, NotSignedIn):
            wrong = ' error="invalid_token"' if self.bearer_token else ""
            self.set_header("WWW-Authenticate", f"Bearer{wrong}")
        if isinstance(error, InsufficientScope):
            self.set_header("WWW-Authenticate", f'Bearer error="insufficient_scope", scope="{error.scope}"')

    async def _recognised(self) -> Visitor | None:
        token = self.bearer_token
        return None if token is None else await accounts.resume_bearer(self.services, token)
