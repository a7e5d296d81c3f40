"""Who somebody is: sessions and their ends, handles that change, people expected and promised."""

import asyncio
import hashlib
from collections.abc import Callable

import pytest

from app.chat import accounts, preferences
from app.chat.accounts import SESSION_IDLE_LIFE, SESSION_LIFE, SIGN_IN_LIFE, TOKEN_IDLE_LIFE
from app.errors import NotSignedIn, SignInFailed
from app.models import SignIn, TwitterProfile, Visitor
from app.protocol import events
from app.services import make_services
from app.storage import handles, memberships, sessions, tokens
from app.storage.store import Store
from tests.support.house import GENERAL, House, SetClock, open_house

DAY = 24 * 3600


async def test_a_dance_is_taken_up_once_by_the_browser_that_began_it(house: House) -> None:
    services = house.services
    await accounts.begin_sign_in(services, "token", "secret", "/chat/general/7", "browser")
    taken = await accounts.take_sign_in(services, "token", "browser")
    assert (taken.secret, taken.next_page) == ("secret", "/chat/general/7")
    with pytest.raises(SignInFailed) as refusal:
        await accounts.take_sign_in(services, "token", "browser")
    assert refusal.value.kind == "expired"


@pytest.mark.parametrize(
    ("token", "browser", "seconds"),
    [("token", "another browser", 0), ("another token", "browser", 0), ("token", "browser", SIGN_IN_LIFE / 1000)],
    ids=["another browser", "another token", "too late"],
)
async def test_a_dance_that_is_not_this_browsers_is_over(
    house: House, token: str, browser: str, seconds: float
) -> None:
    await accounts.begin_sign_in(house.services, "token", "secret", "/", "browser")
    house.clock.advance(seconds)
    with pytest.raises(SignInFailed) as refusal:
        await accounts.take_sign_in(house.services, token, browser)
    assert refusal.value.kind == "expired"


async def test_the_browsers_secret_is_kept_as_a_hash(house: House) -> None:
    await accounts.begin_sign_in(house.services, "token", "secret", "/", "browser-secret")
    taken = await accounts.take_sign_in(house.services, "token", "browser-secret")
    assert isinstance(taken, SignIn)
    assert taken.browser_hash == hashlib.sha256(b"browser-secret").hexdigest()


async def test_whoever_signs_in_is_in_every_public_room_and_has_nothing_unread(house: House, bo: Visitor) -> None:
    attic = await house.private_room()
    await house.post(bo, "before ana")
    profile = TwitterProfile(user_id="77", handle="ana", name="Ana A.")
    signed_in = await accounts.sign_in_with_twitter(house.services, profile, "a browser")
    assert signed_in.newcomer
    mine = await house.services.store.read(memberships.of_user, signed_in.user.id)
    assert [(room.id, membership.read_number) for room, membership in mine] == [(GENERAL, 1)]
    assert attic.id not in [room.id for room, _ in mine]
    again = await accounts.sign_in_with_twitter(house.services, profile, "a browser")
    assert not again.newcomer
    assert again.user.id == signed_in.user.id
    assert again.token != signed_in.token


async def test_only_a_hash_of_a_session_is_kept(house: House, ana: Visitor) -> None:
    token = house.tokens[ana.user.id]
    assert len(token) >= 43, "256 bits"
    found = await house.services.store.read(sessions.find, accounts.token_hash(token))
    assert found
    assert await house.services.store.read(sessions.find, token) is None


