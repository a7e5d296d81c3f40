"""Telling outgoing webhooks what was posted, signed, until they have heard it or for an hour; and posting what they
answer. Each hears all in order (app/storage/jobs.py)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import msgspec

from app.chat import messages, webhooks
from app.chat.context import Context, told_alone
from app.chat.events import publish_to_peers, shown_message, shown_person
from app.chat.webhook_secrets import signature, signing_secret
from app.chat.webhooks import Listed
from app.errors import RoostError, StorageFull, Unavailable, said
from app.models import Job, Message, NotBegun, OffReason, Room, User, Visitor
from app.outbound.exchange import Answer
from app.outbound.outcomes import Crowded, NotFetched
from app.protocol import hooks
from app.protocol.fields import TEXT_LIMIT
from app.protocol.peers import StandingChanged
from app.render.slack import markdown_of
from app.services import Services
from app.storage import counters, jobs, rooms, users
from app.storage import messages as message_rows
from app.storage import webhooks as webhook_rows
from app.storage.database import Connection
from app.storage.webhooks import Kept

log = logging.getLogger(__name__)

LATER = (10.0, 60.0, 300.0, 900.0, 2400.0)
"""Seconds after the first try that came to nothing, the second, and so on: about an hour. The worker gives no more."""
MOST_FAILURES = 20
"""Tries in a row that came to nothing."""
MOST_WAITING = 1_000
"""Messages that one webhook waits to be told of, before it is switched off."""
OLDEST = 6 * 3_600_000
"""Milliseconds after which nobody is told of a message any more."""
OK, HEARD, GONE = 200, range(200, 300), 410
TYPES = "text/plain, application/json"

Outcome = Literal["heard", "gone", "failed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

WHY: dict[OffReason, str] = {
    "gone": said("Switched off: who answered at its URL said that nothing will be there any more."),
    "failing": said("Switched off: nobody answered at its URL as they should, many times in a row."),
    "behind": said("Switched off: more than 1,000 messages waited for who answers at its URL."),
    "unsigned": said("Switched off: the server’s key has changed. Make a new secret."),
}
WHERE = said("Whoever moderates this room finds the webhook in its settings.")


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook that is to be told of a message, and all that it is told. `is_behind`: of too many others, too."""

    listed: Listed
    kept: Kept
    room: Room
    message: Message
    author: User
    context: Context
    is_behind: bool


async def tell(services: Services, job: Job) -> float | NotBegun | None:
    """Tell a webhook of a message. Returns after how many seconds to try again; None: it has heard, or never will."""
    due = await services.store.read(due_by, job, services.clock.now())
    if due is None or not services.settings.link_cards:
        return None
    if due.is_behind:
        await switch_off(services, due, "behind")
        return None
    secret = signing_secret(services.settings, due.kept)
    if secret is None:
        await switch_off(services, due, "unsigned")
        return None
    try:
        answer = await answer_to(services, due, secret)
    except Crowded:
        return NotBegun(LATER[0])
    outcome = outcome_of(answer)
    services.metrics.webhooks_told[outcome] += 1
    if outcome == "failed":
        return await fail(services, due, job)
    if outcome == "gone":
        await switch_off(services, due, "gone")
    elif answer is not None:
        await succeed(services, due, answer)
    return None


def due_by(connection: Connection, job: Job, now: int) -> Due | None:
    """None where the webhook, the message or the right to hear of it is gone."""
    assert job.webhook_id is not None, "it is a job of a webhook"
    webhook = webhook_rows.by_id(connection, job.webhook_id)
    room = rooms.by_id(connection, job.room_id)
    message = message_rows.by_number(connection, job.room_id, job.number)
    if webhook is None or webhook.off is not None or room is None or message is None:
        return None
    listed, author = webhooks.list_one(connection, webhook), users.by_id(connection, message.author_id)
    assert author is not None, "people are never deleted"
    if message.removed_at is not None or message.at < now - OLDEST or not listed.is_held:
        return None
    _, context = told_alone(connection, message)
    is_behind = jobs.waits_for_more(connection, webhook.id, MOST_WAITING)
    return Due(listed, webhook_rows.kept(connection, webhook.id), room, message, author, context, is_behind)


