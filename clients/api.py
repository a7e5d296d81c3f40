"""The HTTP API of a server (docs/api.md), for programs that wait for each answer."""

from time import monotonic, sleep
from typing import TypeVar

import msgspec
import requests
from requests.auth import AuthBase

from app.protocol.api import ProblemDetails
from app.protocol.close_codes import CloseCode
from app.protocol.events import Problem
from clients.address import address_of
from clients.failures import BadAddress, ClientError, Incompatible, Refused, SignedOut, Unreachable
from clients.returning import Returning
from clients.wire import retry_after

ROOT = "/api/v1"
TIMEOUT = (10.0, 30.0)
"""Seconds: to connect, and until something of the answer comes."""
LATER = frozenset((429, 502, 503, 504))
"""What the server, or what stands before it, says where the same works later."""
PROBLEMS = 400
"""The first status that is one."""

A = TypeVar("A", bound=msgspec.Struct)


class Bearer(AuthBase):
    """A plain header would give way to what ~/.netrc has for the host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Api:
    """Asks again, for as long as it takes, where the line breaks or the server says "later". Only who has never been
    reached is given up, after `patience` seconds. It may be used by several threads."""

    def __init__(self, server: str, token: str, patience: float = 30.0) -> None:
        """Raises BadAddress."""
        address = address_of(server)
        if address.is_tcp:
            raise BadAddress("The HTTP API is where the pages are: https://chat.example")
        self.url = address.url
        self.session = requests.Session()
        self.session.auth = Bearer(token)
        self._patience = patience
        self._reached = False

    def ask(
        self, method: str, path: str, kind: type[A], body: msgspec.Struct | None = None, key: str | None = None
    ) -> A:
        """What the server answers, below /api/v1. With a `key` it is done once, however often it is asked. Raises
        Refused, SignedOut, Unreachable or Incompatible."""
        answer = self._answer(method, path, body, key)
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.ValidationError as problem:
            raise Incompatible(path) from problem
        except msgspec.DecodeError as problem:
            raise _no_roost(answer) from problem

    def do(self, method: str, path: str) -> None:
        """What has nothing to return. Raises as `ask` does."""
        self._answer(method, path, None, None)

    def _answer(self, method: str, path: str, body: msgspec.Struct | None, key: str | None) -> requests.Response:
        began, returning = monotonic(), Returning()
        while True:
            try:
                answer = self._try(method, path, body, key)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as problem:
                if not self._reached and monotonic() - began >= self._patience:
                    raise Unreachable(f"Nobody answers at {self.url}: {problem}") from problem
                sleep(returning.wait(monotonic()))
                continue
            self._reached = True
            if answer.status_code not in LATER:
                return _checked(answer)
            wait = retry_after(answer.headers)
            sleep(returning.wait(monotonic()) if wait is None else wait)

    def _try(self, method: str, path: str, body: msgspec.Struct | None, key: str | None) -> requests.Response:
        headers = {} if body is None else {"Content-Type": "application/json"}
        return self.session.request(
            method,
            f"{self.url}{ROOT}{path}",
            data=None if body is None else msgspec.json.encode(body),
            headers=headers if key is None else headers | {"Idempotency-Key": key},
            timeout=TIMEOUT,
            allow_redirects=False,
        )


def _checked(answer: requests.Response) -> requests.Response:
    if answer.status_code >= PROBLEMS:
        raise _refusal(answer)
    return answer


def _refusal(answer: requests.Response) -> ClientError:
    try:
        said = msgspec.json.decode(answer.content, type=ProblemDetails)
    except msgspec.DecodeError:
        return _no_roost(answer)
    if answer.status_code == 401:  # noqa: PLR2004
        return SignedOut(CloseCode.NOT_SIGNED_IN, said.detail)
    later = said.retry_after
    return Refused(Problem(code=said.code, message=said.detail, temporary=later is not None, retry_after=later))


def _no_roost(answer: requests.Response) -> Unreachable:
    return Unreachable(f"What answers at {answer.url} is no Roost ({answer.status_code}).")
