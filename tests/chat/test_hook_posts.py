"""What is posted by the secret of an incoming webhook."""

import pytest

from app.chat import hook_posts, memberships, mutes, rooms, webhooks
from app.chat.hook_posts import MISSED
from app.chat.webhooks import Wanted
from app.errors import Muted, NotFound, RoomArchived, TextEmpty, TextTooLong, TooFast
from app.models import Posted, Room, Visitor
from app.protocol import events
from tests.support.house import House, new_nonce

ADDRESS = "10.0.0.1"


@pytest.fixture
async def attic(house: House, ana: Visitor) -> Room:
    """A private room that ana moderates."""
    return (await rooms.create(house.services, ana, "Attic", "private"))[0]


@pytest.fixture
async def secret(house: House, ana: Visitor, attic: Room) -> str:
    return (await webhooks.make(house.services, ana, attic.id, Wanted("incoming", "Build bot")))[1]


async def post(house: House, secret: str, text: str = "hi", nonce: str = "", address: str = ADDRESS) -> Posted:
    caller = await hook_posts.recognise(house.services, address, secret)
    return await hook_posts.post(house.services, caller, nonce or new_nonce(), text)


async def test_it_is_posted_in_the_room_by_the_bot(house: House, ana: Visitor, attic: Room, secret: str) -> None:
    client = await house.connect(ana)
    await client.open(attic.id)
    posted = (await post(house, secret, "the build is **green**")).message
    (heard,) = await client.hears(events.MessagePosted)
    assert heard.message.number == posted.number
    assert heard.message.html == "the build is <strong>green</strong>"
    assert heard.person is not None
    assert (heard.person.name, heard.person.bot, heard.person.id) == ("Build bot", True, posted.author_id)


async def test_it_mentions_people_as_everybody_does(house: House, ana: Visitor, attic: Room, secret: str) -> None:
    client = await house.connect(ana)
    await post(house, secret, "@ana, look")
    (told,) = await client.hears(events.MentionPosted)
    assert told.room == attic.id


async def test_it_is_posted_once_with_one_nonce(house: House, attic: Room, secret: str) -> None:
    nonce = new_nonce()
    first, again = [await post(house, secret, nonce=nonce) for _ in range(2)]
    assert (first.duplicate, again.duplicate) == (False, True)
    assert first.message == again.message


async def test_a_secret_of_nobody_is_refused_and_an_address_that_tries_many_has_to_wait(
    house: House, secret: str
) -> None:
    for number in range(MISSED.most):
        with pytest.raises(NotFound):
            await post(house, f"roost_hook_{number}")
    with pytest.raises(TooFast):
        await post(house, "roost_hook_once_more")
    await post(house, secret)
    with pytest.raises(NotFound):
        await post(house, "roost_hook_1", address="10.0.0.2")


async def test_it_ends_with_its_webhook_and_with_its_secret(
    house: House, ana: Visitor, attic: Room, secret: str
) -> None:
    (listed,) = await webhooks.listed(house.services, ana, attic.id)
    _, other = await webhooks.rotate(house.services, ana, attic.id, listed.webhook.id)
    with pytest.raises(NotFound):
        await post(house, secret)
    await post(house, other)
    await webhooks.remove(house.services, ana, attic.id, listed.webhook.id)
    with pytest.raises(NotFound):
        await post(house, other)


async def test_that_of_an_outgoing_one_lets_nobody_post(house: House, ana: Visitor, attic: Room) -> None:
    wanted = Wanted("outgoing", "Weather", "https://site.test/")
    _, secret = await webhooks.make(house.services, ana, attic.id, wanted)
    with pytest.raises(NotFound):
        await post(house, secret)


async def test_whoever_may_manage_none_any_more_posts_by_none(
    house: House, ana: Visitor, attic: Room, secret: str
) -> None:
    owner = await house.appoint(await house.sign_in("cy"), "owner")
    await mutes.mute(house.services, owner, ana.user.id, 10)
    with pytest.raises(Muted):
        await post(house, secret)
    await mutes.lift(house.services, owner, ana.user.id)
    await post(house, secret)
    await memberships.leave(house.services, ana, attic.id)
    with pytest.raises(NotFound):
        await post(house, secret)


async def test_the_rules_of_rooms_and_texts_hold(house: House, ana: Visitor, attic: Room, secret: str) -> None:
    with pytest.raises(TextEmpty):
        await post(house, secret, " ")
    with pytest.raises(TextTooLong):
        await post(house, secret, "x" * 4_001)
    await rooms.change(house.services, ana, attic.id, rooms.Wanted(archived=True))
    with pytest.raises(RoomArchived):
        await post(house, secret)