async def answer_to(services: Services, due: Due, secret: str) -> Answer | None:
    """What is answered there; None: nothing that makes sense. Raises Crowded."""
    webhook, body, time = due.listed.webhook, msgspec.json.encode(told(due)), services.clock.now() // 1000
    assert webhook.url is not None, "only what was removed has none"
    # With its time: once a copy of the database was restored, numbers are given again.
    telling = f"{webhook.id}-{due.message.number}-{due.message.at}"
    headers = {
        "Content-Type": "application/json",
        "Roost-Webhook-Id": telling,
        "Roost-Webhook-Time": str(time),
        "Roost-Webhook-Signature": signature(secret, telling, time, body),
    }
    try:
        return await services.fetcher.tell(webhook.url, body, headers, TYPES)
    except Crowded:
        raise
    except NotFetched as problem:
        log.info("webhook %d was not told: %s", webhook.id, problem)
        return None


def told(due: Due) -> hooks.Told:
    room = due.room
    return hooks.Told(
        webhook=due.listed.webhook.id,
        bot=shown_person(due.listed.bot),
        room=hooks.RoomNamed(room.id, room.slug, room.name, room.kind),
        message=shown_message(due.message),
        person=shown_person(due.author),
        people=[shown_person(person) for person in due.context.people],
        quoted=[shown_message(message) for message in due.context.quoted],
    )


def outcome_of(answer: Answer | None) -> Outcome:
    if answer is not None and answer.status == GONE:
        return "gone"
    return "heard" if answer is not None and answer.status in HEARD else "failed"


async def fail(services: Services, due: Due, job: Job) -> float | None:
    """Count it, and switch the webhook off where it was one too many."""

    def count(connection: Connection) -> int:
        webhook = webhook_rows.locked(connection, due.listed.webhook.id)
        if webhook is None:
            return 0
        return webhook_rows.count_failures(connection, webhook, webhook.failures + 1).failures

    if await services.store.write(count) >= MOST_FAILURES:
        await switch_off(services, due, "failing")
        return None
    return LATER[job.tries - 1] if job.tries <= len(LATER) else None


async def switch_off(services: Services, due: Due, why: OffReason) -> None:
    """It is told of nothing any more, and its room of that, by its bot."""
    listed, room_id = due.listed, due.room.id

    def switch(connection: Connection) -> int | None:
        rooms.locked(connection, room_id)
        webhook = webhook_rows.locked(connection, listed.webhook.id)
        if webhook is None or webhook.off is not None:
            return None
        webhook_rows.switch(connection, webhook, why)
        jobs.drop_of_webhook(connection, webhook.id)
        return counters.take(connection, "revoked")

    number = await services.store.write(switch)
    if number is None:
        return
    publish_to_peers(services, number, StandingChanged(number=number, room=room_id))
    nonce, notices = f"webhook-off-{listed.webhook.id}-{number}", (WHY[why], WHERE)
    text = f"@{listed.holder.handle}: {' '.join(notices)}"
    await say(services, Visitor(listed.bot), room_id, nonce, text, notices=notices)


async def succeed(services: Services, due: Due, answer: Answer) -> None:
    """Forget what failed before, and post what was answered, if anything."""
    webhook = due.listed.webhook
    if webhook.failures:
        await services.store.write(webhook_rows.count_failures, webhook, 0)
    try:
        text = answered(answer)
    except RoostError as problem:
        log.info("what webhook %d answered is no text: %s", webhook.id, problem)
        return
    if text:
        # The same each time, so that who was told twice has answered once.
        number = due.message.number
        await say(services, due.listed.voice, due.room.id, f"webhook-answer-{webhook.id}-{number}", text, number)


def answered(answer: Answer) -> str:
    """The text of an answer, shortened to what a message holds. Raises BadRequest for what is none."""
    if answer.status != OK:
        return ""
    given = hooks.read_said(answer.headers.get("Content-Type", ""), answer.body)
    text = (markdown_of(given.text) if given.is_slack else given.text).strip()
    return text if len(text) <= TEXT_LIMIT else f"{text[: TEXT_LIMIT - 1]}…"


async def say(
    services: Services,
    bot: Visitor,
    room_id: int,
    nonce: str,
    text: str,
    reply_to: int | None = None,
    notices: Sequence[str] = (),
) -> None:
    """If the bot may say it. Raises StorageFull or Unavailable: what is not kept now is worth another try."""
    try:
        await (await messages.post(services, bot, room_id, nonce, text, reply_to=reply_to, notices=notices))
    except (StorageFull, Unavailable):
        raise
    except RoostError as problem:
        log.info("bot %d could not say what it was to say: %s", bot.user.id, problem)
