"""ProblemHandler: what is for programs says what went wrong as application/problem+json (RFC 9457)."""

from abc import abstractmethod
from http.client import responses
from typing import Any

import msgspec

from app.errors import MethodUnknown, RoostError
from app.handlers.base import BaseHandler, refusal
from app.protocol.api import ProblemDetails


class ProblemHandler(BaseHandler):
    led_to_https = frozenset[str]()
    """A secret that came in the open is known to whoever listened: who sends it has to learn of it."""

    def check_xsrf_cookie(self) -> None:
        """Nobody is known by a cookie here, so there is nothing that a page of another site could use."""

    async def prepare(self) -> None:
        self.set_header("Cache-Control", "no-store")
        await super().prepare()

    @property
    @abstractmethod
    def allowed(self) -> list[str]:
        """The methods that this address takes."""

    def options(self, *_: str) -> None:
        self.set_header("Allow", ", ".join(self.allowed))
        self.set_status(204)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        raised = kwargs.get("exc_info", (None, None, None))[1]
        error = raised if isinstance(raised, RoostError) else refusal_of(status_code)
        if self.roost.is_open:
            self.services.metrics.commands_failed[error.code] += 1
        self.set_status(error.status if error is raised else status_code)
        self.set_header("Cache-Control", "no-store")
        self.say_when_to_return(error)
        self.say_what_is_taken(error)
        self.set_header("Content-Type", "application/problem+json")
        self.write(msgspec.json.encode(self.details_of(error)))
        _ = self.finish()

    def say_what_is_taken(self, error: RoostError) -> None:
        if isinstance(error, MethodUnknown):
            self.set_header("Allow", ", ".join(self.allowed))

    def details_of(self, error: RoostError) -> ProblemDetails:
        status = self.get_status()
        return ProblemDetails(
            type=f"about:blank#{error.code}",
            title=responses.get(status, str(status)),
            status=status,
            detail=error.message,
            code=error.code,
            request_id=self.request_id,
            retry_after=error.retry_after,
        )

    def _came_by_another_loopback_name(self) -> bool:
        """No cookie is lost by it."""
        return False


def refusal_of(status: int) -> RoostError:
    """What to say when Tornado refuses."""
    return MethodUnknown() if status == MethodUnknown.status else refusal(status)
