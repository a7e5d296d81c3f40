"""What is given to the HTTP API, and to webhooks <-> structs, as strict as codec.py is with commands (SECURITY S57)."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from app.errors import BadRequest

G = TypeVar("G", bound=msgspec.Struct)


def decode_body(body: bytes, kind: type[G]) -> G:
    """The body of a request. Raises BadRequest with a sentence that says where it is wrong."""
    try:
        given = msgspec.json.decode(body, type=kind)
        json.loads(body, object_pairs_hook=refuse_repeated)
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        # msgspec passes over what has a name that it does not know; there Python may find a number of 5,000 digits.
        raise BadRequest("This body is not what belongs here: {problem}.", problem=str(problem)[:200]) from problem
    refuse_null(given)
    return given


def read_query(query: Mapping[str, Sequence[bytes]], kind: type[G]) -> G:
    """What stands behind the question mark of an address. Raises BadRequest as above."""
    if any(len(values) > 1 for values in query.values()):
        raise BadRequest("Each part of an address’s question is there once.")
    try:
        values = {name: value.decode() for name, (value,) in query.items()}
        given = msgspec.convert(values, kind, strict=False)
    except (msgspec.ValidationError, UnicodeDecodeError) as problem:
        raise BadRequest("This address asks for what is not here: {problem}.", problem=str(problem)[:200]) from problem
    refuse_null(given)
    return given


def refuse_repeated(pairs: list[tuple[str, object]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise BadRequest("A key is there twice.")


def refuse_null(given: msgspec.Struct) -> None:
    """U+0000 passes as JSON, but PostgreSQL refuses it in a text."""
    if any("\0" in value for value in msgspec.structs.astuple(given) if isinstance(value, str)):
        raise BadRequest("A text holds the character U+0000, which cannot be kept.")
