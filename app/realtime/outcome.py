"""What comes of a command: its answer, or why there is none."""

import logging

import msgspec

from app.chat import access
from app.errors import RoostError
from app.protocol.codec import decode_command, reference_of
from app.protocol.commands import Command
from app.protocol.events import Event, Failed, Problem
from app.realtime.commands import Answer, Asker, Table
from app.realtime.later import Later
from app.services import Services

log = logging.getLogger(__name__)


async def carry_out(asker: Asker, table: Table, body: bytes) -> Answer:
    """Do what one command asks, if its person may. The one place where an error becomes a reply."""
    ref = None
    try:
        command = decode_command(body)
        ref = command.ref
        return await act_on(asker, table, command)
    except RoostError as error:
        return failed(asker.services, error, ref if ref is not None else reference_of(body))
    except Exception:
        log.exception("a command broke")
        return failed(asker.services, RoostError(), ref)


async def act_on(asker: Asker, table: Table, command: Command) -> Answer:
    """Do what a command asks, if its person may. Raises what keeps it from being done."""
    action, act = table[type(command)]
    access.allow(asker.visitor, action)
    access.allow_fresh(asker.services, asker.visitor, action)
    return await act(asker, command)


def settled(services: Services, later: Later) -> Event:
    """The answer whose commit has come, or why it did not."""
    error = later.future.exception()
    if error is None:
        services.metrics.sends_answered += 1
        return later.event(later.future.result())
    if isinstance(error, RoostError):
        return failed(services, error, later.ref)
    log.error("a commit broke", exc_info=error)
    return failed(services, RoostError(), later.ref)


def failed(services: Services, error: RoostError, ref: int | None) -> Failed:
    services.metrics.commands_failed[error.code] += 1
    return Failed(error=problem_of(error), ref=ref)


def problem_of(error: RoostError) -> Problem:
    problem = Problem(error.code, error.message, error.temporary, error.retry_after)
    if not error.values:
        return problem
    return msgspec.structs.replace(problem, sentence=error.sentence, values=error.values)
