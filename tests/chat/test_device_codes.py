"""A program asks, somebody answers, and the program is let in or not (RFC 8628)."""

import re

import pytest

from app.chat import access, accounts, bans, departure, device_codes, devices, programs
from app.chat.device_codes import ALPHABET, GUESSES, INTERVAL, LIFE, Codes
from app.errors import (
    AccessDenied,
    AuthorizationPending,
    BadRequest,
    ExpiredToken,
    NotSignedIn,
    SignInAgain,
    SlowDown,
    TooFast,
    WrongUserCode,
)
from app.models import Visitor
from app.services import Services
from app.storage import device_codes as rows
from app.storage import tokens
from tests.support.house import House

HERE = "10.0.0.7"


async def asked(house: House, name: str = "terminal on laptop") -> Codes:
    house.clock.advance(60)  # past the pace of one address
    return await device_codes.ask(house.services, HERE, name)


async def approve(house: House, visitor: Visitor, codes: Codes) -> None:
    await device_codes.answer(house.services, visitor, codes.user_code, approved=True)


async def redeemed(house: House, codes: Codes) -> tuple[str, Visitor]:
    house.clock.advance(INTERVAL)
    token, user = await device_codes.redeem(house.services, codes.device_code)
    visitor = await accounts.resume_bearer(house.services, token)
    assert visitor
    assert visitor.user == user
    return token, visitor


def wrong(number: int) -> str:
    return f"{ALPHABET[number // 20]}{ALPHABET[number % 20]}ZZZZZZ"


