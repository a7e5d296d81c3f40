"""What the API is, as OpenAPI 3.1 says it: /openapi.json. Made of the table in routes.py and of the structs that are
decoded and encoded, so it says nothing else than what is done."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from app.chat.rights import RULES
from app.handlers.api.base import ROOT, ApiHandler, Header, Method, Operation
from app.models import SCOPES
from app.protocol.api import ProblemDetails

Json = dict[str, Any]

REFERENCE = "#/components/schemas/{name}"
PROBLEM = {"$ref": "#/components/responses/Problem"}
BIGGEST_ID = 10**15 - 1
IN_PATH: Mapping[str, Json] = {
    "room": {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID},
    "number": {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID},
    "webhook": {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID},
    "emoji": {"type": "string", "minLength": 1, "maxLength": 64},
}
BYTES = {"type": "string", "format": "binary"}
"""In the words of OpenAPI 3.0, which more tools understand."""
SCOPED = "A token has one scope of: " + ", ".join(SCOPES) + ". Each has what those before it have."
RATES = {
    "RateLimit-Policy": 'How many requests in how many seconds: `"requests";q=200;w=10`.',
    "RateLimit": 'How many are left, and in how many seconds all are again: `"requests";r=199;t=1`.',
}
SAID = {200: "This is it.", 201: "It was made.", 204: "Done; there is nothing to say."}


class DocumentHandler(ApiHandler):
    """For anybody: it holds nothing of this community."""

    action = "site.visit"

    def initialize(self, document: bytes) -> None:  # type: ignore[override]
        super().initialize({"GET": Operation("This document", self.action, {})})
        self.document = document

    async def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.write(self.document)


def document_of(addresses: Mapping[str, Mapping[Method, Operation]]) -> bytes:
    operations = [each for operations in addresses.values() for each in operations.values()]
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Roost",
                "version": "1",
                "description": "What programs do request by request. docs/api.md tells it with examples.",
            },
            "servers": [{"url": ROOT}],
            "paths": {path: path_item(path, each) for path, each in addresses.items()},
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": SCOPED}},
                "schemas": schemas_of(structs_in(operations)),
                "responses": {"Problem": problem()},
                "headers": {name: {"description": says, "schema": {"type": "string"}} for name, says in RATES.items()},
            },
        }
    )


def structs_in(operations: Iterable[Operation]) -> list[type[msgspec.Struct]]:
    found: list[type[msgspec.Struct]] = [ProblemDetails]
    for each in operations:
        found += [kind for kind in each.answers.values() if kind is not None]
        found += [each.body] if isinstance(each.body, type) else []
    return list(dict.fromkeys(found))


def schemas_of(structs: Iterable[type[msgspec.Struct]]) -> Json:
    return {
        name: tidied(schema)
        for name, schema in msgspec.json.schema_components(structs, ref_template=REFERENCE)[1].items()
    }


def tidied(schema: Any) -> Any:
    """Docstrings as running text, and Python's patterns as ECMA 262's."""
    if isinstance(schema, list):
        return [tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: tidied(value) for name, value in schema.items()}
    if isinstance(schema.get("description"), str):
        tidy["description"] = " ".join(schema["description"].split())
    if isinstance(schema.get("pattern"), str):
        tidy["pattern"] = schema["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
    return tidy


def path_item(path: str, operations: Mapping[Method, Operation]) -> Json:
    names = re.findall(r"{(\w+)}", path)
    item: Json = {method.lower(): described(method, path, each) for method, each in operations.items()}
    if names:
        item["parameters"] = [{"name": name, "in": "path", "required": True, "schema": IN_PATH[name]} for name in names]
    return item


def described(method: Method, path: str, operation: Operation) -> Json:
    said: Json = {
        "operationId": "_".join([method.lower(), *re.findall(r"\w+", path)]),
        "summary": operation.summary,
        "security": [{"bearer": [RULES[operation.action].scope]}],
        "responses": responses_of(path, operation),
    }
    parameters = [*in_query(operation), *(in_header(each) for each in operation.headers)]
    if parameters:
        said["parameters"] = parameters
    if operation.body == "bytes":
        said["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": BYTES}}}
    elif operation.body is not None:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": named(operation.body)}}}
    return said


def in_query(operation: Operation) -> list[Json]:
    if operation.query is None:
        return []
    schema = schemas_of([operation.query])[operation.query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": of_one}
        for name, of_one in schema["properties"].items()
    ]


def in_header(header: Header) -> Json:
    schema = {"type": "string"} | ({"pattern": header.pattern} if header.pattern else {})
    return {
        "name": header.name,
        "in": "header",
        "required": header.required,
        "description": header.says,
        "schema": schema,
    }


def responses_of(path: str, operation: Operation) -> Json:
    refusals = {401, 403, 429, 503}
    if "{" in path or operation.query or operation.body:
        refusals |= {400, 404}
    if operation.body:
        refusals |= {413, 415}
    return {str(status): answered(status, kind) for status, kind in operation.answers.items()} | {
        str(status): PROBLEM for status in sorted(refusals)
    }


def answered(status: int, kind: type[msgspec.Struct] | None) -> Json:
    said: Json = {
        "description": SAID[status],
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in RATES},
    }
    if kind is not None:
        said["content"] = {"application/json": {"schema": named(kind)}}
    return said


def problem() -> Json:
    return {
        "description": "Why nothing came of it (RFC 9457).",
        "content": {"application/problem+json": {"schema": named(ProblemDetails)}},
    }


def named(kind: type[msgspec.Struct]) -> Json:
    return {"$ref": REFERENCE.format(name=kind.__name__)}
