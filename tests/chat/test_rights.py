"""The table of rights, and the one function that reads it."""

from typing import get_args

import msgspec
import pytest

from app.chat import rights
from app.chat.rights import RANKS, ROOM_RANKS, RULES, SCOPE_RANKS, Action, Rule, can, can_somewhere, scope_missing
from app.models import SCOPES, Membership, Role, RoomRole, User, Visitor

ROLES: tuple[Role, ...] = get_args(Role)
ROOM_ROLES: tuple[RoomRole, ...] = get_args(RoomRole)


def visitor(role: Role, user_id: int = 1) -> Visitor:
    return Visitor(User(user_id, "x", "ana", "Ana", "person", role, created_at=0))


def membership(role: RoomRole = "member", user_id: int = 1, left_at: int | None = None) -> Membership:
    return Membership(7, user_id, read_number=0, seq=1, joined_at=0, left_at=left_at, role=role)


@pytest.fixture
def moderating(monkeypatch: pytest.MonkeyPatch) -> Action:
    """A right of those who moderate a room."""
    action: Action = "room.tidy"  # type: ignore[assignment]
    monkeypatch.setattr(rights, "RULES", {**RULES, action: Rule("member", "manage", "moderator")})
    return action


def test_every_action_has_its_row_and_every_role_its_rank() -> None:
    assert set(RULES) == set(get_args(Action))
    assert sorted(RANKS, key=lambda role: -RANKS[role]) == [*ROLES, "anybody"]
    assert sorted(ROOM_RANKS, key=lambda role: -ROOM_RANKS[role]) == [*ROOM_ROLES]


@pytest.mark.parametrize("action", RULES)
def test_a_right_is_had_from_its_row_upwards(action: Action) -> None:
    rule = RULES[action]
    assert can_somewhere(None, action) is (rule.community == "anybody")
    for role in ROLES:
        assert can_somewhere(visitor(role), action) is (RANKS[role] >= RANKS[rule.community])
        assert can(visitor(role), action, membership("moderator")) is can_somewhere(visitor(role), action)


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.room is not None])
def test_what_is_about_a_room_nobody_may_outside(action: Action) -> None:
    assert not can(None, action, membership())
    for role in ROLES:
        assert not can(visitor(role), action)
        assert not can(visitor(role), action, membership("moderator", left_at=5))
        assert not can(visitor(role), action, membership("moderator", user_id=2))


@pytest.mark.parametrize("role", ROLES)
def test_who_moderates_the_community_moderates_the_rooms_they_are_in(role: Role, moderating: Action) -> None:
    assert can(visitor(role), moderating, membership()) is (role != "member")
    assert can(visitor(role), moderating, membership("moderator"))
    assert not can(visitor(role), moderating)


def test_every_scope_has_its_rank() -> None:
    assert sorted(SCOPE_RANKS, key=lambda scope: SCOPE_RANKS[scope]) == [*SCOPES]


@pytest.mark.parametrize("action", RULES)
def test_a_token_has_the_rights_of_its_scope_and_of_those_below(action: Action) -> None:
    wanted = RULES[action].scope
    assert (wanted is None) is (RULES[action].community == "anybody")
    for scope in SCOPES:
        program = msgspec.structs.replace(visitor("owner"), scope=scope)
        is_enough = wanted is None or SCOPE_RANKS[scope] >= SCOPE_RANKS[wanted]
        assert can(program, action, membership("moderator")) is is_enough
        assert scope_missing(program, action) == (None if is_enough else wanted)
    assert scope_missing(visitor("owner"), action) is None, "a browser has them all"


def test_what_stands_in_no_row_is_forbidden() -> None:
    unknown: Action = "door.break"  # type: ignore[assignment]
    assert not can(visitor("owner"), unknown, membership("moderator"))
    assert not can_somewhere(visitor("owner"), unknown)


def test_nobody_moderates_a_direct_room() -> None:
    for role in ROLES:
        peer = Membership(1, 1, 0, 1, 0, role="peer")
        for action, rule in RULES.items():
            assert can(visitor(role), action, peer) is (
                can_somewhere(visitor(role), action) and rule.room != "moderator"
            )
