"""The three signed requests: asked of oauthlib, answered as X does."""

import time
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs

from oauthlib.oauth1 import AccessTokenEndpoint, RequestTokenEndpoint, ResourceEndpoint

from app.standin import answers
from app.standin.answers import Answer
from app.standin.people import Person
from app.standin.state import State
from app.standin.validator import Validator


class Call(NamedTuple):
    """One HTTP request; `url` is what the client called and so signed, with scheme, host and port."""

    url: str
    method: str
    body: str
    headers: dict[str, str]


def request_token(state: State, call: Call) -> Answer:
    judge = Validator(state)
    try:
        _, body, status = RequestTokenEndpoint(judge).create_request_token_response(*call)
    except ValueError:  # oauthlib raises it for a query or body that is not form encoding
        return answers.BAD_DATA
    if status == HTTPStatus.OK:
        return answers.form(body)
    if status == HTTPStatus.BAD_REQUEST:
        return _unreadable(body)
    return _refused_callback(state) if _only_failed(judge, "callback") else answers.NOT_AUTHENTICATED


def access_token(state: State, call: Call) -> Answer:
    judge = Validator(state)
    try:
        _, body, status = AccessTokenEndpoint(judge).create_access_token_response(*call)
    except ValueError:
        return answers.BAD_DATA
    if status == HTTPStatus.OK:
        return answers.form(body)
    if status == HTTPStatus.BAD_REQUEST:
        return _unreadable(body)
    if _unknown_token(judge):
        return answers.DEAD_REQUEST_TOKEN
    return answers.BAD_VERIFIER if _only_failed(judge, "verifier") else answers.NOT_AUTHENTICATED


def signed_in(state: State, call: Call) -> Person | Answer:
    """The person whose access token signed a call to the API, or the refusal."""
    judge = Validator(state)
    try:
        valid, request = ResourceEndpoint(judge).validate_protected_resource_request(*call)
    except ValueError:
        return answers.BAD_DATA
    if valid:
        return _holder(state, request.resource_owner_key)
    if not judge.readable:
        return answers.BAD_TIMESTAMP if request and _stale(request.timestamp) else answers.BAD_DATA
    return answers.INVALID_ACCESS_TOKEN if _unknown_token(judge) else answers.NOT_AUTHENTICATED


def _unreadable(body: str) -> Answer:
    """X's answer to what oauthlib refused before looking at keys; its reason is in a form-encoded body."""
    reason = parse_qs(body).get("error_description", [""])[0]
    if reason.startswith("Timestamp given is invalid"):
        return answers.BAD_TIMESTAMP
    return _BY_REASON.get(reason, answers.BAD_DATA)


_BY_REASON = {
    "Missing callback URI.": answers.DESKTOP_ONLY,
    "Missing resource owner.": answers.NO_REQUEST_TOKEN,
    "Missing verifier.": answers.BAD_VERIFIER,
}


def _refused_callback(state: State) -> Answer:
    if not state.app.callbacks:
        return answers.DESKTOP_ONLY
    as_json = state.faults.callback_refused_as_json
    return answers.CALLBACK_NOT_APPROVED_JSON if as_json else answers.CALLBACK_NOT_APPROVED


def _only_failed(judge: Validator, name: str) -> bool:
    return bool(judge.findings) and [key for key, held in judge.findings.items() if not held] == [name]


def _unknown_token(judge: Validator) -> bool:
    return judge.findings.get("client", False) and not judge.findings["resource_owner"]


def _stale(timestamp: str | None) -> bool:
    if not timestamp or not timestamp.isdecimal():
        return False
    return abs(time.time() - int(timestamp)) > Validator.timestamp_lifetime


def _holder(state: State, access_token: str) -> Person:
    token = state.access_token(access_token)
    if token is None:
        raise AssertionError("oauthlib accepted an access token that was never issued")
    return state.people.by_id(token.person_id)
