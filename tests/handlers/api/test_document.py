"""/api/v1/openapi.json is OpenAPI 3.1, and the handlers do what it says: Schemathesis asks them all, with what fits the
document and with what does not."""

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import Config, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from app.handlers.api.document import document_of
from app.handlers.api.routes import ADDRESSES
from tests.handlers.api.test_webhooks import incoming
from tests.support.api import Program
from tests.support.door import Door

Operation = APIOperation[Any, Any, Any, Any]

DOCUMENT: dict[str, Any] = msgspec.json.decode(document_of({each.path: each.operations for each in ADDRESSES}))
# A text that is too long may make a body that is.
CONFIG = Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 413, 415, 429]}}}
)
OPERATIONS: dict[str, Operation] = {
    result.ok().label: result.ok()
    for result in openapi.from_dict(DOCUMENT, config=CONFIG).get_all_operations()
    if isinstance(result, Ok)
}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    ignored_auth,
]
EACH = 10
"""Requests of each kind: the same ones each time."""


def test_it_is_valid() -> None:
    validate(DOCUMENT)


async def test_anybody_reads_it(ada: Program) -> None:
    answer = await Program(ada.door, "", ada.room).ask("GET", "/openapi.json")
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/json", DOCUMENT)


def test_it_has_every_address() -> None:
    assert set(OPERATIONS) == {f"{method} {each.path}" for each in ADDRESSES for method in each.operations}


@pytest.mark.parametrize("label", OPERATIONS)
async def test_what_fits_it_is_answered_as_it_says(door: Door, ada: Program, label: str) -> None:
    await ada.post()
    webhook = await incoming(ada) if "{webhook}" in label else None
    there = {"room": ada.room, "number": 1, "emoji": "👍", "webhook": webhook}
    fixed = {name: value for name, value in there.items() if f"{{{name}}}" in label}
    await asyncio.to_thread(try_out, door, OPERATIONS[label], GenerationMode.POSITIVE, fixed)


@pytest.mark.parametrize("label", [label for label, each in OPERATIONS.items() if "{" in label or each.body])
async def test_what_does_not_fit_it_is_refused_as_it_says(door: Door, label: str) -> None:
    await asyncio.to_thread(try_out, door, OPERATIONS[label], GenerationMode.NEGATIVE, {})


def try_out(door: Door, operation: Operation, mode: GenerationMode, fixed: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {door.bearer}"}

    @given(case=operation.as_strategy(mode, path_parameters=fixed or None))
    @settings(
        max_examples=EACH,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(f"http://127.0.0.1:{door.server.port}/api/v1", headers=headers, checks=CHECKS)

    ask()
