import pytest

from app.chat import accounts, preferences
from app.errors import BadPreference
from app.models import Preferences, Visitor
from app.protocol import events
from tests.support.house import House


async def test_what_is_chosen_reaches_every_device_of_the_person_and_nobody_else(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    phone, desk, other = [await house.connect(who) for who in (ana, await house.sign_in("ana"), bo)]
    chosen = await preferences.change(house.services, ana, {"theme": "dusk", "message_size": "18"})
    assert chosen == Preferences(theme="dusk", message_size=18)
    for client in (phone, desk):
        assert [event.preferences for event in await client.hears(events.PreferencesChanged)] == [chosen]
    await other.post()
    assert not other.of(events.PreferencesChanged)


async def test_a_page_that_comes_next_has_what_was_chosen(house: House, ana: Visitor) -> None:
    token = house.tokens[ana.user.id]
    assert await accounts.resume(house.services, token)
    chosen = await preferences.change(house.services, ana, {"density": "compact"})
    visitor = await accounts.resume(house.services, token)
    assert visitor
    assert visitor.preferences == chosen
    (started,) = (await house.connect(visitor)).of(events.SessionStarted)
    assert started.preferences == chosen


async def test_a_program_of_the_person_has_them_too(house: House, ana: Visitor) -> None:
    chosen = await preferences.change(house.services, ana, {"speak": "false"})
    visitor = await accounts.resume_bearer(house.services, await accounts.add_token(house.services, "ana", "robot"))
    assert visitor
    assert visitor.preferences == chosen


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({}, {}),
        ({"theme": "day"}, {"theme": "day"}),
        ({"message_size": "13", "enter_sends": "false"}, {"message_size": 13, "enter_sends": False}),
        ({"reduce_motion": "true", "notify": "none"}, {"reduce_motion": True, "notify": "none"}),
        ({"notify": "mentions"}, {"notify": "mentions"}),
        ({"language": ""}, {"language": ""}),
        ({"language": "pt-BR"}, {"language": "pt-BR"}),
    ],
)
def test_the_text_of_a_form_is_understood(given: dict[str, str], chosen: dict[str, object]) -> None:
    assert preferences.understood(given) == chosen


@pytest.mark.parametrize(
    "given",
    [
        {"theme": "neon"},
        {"theme": ""},
        {"theme": "day", "colour": "red"},
        {"message_size": "12"},
        {"message_size": "21"},
        {"message_size": "large"},
        {"message_size": "15.5"},
        {"sound": "perhaps"},
        {"sound": ""},
        {"notify": "ALL"},
        {"language": "EN"},
        {"language": "en_GB"},
        {"language": "en\n"},
        {"language": "x" * 10_000},
        {"user": "7"},
    ],
)
async def test_what_no_setting_offers_is_refused_and_changes_nothing(
    house: House, ana: Visitor, given: dict[str, str]
) -> None:
    with pytest.raises(BadPreference) as refusal:
        await preferences.change(house.services, ana, given)
    assert refusal.value.code == "bad_preference"
    assert await preferences.change(house.services, ana, {}) == Preferences()
