"""Webhooks of a room: made, listed, given another secret, switched on again and removed by those who moderate it.

Whoever was told its secret last answers for it. While they may manage none in its room any more, because they left,
were banned or are its moderator no longer, it does nothing: the secret in their hands gives them no way around that.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from app.chat import access, bots, rights
from app.chat.accounts import publish_joins
from app.chat.events import publish_to_peers
from app.chat.memberships import Leaving, numbered, publish_leavings
from app.chat.webhook_secrets import new_secret
from app.errors import BadRequest, DirectRoom, NotFound, OutboundOff
from app.memory.limits import Limit
from app.models import Deed, Hears, Room, User, Visitor, Webhook, WebhookKind
from app.outbound.outcomes import Refused
from app.outbound.targets import target_of
from app.protocol.peers import StandingChanged
from app.services import Services
from app.storage import acts, bans, counters, jobs, memberships, threads, turns, users, webhooks
from app.storage.database import Connection
from app.storage.webhooks import Kept

MOST = 20
"""Of one room."""
CHANGED = Limit(30, 60.0)
"""Webhooks that one person makes, changes or removes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook to be made: what its bot is called, and of an outgoing one where it leads and what it hears."""

    kind: WebhookKind
    name: str
    url: str | None = None
    hears: Hears = "mentions"


@dataclass(frozen=True, slots=True)
class Listed:
    """A webhook with its bot, and who answers for it. `is_held`: they may still."""

    webhook: Webhook
    bot: User
    holder: User
    is_held: bool

    @property
    def voice(self) -> Visitor:
        """Its bot, muted and new here as long as who answers for it is: nobody says by a bot what they may not."""
        trusted_at = self.holder.trusted_at if self.holder.role == "member" else None
        return Visitor(replace(self.bot, muted_until=self.holder.muted_until, trusted_at=trusted_at))


async def make(services: Services, visitor: Visitor, room_id: int, wanted: Wanted) -> tuple[Listed, str]:
    """A new webhook, and its secret, which is kept nowhere. Raises SignInAgain, NotFound, Muted, DirectRoom,
    BadRequest, BadRoomName, OutboundOff or TooFast."""
    access.allow_fresh(services, visitor, "webhook.secret")
    name, url = bots.bot_name(wanted.name), url_of(services, wanted)
    take_turn(services, visitor)
    secret, kept = new_secret(services.settings, wanted.kind)
    now, hears = services.clock.now(), None if url is None else wanted.hears

    def add(connection: Connection) -> tuple[Listed, Room, int, int]:
        turns.take(connection)
        actor, room = managing(services, connection, visitor, room_id)
        if len(webhooks.in_room(connection, room_id)) >= MOST:
            raise BadRequest("A room has at most {limit} webhooks. Remove one first.", limit=MOST)
        bot, seq = bots.add(connection, room_id, name, now)
        webhook = webhooks.add(connection, wanted.kind, room_id, bot.id, actor.user.id, kept, now, url=url, hears=hears)
        record(connection, "webhook.make", actor, webhook, now)
        return Listed(webhook, bot, actor.user, is_held=True), room, seq, counters.take(connection, "revoked")

    made, room, seq, number = await services.store.write(add)
    publish_joins(services, made.bot, [(room, seq)])
    tell_peers(services, room_id, number)
    return made, secret


def url_of(services: Services, wanted: Wanted) -> str | None:
    """Where an outgoing webhook shall lead. Raises OutboundOff or BadRequest."""
    if wanted.kind == "incoming":
        if wanted.url is not None:
            raise BadRequest("An incoming webhook leads to no URL.")
        return None
    if not services.settings.link_cards:
        raise OutboundOff
    try:
        target = target_of(wanted.url or "")
    except Refused as problem:
        raise BadRequest("Use a URL on the web that begins with https:// and names no port.") from problem
    if not target.is_secure:
        raise BadRequest("Use a URL that begins with https://: what is said in the room goes there.")
    return target.url


def post_address(services: Services, made: Listed, secret: str) -> str | None:
    """Where what has its secret posts by an incoming webhook."""
    return f"{services.settings.public_url}/hooks/{secret}" if made.webhook.kind == "incoming" else None


async def listed(services: Services, visitor: Visitor, room_id: int) -> list[Listed]:
    """Those of a room, oldest first. Raises NotFound or DirectRoom."""

    def read(connection: Connection) -> list[Listed]:
        actor = access.allow_now(connection, visitor, "webhook.manage")
        room, membership = access.standing_now(connection, actor, room_id)
        if room.kind == "direct":
            raise DirectRoom
        if room.parent_id is not None or not rights.can(actor, "webhook.manage", membership):
            raise NotFound
        return [list_one(connection, webhook) for webhook in webhooks.in_room(connection, room_id)]

    return await services.store.read(read)


def list_one(connection: Connection, webhook: Webhook) -> Listed:
    bot, holder = (users.by_id(connection, user_id) for user_id in (webhook.user_id, webhook.made_by))
    assert bot is not None, "bots are never deleted"
    assert holder is not None, "of whoever has deleted their account the number stays"
    return Listed(webhook, bot, holder, is_held(connection, webhook, holder))


def is_held(connection: Connection, webhook: Webhook, holder: User) -> bool:
    """Whether who answers for it may manage it still."""
    if holder.kind != "person" or bans.standing(connection, holder.id) is not None:
        return False
    membership = memberships.find(connection, webhook.room_id, holder.id)
    return rights.can(Visitor(holder), "webhook.manage", membership)


async def rotate(services: Services, visitor: Visitor, room_id: int, webhook_id: int) -> tuple[Listed, str]:
    """Give a webhook another secret, for which the visitor answers, and switch it on: the one before does nothing from
    now on. Raises SignInAgain, NotFound, Muted, DirectRoom or TooFast."""
    access.allow_fresh(services, visitor, "webhook.secret")
    take_turn(services, visitor)

    def change(connection: Connection) -> tuple[Listed, str, int]:
        actor, webhook = managing_one(services, connection, visitor, room_id, webhook_id)
        secret, kept = new_secret(services.settings, webhook.kind)
        webhook = renewed(connection, webhook, actor, kept)
        record(connection, "webhook.rotate", actor, webhook, services.clock.now())
        return list_one(connection, webhook), secret, counters.take(connection, "revoked")

    rotated, secret, number = await services.store.write(change)
    tell_peers(services, room_id, number)
    return rotated, secret


def renewed(connection: Connection, webhook: Webhook, actor: Visitor, kept: Kept) -> Webhook:
    webhooks.rotate(connection, webhook, actor.user.id, kept)
    return webhooks.switch(connection, webhook, None)


async def switch_on(services: Services, visitor: Visitor, room_id: int, webhook_id: int) -> Listed:
    """Let a webhook hear again that was switched off. Raises NotFound, Muted, DirectRoom, OutboundOff or TooFast."""
    take_turn(services, visitor)

    def change(connection: Connection) -> tuple[Listed, int]:
        actor, webhook = managing_one(services, connection, visitor, room_id, webhook_id)
        if not services.settings.link_cards:
            raise OutboundOff
        if webhook.off is not None:
            webhook = webhooks.switch(connection, webhook, None)
            record(connection, "webhook.switch", actor, webhook, services.clock.now())
        return list_one(connection, webhook), counters.take(connection, "revoked")

    switched, number = await services.store.write(change)
    tell_peers(services, room_id, number)
    return switched


async def remove(services: Services, visitor: Visitor, room_id: int, webhook_id: int) -> None:
    """It does nothing from now on, and its bot leaves; what that said stays. Raises NotFound, Muted, DirectRoom or
    TooFast."""
    take_turn(services, visitor)
    now = services.clock.now()

    def end(connection: Connection) -> tuple[User, list[Leaving]]:
        actor, webhook = managing_one(services, connection, visitor, room_id, webhook_id)
        webhooks.remove(connection, webhook, now)
        jobs.drop_of_webhook(connection, webhook.id)
        record(connection, "webhook.remove", actor, webhook, now)
        left = threads.leave_with(connection, room_id, webhook.user_id, now)
        return list_one(connection, webhook).bot, numbered(connection, left)

    bot, left = await services.store.write(end)
    publish_leavings(services, left, bot, None)


def managing(services: Services, connection: Connection, visitor: Visitor, room_id: int) -> tuple[Visitor, Room]:
    """Who asks, as the database knows them, in the locked room whose webhooks they manage."""
    actor = access.allow_now(connection, visitor, "webhook.manage")
    room, _ = access.room_to_change(connection, actor, "webhook.manage", room_id)
    access.check_voice(actor.user, services.clock.steady())
    return actor, room


def managing_one(
    services: Services, connection: Connection, visitor: Visitor, room_id: int, webhook_id: int
) -> tuple[Visitor, Webhook]:
    """Who asks, and one of those webhooks, locked."""
    actor, _ = managing(services, connection, visitor, room_id)
    webhook = webhooks.locked(connection, webhook_id)
    if webhook is None or webhook.room_id != room_id:
        raise NotFound
    return actor, webhook


def record(connection: Connection, what: Deed, actor: Visitor, webhook: Webhook, now: int) -> None:
    acts.add(
        connection,
        what,
        now,
        actor_id=actor.user.id,
        person_id=webhook.user_id,
        room_id=webhook.room_id,
        details={"webhook": webhook.id, "kind": webhook.kind},
    )


def tell_peers(services: Services, room_id: int, number: int) -> None:
    """Every process, so that none goes on believing that a room has outgoing webhooks, or none."""
    publish_to_peers(services, number, StandingChanged(number=number, room=room_id))


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"webhooks:{visitor.user.id}", CHANGED)
