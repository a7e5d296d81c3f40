"""Bytes <-> structs: the only JSON in the live path."""

import json
from functools import cache

import msgspec

from app.errors import BadCommand
from app.protocol.close_codes import CloseCode
from app.protocol.commands import AnyCommand
from app.protocol.events import AnyEvent, Event
from app.protocol.gateway import Auth, Closed
from app.protocol.peers import PeerEvent

_commands = msgspec.json.Decoder(AnyCommand)
_auths = msgspec.json.Decoder(Auth)
_events = msgspec.json.Decoder(AnyEvent)
_peer_events = msgspec.json.Decoder(PeerEvent)
_encoder = msgspec.json.Encoder()


class _Reference(msgspec.Struct):
    """Just enough of a broken command to answer it."""

    ref: int | None = None


_references = msgspec.json.Decoder(_Reference)


def decode_command(body: bytes) -> AnyCommand:
    """The command in `body`; BadCommand when it is none, with a sentence that says where it is wrong."""
    try:
        command: AnyCommand = _commands.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        # msgspec lets bad UTF-8 and deep nesting through as errors that are not its own.
        raise BadCommand("This is not a command: {problem}.", problem=str(problem)[:200]) from problem
    refuse_null(body, command)
    refuse_repeated_keys(body, command)
    return command


def refuse_null(body: bytes, command: AnyCommand) -> None:
    """U+0000 passes as JSON, but PostgreSQL refuses it in a text (SECURITY S57)."""
    if b"\\u0000" in body and any(
        "\0" in value for value in msgspec.structs.astuple(command) if isinstance(value, str)
    ):
        raise BadCommand("This is not a command: a text holds the character U+0000.")


def refuse_repeated_keys(body: bytes, command: AnyCommand) -> None:
    """msgspec lets the last of two equal keys win, another parser on the way may let the first (SECURITY S57).

    As many colons as required keys leave no room for a repeated one, which spares nearly every command the second look.
    """
    if body.count(b":") != required_keys(type(command)):
        json.loads(body, object_pairs_hook=refuse_repeated)


@cache
def required_keys(command: type[AnyCommand]) -> int:
    return 1 + sum(field.required for field in msgspec.structs.fields(command))


def refuse_repeated(pairs: list[tuple[str, object]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise BadCommand("This is not a command: a key is there twice.")


def decode_auth(body: bytes) -> Auth:
    """What the first frame over TCP says; BadCommand when it is anything else."""
    try:
        auth: Auth = _auths.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise BadCommand("The first command has to be auth: {problem}.", problem=str(problem)[:200]) from problem
    json.loads(body, object_pairs_hook=refuse_repeated)
    return auth


def encode_closed(code: CloseCode) -> bytes:
    return _encoder.encode(Closed(code, code.sentence))


def decode_event(body: bytes) -> AnyEvent:
    """The event in `body`, for clients and for processes that hear of each other."""
    event: AnyEvent = _events.decode(body)
    return event


def decode_peer_event(body: bytes) -> PeerEvent:
    event: PeerEvent = _peer_events.decode(body)
    return event


def encode_event(event: Event) -> bytes:
    return _encoder.encode(event)


def reference_of(body: bytes) -> int | None:
    """The `ref` of a command that does not decode, so that its sender still gets an answer it can place."""
    try:
        ref = _references.decode(body).ref
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return ref if ref is not None and 0 <= ref < 2**53 else None
