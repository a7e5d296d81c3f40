"""The tree of errors: as its page says, each with a code of its own and a sentence for a person."""

import re

import pytest

from app import errors
from app.errors import BadRequest, RoostError, SettingsError, SignInFailed, TextEmpty, TextTooLong, TooFast

MADE: dict[type[RoostError], RoostError] = {
    BadRequest: BadRequest("Write a number."),
    errors.BadCommand: errors.BadCommand("Write a number."),
    errors.BadRoomName: errors.BadRoomName("A room needs a name."),
    errors.RoomTaken: errors.RoomTaken("general"),
    TextTooLong: TextTooLong(4_000),
    TextEmpty: TextEmpty(),
    TooFast: TooFast(2.5),
    errors.NotYet: errors.NotYet(600),
    errors.Muted: errors.Muted(600),
    errors.LinksLater: errors.LinksLater(600),
    errors.DirectLater: errors.DirectLater(600),
    errors.BadDate: errors.BadDate("2026-13-01"),
    errors.InsufficientScope: errors.InsufficientScope("write"),
    errors.InvalidScope: errors.InvalidScope("read, write"),
    errors.BodyTooLarge: errors.BodyTooLarge(65_536),
    errors.FilesLater: errors.FilesLater(600),
    errors.FileTooLarge: errors.FileTooLarge(25),
    errors.TooManyFiles: errors.TooManyFiles(10),
    errors.FilesUsedUp: errors.FilesUsedUp(1_000),
    SettingsError: SettingsError({"PORT": "It is no number."}),
    errors.SettingsMissing: errors.SettingsMissing({"SECRET_KEY": "heroku config:set SECRET_KEY=."}, {}, 5000),
    SignInFailed: SignInFailed("cancelled"),
    errors.EditTooLate: errors.EditTooLate(15),
    errors.TooManyReactions: errors.TooManyReactions(20),
    errors.TooManyPins: errors.TooManyPins(50),
    errors.TooManyRooms: errors.TooManyRooms(200),
    errors.TooManyTalks: errors.TooManyTalks(100),
    errors.MustWait: errors.MustWait("a token"),
}


def every(base: type[RoostError]) -> list[type[RoostError]]:
    return [base, *(found for below in base.__subclasses__() for found in every(below))]


ALL = every(RoostError)


def made(kind: type[RoostError]) -> RoostError:
    return MADE.get(kind) or kind()


def test_the_page_shows_the_tree_as_it_is() -> None:
    shown = re.findall(r"^ .*?(\w+) +(\w+) +(\d{3})(  temporary)?$", errors.__doc__ or "", re.MULTILINE)
    told = {name: (code, int(status), bool(temporary)) for name, code, status, temporary in shown}
    assert told == {kind.__name__: (kind.code, kind.status, kind.temporary) for kind in ALL if kind is not RoostError}


def test_codes_are_unique() -> None:
    assert len({kind.code for kind in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_an_error_has_a_sentence_and_says_when_to_come_back_if_that_helps(kind: type[RoostError]) -> None:
    error = made(kind)
    assert re.search(r"[A-Z].*\.$", error.message, re.DOTALL)
    assert kind.code in str(error)
    # What is said of a mute is when it ends; nobody should repeat by themselves what they wrote days ago.
    assert (error.retry_after is not None) == (error.temporary or issubclass(kind, errors.NotYet))
    assert 400 <= error.status < 600


@pytest.mark.parametrize(
    ("seconds", "left"),
    [
        (0.1, "1 min"),
        (60, "1 min"),
        (61, "2 min"),
        (5_400, "90 min"),
        (5_401, "2 h"),
        (129_600, "36 h"),
        (604_800, "7 d"),
    ],
)
def test_a_long_wait_is_told_in_the_unit_that_fits(seconds: float, left: str) -> None:
    assert errors.Muted(seconds).message.endswith(f"again in {left}.")


def test_waiting_is_told_in_whole_units_to_people_and_exactly_to_programs() -> None:
    assert TooFast(0.25).message.endswith("in 1 s.")
    assert TooFast(0.25).retry_after == 0.25
    assert TooFast(12.4).message.endswith("in 13 s.")
    assert TooFast(99.9).message.endswith("in 2 min.")
    assert TooFast(1801).message.endswith("in 31 min.")
    assert TooFast(6001).message.endswith("in 2 h.")
