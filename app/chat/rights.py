"""Who may do what: one table, and one function that reads it. What no row allows is forbidden (SECURITY S38).

Every command (app/realtime/commands.py) and every address (the handlers of app/urls.py) names its action here.
docs/rights.md shows the whole; tests hold that no row and no action is missing.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from app.models import Membership, Role, Room, RoomRole, User, Visitor

Action = Literal[
    "site.visit",
    "public.read",
    "server.watch",
    "chat.use",
    "settings.change",
    "program.approve",
    "account.export",
    "account.delete",
    "person.see",
    "person.block",
    "room.read",
    "room.post",
    "message.search",
    "message.edit",
    "message.react",
    "message.pin",
    "message.save",
    "message.remove",
    "message.remove.others",
    "message.mention.all",
    "card.remove",
    "card.remove.others",
    "role.set",
    "role.give.member",
    "role.give.moderator",
    "role.give.admin",
    "role.give.owner",
    "role.claim",
    "message.report",
    "person.report",
    "report.answer",
    "member.mute",
    "member.ban",
    "acts.list",
    "act.undo",
    "door.see",
    "door.set",
    "door.answer",
    "invite.make",
    "room.find",
    "room.create",
    "room.leave",
    "room.add",
    "room.announce",
    "room.change",
    "room.remove",
    "room.offer",
    "webhook.manage",
    "webhook.secret",
    "direct.open",
]


class Rule(NamedTuple):
    """The least that somebody has to be: in the community, and in the room, if the action is about one. `fresh`: and
    to have signed in lately."""

    community: Literal["anybody"] | Role
    room: RoomRole | None = None
    fresh: bool = False


RULES: Mapping[Action, Rule] = {
    "site.visit": Rule("anybody"),
    "public.read": Rule("anybody"),
    "server.watch": Rule("anybody"),
    "chat.use": Rule("member"),
    "settings.change": Rule("member"),
    "program.approve": Rule("member", fresh=True),
    "account.export": Rule("member", fresh=True),
    "account.delete": Rule("member", fresh=True),
    "person.see": Rule("member"),
    "person.block": Rule("member"),
    "room.read": Rule("member", "member"),
    "room.post": Rule("member", "member"),
    "message.search": Rule("member"),
    "message.edit": Rule("member", "member"),
    "message.react": Rule("member", "member"),
    "message.pin": Rule("member", "member"),
    "message.save": Rule("member", "member"),
    "message.remove": Rule("member", "member"),
    "message.remove.others": Rule("member", "moderator"),
    "message.mention.all": Rule("member", "moderator"),
    "card.remove": Rule("member", "member"),
    "card.remove.others": Rule("member", "moderator"),
    "role.set": Rule("moderator", fresh=True),
    "role.give.member": Rule("admin", fresh=True),
    "role.give.moderator": Rule("admin", fresh=True),
    "role.give.admin": Rule("owner", fresh=True),
    "role.give.owner": Rule("owner", fresh=True),
    "role.claim": Rule("member"),
    "message.report": Rule("member", "member"),
    "person.report": Rule("member"),
    "report.answer": Rule("moderator"),
    "member.mute": Rule("moderator"),
    "member.ban": Rule("moderator"),
    "acts.list": Rule("moderator"),
    "act.undo": Rule("moderator"),
    "door.see": Rule("admin"),
    "door.set": Rule("admin", fresh=True),
    "door.answer": Rule("moderator"),
    "invite.make": Rule("moderator"),
    "room.find": Rule("member"),
    "room.create": Rule("member"),
    "room.leave": Rule("member", "member"),
    "room.add": Rule("member", "member"),
    "room.announce": Rule("member", "moderator"),
    "room.change": Rule("member", "moderator"),
    "room.remove": Rule("member", "moderator"),
    "room.offer": Rule("admin", "moderator"),
    "webhook.manage": Rule("member", "moderator"),
    "webhook.secret": Rule("member", "moderator", fresh=True),
    "direct.open": Rule("member"),
}

GIVING: Mapping[Role, Action] = {
    "member": "role.give.member",
    "moderator": "role.give.moderator",
    "admin": "role.give.admin",
    "owner": "role.give.owner",
}

RANKS: Mapping[Literal["anybody"] | Role, int] = {"anybody": 0, "member": 1, "moderator": 2, "admin": 3, "owner": 4}
"""Whoever ranks higher may all that those below may."""
ROOM_RANKS: Mapping[RoomRole, int] = {"member": 1, "moderator": 2}


def can(visitor: Visitor | None, action: Action, membership: Membership | None = None) -> bool:
    """Whether the visitor may do this; None is whoever is not signed in. What is about a room they may do where
    `membership` says that they are in it."""
    rule = RULES.get(action)
    if rule is None or rank(visitor) < RANKS[rule.community]:
        return False
    return rule.room is None or rank_in_room(visitor, membership) >= ROOM_RANKS[rule.room]


def can_somewhere(visitor: Visitor | None, action: Action) -> bool:
    """Whether the visitor may do this at all, in some room or other if it is about one."""
    rule = RULES.get(action)
    return rule is not None and rank(visitor) >= RANKS[rule.community]


def may_read_from_outside(room: Room, *, is_on: bool) -> bool:
    """Whether whoever is not in the room, or nobody at all, may read it: the community has to allow it (`is_on`), and
    the room."""
    return is_on and room.is_readable and room.kind == "public"


FEW = 20
"""People of a room in which nobody is one of a crowd."""


def may_call(visitor: Visitor, room: Room, membership: Membership) -> bool:
    """Whether @all and @here of the visitor tell people: where few are, and in direct rooms, those of everybody do.
    In a thread nobody's do: who follows it hears of all that is said there. Nor do a bot's: what calls people is for
    people to say."""
    if room.kind == "thread" or visitor.user.kind == "bot":
        return False
    return room.kind == "direct" or room.members <= FEW or can(visitor, "message.mention.all", membership)


def may_announce(visitor: Visitor, membership: Membership) -> bool:
    """Whether the visitor posts where only moderators do, and without the wait of slow rooms: as one of them, or as the
    bot of a webhook that one of them has made."""
    return visitor.user.kind == "bot" or can(visitor, "room.announce", membership)


def may_set_role(visitor: Visitor, person: User, role: Role) -> bool:
    """Whether the visitor may give this person this role: nobody changes somebody of their own role or a higher one,
    and everybody may step down."""
    if person.id == visitor.user.id:
        return RANKS[role] < rank(visitor)
    return rank(visitor) > RANKS[person.role] and can(visitor, GIVING[role])


def outranks(visitor: Visitor, person: User) -> bool:
    """Nobody is restrained by who has the same role or a lower one."""
    return rank(visitor) > RANKS[person.role]


def rank(visitor: Visitor | None) -> int:
    return RANKS["anybody" if visitor is None else visitor.user.role]


def rank_in_room(visitor: Visitor | None, membership: Membership | None) -> int:
    """0 outside. Whoever moderates the community moderates each room that they are in, but no direct one."""
    if visitor is None or membership is None or membership.user_id != visitor.user.id or membership.left_at is not None:
        return 0
    if membership.role == "peer":
        return ROOM_RANKS["member"]
    if rank(visitor) >= RANKS["moderator"]:
        return ROOM_RANKS["moderator"]
    return ROOM_RANKS[membership.role]
