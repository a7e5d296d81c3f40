"""Who may do what: one table, and one function that reads it. What no row allows is forbidden (SECURITY S38).

Every command (app/realtime/commands.py) and every address (the handlers of app/urls.py) names its action here.
docs/rights.md shows the whole; tests hold that no row and no action is missing.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from app.models import Membership, Role, Room, RoomRole, Scope, User, Visitor

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
    "room.mark",
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
    "room.join",
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
    """The least that somebody has to be: in the community, and in the room, if the action is about one; and the least
    `scope` of a program's token, None where none is asked for. `fresh`: and to have signed in lately."""

    community: Literal["anybody"] | Role
    scope: Scope | None
    room: RoomRole | None = None
    fresh: bool = False


RULES: Mapping[Action, Rule] = {
    "site.visit": Rule("anybody", None),
    "public.read": Rule("anybody", None),
    "server.watch": Rule("anybody", None),
    "chat.use": Rule("member", "read"),
    "settings.change": Rule("member", "manage"),
    "program.approve": Rule("member", "manage", fresh=True),
    "account.export": Rule("member", "manage", fresh=True),
    "account.delete": Rule("member", "manage", fresh=True),
    "person.see": Rule("member", "read"),
    "person.block": Rule("member", "write"),
    "room.read": Rule("member", "read", "member"),
    "room.mark": Rule("member", "write", "member"),
    "room.post": Rule("member", "write", "member"),
    "message.search": Rule("member", "read"),
    "message.edit": Rule("member", "write", "member"),
    "message.react": Rule("member", "write", "member"),
    "message.pin": Rule("member", "write", "member"),
    "message.save": Rule("member", "write", "member"),
    "message.remove": Rule("member", "write", "member"),
    "message.remove.others": Rule("member", "manage", "moderator"),
    "message.mention.all": Rule("member", "write", "moderator"),
    "card.remove": Rule("member", "write", "member"),
    "card.remove.others": Rule("member", "manage", "moderator"),
    "role.set": Rule("moderator", "manage", fresh=True),
    "role.give.member": Rule("admin", "manage", fresh=True),
    "role.give.moderator": Rule("admin", "manage", fresh=True),
    "role.give.admin": Rule("owner", "manage", fresh=True),
    "role.give.owner": Rule("owner", "manage", fresh=True),
    "role.claim": Rule("member", "manage"),
    "message.report": Rule("member", "write", "member"),
    "person.report": Rule("member", "write"),
    "report.answer": Rule("moderator", "manage"),
    "member.mute": Rule("moderator", "manage"),
    "member.ban": Rule("moderator", "manage"),
    "acts.list": Rule("moderator", "manage"),
    "act.undo": Rule("moderator", "manage"),
    "door.see": Rule("admin", "manage"),
    "door.set": Rule("admin", "manage", fresh=True),
    "door.answer": Rule("moderator", "manage"),
    "invite.make": Rule("moderator", "manage"),
    "room.find": Rule("member", "read"),
    "room.join": Rule("member", "write"),
    "room.create": Rule("member", "manage"),
    "room.leave": Rule("member", "write", "member"),
    "room.add": Rule("member", "manage", "member"),
    "room.announce": Rule("member", "write", "moderator"),
    "room.change": Rule("member", "manage", "moderator"),
    "room.remove": Rule("member", "manage", "moderator"),
    "room.offer": Rule("admin", "manage", "moderator"),
    "webhook.manage": Rule("member", "manage", "moderator"),
    "webhook.secret": Rule("member", "manage", "moderator", fresh=True),
    "direct.open": Rule("member", "write"),
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
SCOPE_RANKS: Mapping[Scope, int] = {"read": 1, "write": 2, "manage": 3}


def can(visitor: Visitor | None, action: Action, membership: Membership | None = None) -> bool:
    """Whether the visitor may do this; None is whoever is not signed in. What is about a room they may do where
    `membership` says that they are in it."""
    rule = RULES.get(action)
    if rule is None or rank(visitor) < RANKS[rule.community] or scope_missing(visitor, action) is not None:
        return False
    return rule.room is None or rank_in_room(visitor, membership) >= ROOM_RANKS[rule.room]


def can_somewhere(visitor: Visitor | None, action: Action) -> bool:
    """Whether the visitor may do this at all, in some room or other if it is about one, and by some token or other."""
    rule = RULES.get(action)
    return rule is not None and rank(visitor) >= RANKS[rule.community]


def scope_missing(visitor: Visitor | None, action: Action) -> Scope | None:
    """The scope that this takes and that the visitor's token does not have."""
    wanted = RULES[action].scope
    if wanted is None or visitor is None or visitor.scope is None:
        return None
    return wanted if SCOPE_RANKS[visitor.scope] < SCOPE_RANKS[wanted] else None


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
