"""What webhooks are sent, and what is sent by them. An incoming one takes what is written for Slack's, so nothing that
it does not know is refused; JSON, a form, or a text."""

from typing import Any
from urllib.parse import parse_qs

import msgspec

from app.errors import BadRequest, BodyUnknown
from app.models import RoomKind
from app.protocol.api_codec import decode_body
from app.protocol.events import Message, Person
from app.protocol.fields import Id


class Said(msgspec.Struct, frozen=True):
    """A text to be posted; `is_slack`: it may hold what only Slack writes so."""

    text: str
    is_slack: bool = False


class Attachment(msgspec.Struct, frozen=True):
    """What Slack shows in a box under a text."""

    fallback: str | None = None
    pretext: str | None = None
    title: str | None = None
    text: str | None = None
    fields: list[Any] | None = None
    blocks: list[Any] | None = None

    @property
    def words(self) -> str:
        fields = [words_of_field(field) for field in self.fields or ()]
        blocks = [words_in(block) for block in self.blocks or ()]
        written = [each for each in (self.pretext, self.title, self.text, *fields, *blocks) if each]
        return "\n".join(written) or self.fallback or ""


class Posted(msgspec.Struct, frozen=True):
    """Of Slack's bodies what has words. The `text` says the same as `blocks`, where there is one."""

    text: str | None = None
    attachments: list[Attachment] | None = None
    blocks: list[Any] | None = None

    @property
    def words(self) -> str:
        said = [self.text] if self.text else [words_in(block) for block in self.blocks or ()]
        return "\n".join(each for each in (*said, *(box.words for box in self.attachments or ())) if each)


def words_of_field(field: Any) -> str:
    written = [field.get("title"), field.get("value")] if isinstance(field, dict) else []
    return ": ".join(each for each in written if each and isinstance(each, str))


def words_in(block: Any) -> str:
    """Those of a block's text, of its fields, and of what stands in small letters in one line."""
    if not isinstance(block, dict):
        return ""
    fields = block.get("elements" if block.get("type") == "context" else "fields")
    texts = [block.get("text"), *(fields if isinstance(fields, list) else ())]
    found = [each.get("text") for each in texts if isinstance(each, dict)]
    return "\n".join(each for each in found if isinstance(each, str))


def read_said(content_type: str, body: bytes) -> Said:
    """What is said in a body of this Content-Type, the empty one included. Raises BodyUnknown or BadRequest."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        said = Said(decode_body(body, Posted).words, is_slack=True)
    elif kind == "application/x-www-form-urlencoded":
        said = read_form(body)
    elif kind in ("", "text/plain"):
        said = Said(decode_text(body))
    else:
        raise BodyUnknown
    if "\0" in said.text:
        raise BadRequest("A text holds the character U+0000, which cannot be kept.")
    return said


def read_form(body: bytes) -> Said:
    """Slack's has a `payload` of JSON. What has none is a text: curl says "form" of whatever it sends."""
    text = decode_text(body)
    payload = parse_qs(text).get("payload") if text.startswith("payload=") else None
    return Said(text) if payload is None else Said(decode_body(payload[0].encode(), Posted).words, is_slack=True)


def decode_text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as problem:
        raise BadRequest("A text is sent as UTF-8.") from problem


class RoomNamed(msgspec.Struct, frozen=True):
    """Where something was said."""

    id: Id
    slug: str
    name: str
    kind: RoomKind


class Told(msgspec.Struct, frozen=True, omit_defaults=True, tag="message.posted", tag_field="type"):
    """What an outgoing `webhook` is told, the id of which stands beside: this `message` of this `room`, posted by
    `person`. `people` are those in it, `quoted` is what it answers; its `bot` is how the webhook is called there."""

    webhook: Id
    bot: Person
    room: RoomNamed
    message: Message
    person: Person
    people: list[Person] = []
    quoted: list[Message] = []
