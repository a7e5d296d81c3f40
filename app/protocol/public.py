"""What is said to those who read a room without an account: nothing that they would not see on its page. An address of
their own, `/chat/SLUG/live`, carries it; no command goes the other way."""

from app.protocol.events import Card, Event, File, MessageKind, Value
from app.protocol.fields import Number, Seq, Time


class Quote(Value, frozen=True):
    """What a message answers, as it is now. Removed, it has no `html`."""

    number: Number
    name: str
    html: str = ""
    former: bool = False


class MessageShown(Event, frozen=True, tag="public.shown"):
    """A message was posted, or is other than it was while nobody listened. `html` is made by the server and safe to
    insert, `at` its time (ms); `former`: its author has deleted their account, and has no name; `bot`: it is one.
    `quote` is what it answers."""

    seq: Seq
    number: Number
    at: Time
    html: str
    name: str
    handle: str
    initials: str
    tint: int
    kind: MessageKind = "msg"
    former: bool = False
    bot: bool = False
    files: tuple[File, ...] = ()
    card: Card | None = None
    quote: Quote | None = None


class MessageReplaced(Event, frozen=True, tag="public.changed"):
    """A message that was there says something else now. One that nobody was shown is none of theirs."""

    seq: Seq
    number: Number
    html: str
    card: Card | None = None


class MessageGone(Event, frozen=True, tag="public.gone"):
    """A message is not there any more."""

    seq: Seq
    number: Number


class TooMuchMissed(Event, frozen=True, tag="public.reload"):
    """More has changed than is told: load the page again."""


class ReadingEnded(Event, frozen=True, tag="public.ended"):
    """The room cannot be read without an account any more. The stream ends here."""