async def test_those_who_come_at_once_are_noted_in_a_few_writes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart everybody does, and a durable write for each took longer than all else that let them in."""
    given = [await accounts.add_token(house.services, f"person{number}", "a program") for number in range(20)]
    store, write, writes = house.services.store, Store.write, []

    def counted(self: Store, work: Callable[..., object], *given: object) -> object:
        writes.append(work)
        return write(self, work, *given)

    monkeypatch.setattr(Store, "write", counted)
    visitors = await asyncio.gather(*[accounts.resume_bearer(house.services, secret) for secret in given])
    assert len(writes) < len(given) / 2
    found = await store.read(tokens.by_ids, [visitor.token_id for visitor in visitors if visitor and visitor.token_id])
    assert len(found) == 20
    assert all(token.seen_at for token in found)


async def test_a_token_that_nobody_was_given_opens_nothing(house: House, ana: Visitor) -> None:
    for token in ("", "x", house.tokens[ana.user.id] + "x", accounts.token_hash(house.tokens[ana.user.id])):
        assert await accounts.resume(house.services, token) is None
        assert await accounts.resume_bearer(house.services, token) is None


async def test_a_session_ends_after_a_week_unused(house: House, ana: Visitor) -> None:
    token = house.tokens[ana.user.id]
    house.clock.advance(SESSION_IDLE_LIFE / 1000 - 1)
    assert await accounts.resume(house.services, token)
    house.clock.advance(SESSION_IDLE_LIFE / 1000)
    assert await accounts.resume(house.services, token) is None


async def test_a_session_in_use_ends_after_thirty_days(house: House, ana: Visitor) -> None:
    token = house.tokens[ana.user.id]
    for _ in range(29):
        house.clock.advance(DAY)
        assert await accounts.resume(house.services, token)
    house.clock.advance(DAY)
    assert house.clock.now() - ana.user.created_at == SESSION_LIFE
    assert await accounts.resume(house.services, token) is None


async def test_the_use_of_a_session_is_written_at_most_once_an_hour(house: House, ana: Visitor) -> None:
    async def seen_at() -> int:
        found = await house.services.store.read(sessions.find, accounts.token_hash(house.tokens[ana.user.id]))
        assert found
        return found[0].seen_at

    begun = await seen_at()
    house.clock.advance(3_599)
    await accounts.resume(house.services, house.tokens[ana.user.id])
    assert await seen_at() == begun
    house.clock.advance(61)
    await accounts.resume(house.services, house.tokens[ana.user.id])
    assert await seen_at() == begun + 3_660_000


async def test_a_full_disk_keeps_nobody_out(house: House, ana: Visitor) -> None:
    house.clock.advance(2 * 3600)
    await house.services.store.write(lambda c: c.exec_driver_sql("PRAGMA query_only = ON"))
    visitor = await accounts.resume(house.services, house.tokens[ana.user.id])
    assert visitor
    assert visitor.user == ana.user


async def test_a_signed_out_token_is_worthless_at_once(house: House, ana: Visitor) -> None:
    token = house.tokens[ana.user.id]
    assert await accounts.resume(house.services, token)
    await accounts.sign_out(house.services, ana)
    assert await accounts.resume(house.services, token) is None


async def test_a_session_read_before_its_end_is_not_remembered_after_it(house: House, ana: Visitor) -> None:
    house.services.cache.clear()
    resuming = asyncio.create_task(accounts.resume(house.services, house.tokens[ana.user.id]))
    await asyncio.sleep(0)
    await accounts.sign_out(house.services, ana)
    await resuming
    assert await accounts.resume(house.services, house.tokens[ana.user.id]) is None


async def test_signing_out_ends_one_session_and_no_other(house: House, ana: Visitor) -> None:
    first = house.tokens[ana.user.id]
    await house.sign_in("ana")
    await accounts.sign_out(house.services, ana)
    await accounts.sign_out(house.services, ana)
    assert await accounts.resume(house.services, first) is None
    assert await accounts.resume(house.services, house.tokens[ana.user.id])


async def test_who_came_with_a_bearer_token_has_no_session_to_end(house: House) -> None:
    token = await accounts.add_token(house.services, "robot", "reminders")
    visitor = await accounts.resume_bearer(house.services, token)
    assert visitor
    await accounts.sign_out(house.services, visitor)
    assert await accounts.resume_bearer(house.services, token)


async def test_a_connection_arrives_with_its_rooms_or_not_at_all(house: House, ana: Visitor) -> None:
    assert [room.slug for room, _ in (await accounts.arrive(house.services, ana)).rooms] == ["general"]
    await accounts.sign_out(house.services, ana)
    with pytest.raises(NotSignedIn):
        await accounts.arrive(house.services, ana)


async def test_a_changed_handle_is_told_to_everybody_and_kept(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    again = await house.sign_in("ana_b", twitter_id="x-ana", name="Ana B.")
    assert again.user.id == ana.user.id
    (changed,) = await client.hears(events.PersonChanged)
    assert changed.person == events.Person(ana.user.id, "ana_b", "Ana B.")
    (former,) = await house.services.store.read(handles.formerly, ana.user.id, 5)
    assert former.handle == "ana"


async def test_nothing_is_told_when_nothing_changed(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    await house.sign_in("ana")
    await house.sign_in("cleo")
    await client.post()
    assert not client.of(events.PersonChanged)


async def test_an_expected_person_is_told_under_their_name_when_they_come(house: House, bo: Visitor) -> None:
    expected = await accounts.add_user(house.services, "ana", "moderator")
    client = await house.connect(bo)
    came = await house.sign_in("ana", twitter_id="77", name="Ana A.")
    assert came.user.id == expected.id
    assert came.user.role == "moderator"
    (changed,) = await client.hears(events.PersonChanged)
    assert changed.person.name == "Ana A."


async def test_a_handle_that_changed_hands_gives_nobody_anothers_account(house: House, ana: Visitor) -> None:
    await house.sign_in("ana_old", twitter_id="x-ana")
    stranger = await house.sign_in("ana", twitter_id="another id")
    assert stranger.user.id != ana.user.id


async def test_an_owners_handle_is_claimed_once_by_the_first_to_sign_in(migrated: object, tmp_path: object) -> None:
    async with open_house(migrated, tmp_path, environ={"OWNER_HANDLES": "ana"}) as house:  # type: ignore[arg-type]
        first = await house.sign_in("Ana", twitter_id="1")
        second = await house.sign_in("ana", twitter_id="2")
        assert (first.user.role, second.user.role) == ("owner", "member")


async def test_ended_and_worn_out_sessions_are_told_from_living_ones(house: House, ana: Visitor, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    await accounts.sign_out(house.services, ana)
    ids = [visitor.session_id or 0 for visitor in (ana, bo, cleo)]
    assert await accounts.ended_sessions(house.services, ids) == {ids[0]}
    house.clock.advance(5 * DAY)
    assert await accounts.ended_sessions(house.services, ids[2:]) == set()
    house.clock.advance(5 * DAY)
    assert await accounts.ended_sessions(house.services, ids) == {ids[0], ids[1]}


async def test_a_session_that_has_run_out_stays_so_when_the_clock_is_set_back(house: House, ana: Visitor) -> None:
    token = house.tokens[ana.user.id]
    house.services.cache.clear()
    house.clock.advance(31 * DAY)
    house.clock.set_back(31 * DAY)
    assert await accounts.resume(house.services, token) is None
    await accounts.ended_sessions(house.services, [])
    after_restart = SetClock()
    services = make_services(house.services.settings, house.services.store, house.services.bus, after_restart)
    assert await accounts.resume(services, token) is None


async def test_a_clock_set_forward_ends_no_session(house: House, ana: Visitor) -> None:
    house.services.cache.clear()
    house.clock.set_back(-31 * DAY)
    assert await accounts.resume(house.services, house.tokens[ana.user.id])


async def test_a_token_ends_after_ninety_days_unused_and_lives_on_by_being_used(house: House, ana: Visitor) -> None:
    used, unused = [await accounts.add_token(house.services, "ana", name) for name in ("used", "unused")]
    house.clock.advance(TOKEN_IDLE_LIFE / 1000 - 1)
    assert await accounts.resume_bearer(house.services, used)
    house.clock.advance(1)
    assert await accounts.resume_bearer(house.services, unused) is None
    house.clock.advance(TOKEN_IDLE_LIFE / 1000 - 2)
    assert await accounts.resume_bearer(house.services, used)


async def test_the_use_of_a_token_is_written_at_most_once_an_hour(house: House, ana: Visitor) -> None:
    secret = await accounts.add_token(house.services, "ana", "robot")

    async def seen_at() -> int | None:
        house.services.cache.clear()
        await accounts.resume_bearer(house.services, secret)
        (token,) = await house.services.store.read(tokens.of_user, ana.user.id)
        return token.seen_at

    begun = house.clock.now()
    assert await seen_at() == begun
    house.clock.advance(3_599)
    assert await seen_at() == begun
    house.clock.advance(1)
    assert await seen_at() == begun + 3_600_000


async def test_a_full_disk_keeps_no_program_out(house: House, ana: Visitor) -> None:
    secret = await accounts.add_token(house.services, "ana", "robot")
    await house.services.store.write(lambda c: c.exec_driver_sql("PRAGMA query_only = ON"))
    assert await accounts.resume_bearer(house.services, secret)


async def test_a_token_that_is_remembered_opens_nothing_as_a_session_nor_the_other_way_round(
    house: House, ana: Visitor
) -> None:
    secret, session = await accounts.add_token(house.services, "ana", "robot"), house.tokens[ana.user.id]
    for _ in range(2):
        assert await accounts.resume_bearer(house.services, secret)
        assert await accounts.resume(house.services, session)
        assert await accounts.resume(house.services, secret) is None
        assert await accounts.resume(house.services, f"bearer {secret}") is None
        assert await accounts.resume_bearer(house.services, session) is None


async def test_what_is_remembered_of_a_token_follows_its_person(house: House, ana: Visitor) -> None:
    secret = await accounts.add_token(house.services, "ana", "robot")
    assert await accounts.resume_bearer(house.services, secret)
    await preferences.change(house.services, ana, {"language": "ru"})
    visitor = await accounts.resume_bearer(house.services, secret)
    assert visitor
    assert visitor.preferences.language == "ru"


async def test_a_token_acts_for_its_person_and_is_kept_as_a_hash(house: House, ana: Visitor) -> None:
    token = await accounts.add_token(house.services, "ANA", "reminders")
    visitor = await accounts.resume_bearer(house.services, token)
    assert visitor
    assert visitor.user.id == ana.user.id
    assert visitor.session_id is None
    assert token.startswith("roost_")
    assert await house.services.store.read(tokens.find, token) is None
    other = await accounts.add_token(house.services, "robot", "reminders")
    robot = await accounts.resume_bearer(house.services, other)
    assert robot
    assert [room.slug for room, _ in (await accounts.arrive(house.services, robot)).rooms] == ["general"]