async def test_who_approves_has_a_program_that_acts_for_them(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    with pytest.raises(AuthorizationPending):
        await redeemed(house, codes)
    await approve(house, ana, codes)
    token, visitor = await redeemed(house, codes)
    assert token.startswith("roost_")
    assert (visitor.user.id, visitor.session_id) == (ana.user.id, None)
    (kept,) = await house.services.store.read(tokens.of_user, ana.user.id)
    assert (kept.id, kept.name) == (visitor.token_id, "terminal on laptop")


async def test_it_has_two_codes_of_which_only_hashes_are_kept(house: House) -> None:
    codes = await asked(house)
    assert len(codes.device_code) >= 43, "256 bits"
    assert re.fullmatch(f"[{ALPHABET}]{{8}}", codes.user_code)
    kept = await house.services.store.read(rows.by_device, accounts.token_hash(codes.device_code))
    assert kept
    assert codes.user_code not in repr(kept)
    assert codes.device_code not in repr(kept)
    assert (kept.name, kept.address, kept.expires_at - kept.asked_at) == ("terminal on laptop", HERE, LIFE)


async def test_a_device_code_works_once(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    await approve(house, ana, codes)
    await redeemed(house, codes)
    for _ in range(2):
        with pytest.raises(ExpiredToken):
            await redeemed(house, codes)
    assert len(await house.services.store.read(tokens.of_user, ana.user.id)) == 1


async def test_a_program_that_is_refused_is_told_so_and_never_let_in(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    await device_codes.answer(house.services, ana, codes.user_code, approved=False)
    for _ in range(2):
        with pytest.raises(AccessDenied):
            await redeemed(house, codes)
    with pytest.raises(WrongUserCode):
        await approve(house, ana, codes)


async def test_who_asks_too_soon_is_told_to_slow_down_answered_or_not(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    with pytest.raises(AuthorizationPending):
        await device_codes.redeem(house.services, codes.device_code)
    with pytest.raises(SlowDown):
        await device_codes.redeem(house.services, codes.device_code)
    await approve(house, ana, codes)
    with pytest.raises(SlowDown):
        await device_codes.redeem(house.services, codes.device_code)
    await redeemed(house, codes)


@pytest.mark.parametrize("is_approved", [False, True])
async def test_after_ten_minutes_both_codes_are_over(house: House, ana: Visitor, is_approved: bool) -> None:
    codes = await asked(house)
    if is_approved:
        await approve(house, ana, codes)
    house.clock.advance(LIFE / 1000)
    for _ in range(2):
        with pytest.raises(WrongUserCode):
            await device_codes.look_up(house.services, ana, codes.user_code)
        with pytest.raises(ExpiredToken):
            await redeemed(house, codes)
        await asked(house, "another")  # which sweeps
    assert await house.services.store.read(rows.by_device, accounts.token_hash(codes.device_code)) is None


@pytest.mark.parametrize("code", ["", "x", "a" * 43])
async def test_a_device_code_that_nobody_was_given_is_over_too(house: House, code: str) -> None:
    with pytest.raises(ExpiredToken):
        await device_codes.redeem(house.services, code)


async def test_neither_code_does_the_work_of_the_other(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    with pytest.raises(ExpiredToken):
        await device_codes.redeem(house.services, codes.user_code)
    with pytest.raises(WrongUserCode):
        await device_codes.look_up(house.services, ana, codes.device_code)


async def test_the_first_who_answers_decides_and_nobody_else_gets_the_program(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    codes = await asked(house)
    await approve(house, ana, codes)
    with pytest.raises(WrongUserCode):
        await approve(house, bo, codes)
    with pytest.raises(WrongUserCode):
        await device_codes.answer(house.services, bo, codes.user_code, approved=False)
    _, visitor = await redeemed(house, codes)
    assert visitor.user.id == ana.user.id


async def test_a_code_is_read_however_people_write_it(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    first, last = codes.user_code[:4], codes.user_code[4:]
    assert device_codes.shown(codes.user_code) == f"{first}-{last}"
    for written in (f"{first}-{last}", f" {first.lower()} {last.lower()} ", f"{first}{last}"):
        assert (await device_codes.look_up(house.services, ana, written)).name == "terminal on laptop"


@pytest.mark.parametrize("written", ["", "BCDF-GHJ", "BCDF-GHJKL", "AEIO-UAEI", "BCDF-GHJ1", "ВСDF-GHJK", "*" * 999])
async def test_what_can_be_no_code_is_a_wrong_one(house: House, ana: Visitor, written: str) -> None:
    assert device_codes.typed(written) == ""
    with pytest.raises(WrongUserCode):
        await device_codes.look_up(house.services, ana, written)


async def test_after_five_wrong_codes_even_a_right_one_waits(house: House, ana: Visitor, bo: Visitor) -> None:
    codes = await asked(house)
    for number in range(GUESSES.most):
        with pytest.raises(WrongUserCode):
            await device_codes.look_up(house.services, ana, wrong(number))
    with pytest.raises(TooFast) as refusal:
        await approve(house, ana, codes)
    assert 0 < refusal.value.retry_after <= 600
    with pytest.raises(TooFast):
        await device_codes.look_up(house.services, ana, wrong(99))
    await approve(house, bo, codes)


async def test_right_codes_are_no_guesses_and_give_none_back(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    for number in range(GUESSES.most):
        for _ in range(3):
            await device_codes.look_up(house.services, ana, codes.user_code)
        with pytest.raises(WrongUserCode):
            await device_codes.look_up(house.services, ana, wrong(number))
    with pytest.raises(TooFast):
        await device_codes.look_up(house.services, ana, codes.user_code)


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 61, "two\nlines", "a\x00b", "\x1b[31mred", "right\u202eto left", "a\u200bb", "\ud800"]
)
async def test_a_name_that_deceives_or_is_none_is_refused(house: House, name: str) -> None:
    with pytest.raises(BadRequest):
        await asked(house, name)


@pytest.mark.parametrize("name", ["x", "x" * 60, "терминал на ноутбуке", "emacs 🦉", " trimmed "])
async def test_a_name_is_one_line_of_anything_that_is_seen(house: House, ana: Visitor, name: str) -> None:
    codes = await asked(house, name)
    assert (await device_codes.look_up(house.services, ana, codes.user_code)).name == name.strip()


async def test_one_address_asks_no_faster_than_it_signs_in(house: House) -> None:
    for _ in range(house.services.settings.limit_login_per_minute):
        await device_codes.ask(house.services, HERE, "terminal")
    with pytest.raises(TooFast):
        await device_codes.ask(house.services, HERE, "terminal")
    await device_codes.ask(house.services, "10.0.0.8", "terminal")


async def test_no_more_than_so_many_wait_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_codes, "MOST_OPEN", 3)
    for _ in range(3):
        await asked(house)
    with pytest.raises(TooFast) as refusal:
        await asked(house)
    assert refusal.value.retry_after
    house.clock.advance(LIFE / 1000)
    await asked(house)


async def test_who_is_gone_before_the_program_comes_lets_nothing_in(house: House, ana: Visitor, bo: Visitor) -> None:
    mod = await house.appoint(await house.sign_in("mod"), "moderator")
    banned, left = await asked(house), await asked(house)
    await approve(house, ana, banned)
    await approve(house, bo, left)
    await bans.ban(house.services, mod, ana.user.id)
    await departure.delete(house.services, bo, "bo")
    for codes in (banned, left):
        with pytest.raises((AccessDenied, ExpiredToken)):
            await redeemed(house, codes)


async def test_who_is_banned_approves_nothing(house: House, ana: Visitor) -> None:
    mod = await house.appoint(await house.sign_in("mod"), "moderator")
    codes = await asked(house)
    await bans.ban(house.services, mod, ana.user.id)
    with pytest.raises(NotSignedIn):
        await approve(house, ana, codes)


async def test_a_session_that_was_ended_approves_nothing(house: House, ana: Visitor) -> None:
    lost, codes = await house.sign_in("ana"), await asked(house)
    await devices.sign_out(house.services, ana, lost.session_id or 0)
    with pytest.raises(NotSignedIn):
        await approve(house, lost, codes)
    await approve(house, ana, codes)


async def test_a_session_lets_nothing_in_while_all_others_are_signed_out(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, codes = await house.sign_in("ana"), await asked(house)
    end_others = programs.end_others

    async def end_and_be_late(services: Services, visitor: Visitor) -> None:
        await end_others(services, visitor)
        with pytest.raises(NotSignedIn):
            await approve(house, lost, codes)

    monkeypatch.setattr(programs, "end_others", end_and_be_late)
    await devices.sign_out_others(house.services, ana)


async def test_what_was_approved_goes_with_all_other_sign_ins(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    await approve(house, ana, codes)
    await devices.sign_out_others(house.services, ana)
    with pytest.raises(ExpiredToken):
        await redeemed(house, codes)


async def test_an_old_sign_in_and_a_program_approve_nothing(house: House, ana: Visitor) -> None:
    first = await asked(house)
    await approve(house, ana, first)
    _, program = await redeemed(house, first)
    codes = await asked(house)
    with pytest.raises(SignInAgain):
        await approve(house, program, codes)
    house.clock.advance(access.FRESH / 1000 + 1)
    late = await asked(house)
    with pytest.raises(SignInAgain):
        await approve(house, ana, late)
    with pytest.raises(AuthorizationPending):
        await redeemed(house, late)


async def test_what_takes_a_fresh_sign_in_no_program_does(house: House, ana: Visitor) -> None:
    codes = await asked(house)
    await approve(house, ana, codes)
    _, visitor = await redeemed(house, codes)
    assert not access.is_fresh(visitor, house.clock.now())
