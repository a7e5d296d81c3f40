import pytest

from app.models import TwitterProfile, User
from app.storage import memberships, rooms, suggestions, users
from app.storage.store import Store
from tests.support.storage import new_message, post

NOBODY = 0
"""Has blocked nobody."""


@pytest.fixture(autouse=True, params=["few", "many"])
def by_person_or_by_word(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "many":
        monkeypatch.setattr(suggestions, "FEW", -1)


async def member(store: Store, handle: str, name: str = "", *, twitter_id: str = "") -> User:
    """Somebody who is in every public room."""
    profile = TwitterProfile(user_id=twitter_id or f"x-{handle}", handle=handle, name=name or None)
    user = await store.write(users.upsert_by_twitter_id, profile, 1, frozenset())
    await store.write(memberships.join_default, user.id, 1)
    return user


async def found(store: Store, prefix: str, *, limit: int = 8, room_id: int = 1) -> list[str]:
    return [user.handle for user in await store.read(suggestions.members, room_id, NOBODY, prefix, limit)]


async def found_elsewhere(store: Store, visitor: User, prefix: str, *, room_id: int, limit: int = 8) -> list[str]:
    return [user.handle for user in await store.read(suggestions.others, room_id, visitor.id, prefix, limit)]


async def test_a_handle_and_each_word_of_a_name_find_somebody(store: Store) -> None:
    await member(store, "grace_o", "Graçia Okafor-Ndé")
    for prefix in ("grace", "GRACE_O", "o", "gra", "GRAÇ", "okaf", "nde", "NDÉ"):
        assert await found(store, prefix) == ["grace_o"], prefix
    for prefix in ("race", "grace_ok", "kafor", "grace okafor", "%", "_"):
        assert await found(store, prefix) == [], prefix


async def test_who_spoke_last_comes_first_then_the_others_by_the_word(store: Store) -> None:
    anna, _, anton, ann = [await member(store, handle) for handle in ("anna", "andy", "anton", "ann")]
    await post(store, [new_message(anna)])
    await post(store, [new_message(anton)])
    await post(store, [new_message(ann)])
    await post(store, [new_message(anna, "again")])
    assert await found(store, "an") == ["anna", "ann", "anton", "andy"]
    assert await found(store, "an", limit=2) == ["anna", "ann"]
    assert await found(store, "an", limit=4) == ["anna", "ann", "anton", "andy"]


async def test_without_a_letter_everybody_is_meant(store: Store) -> None:
    _, bo = await member(store, "ana"), await member(store, "bo")
    await post(store, [new_message(bo)])
    assert await found(store, "") == ["bo", "ana"]


async def test_several_words_that_begin_alike_find_somebody_once(store: Store) -> None:
    await member(store, "anna_ann", "Ann Anna Annabel")
    await member(store, "annie")
    assert await found(store, "ann", limit=2) == ["anna_ann", "annie"]


async def test_who_is_called_otherwise_now_is_found_by_that_alone(store: Store) -> None:
    await member(store, "ada", "Ada Lovelace", twitter_id="42")
    await member(store, "countess", "Ada King", twitter_id="42")
    assert [await found(store, prefix) for prefix in ("count", "king", "ada")] == [["countess"]] * 3
    assert await found(store, "love") == []


async def test_who_is_not_in_the_room_is_found_apart(store: Store) -> None:
    ana, bo = await member(store, "ana"), await member(store, "bo")
    attic = await store.write(rooms.add, "attic", "Attic", "", "private", 5)
    assert await found(store, "a", room_id=attic.id) == []
    assert await found_elsewhere(store, ana, "", room_id=attic.id) == ["ana", "bo"]
    assert await found_elsewhere(store, ana, "", room_id=attic.id, limit=1) == ["ana"]
    assert await found_elsewhere(store, ana, "", room_id=1) == []
    # Who spoke in a room and is not in it any more is nobody of the room.
    await post(store, [new_message(ana, room_id=attic.id), new_message(bo, room_id=attic.id)])
    assert await found(store, "", room_id=attic.id) == []


async def test_who_shares_no_room_with_the_visitor_is_not_found(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_default, ada.id, 1)
    attic = await store.write(rooms.add, "attic", "Attic", "", "private", 5)
    assert await found_elsewhere(store, ada, "", room_id=attic.id) == ["ada"]
    assert await found_elsewhere(store, bob, "", room_id=attic.id) == []
    await store.write(memberships.join_default, bob.id, 1)
    assert await found_elsewhere(store, ada, "", room_id=attic.id) == ["ada", "bob"]


async def test_who_wrote_elsewhere_is_nobody_to_speak_to(store: Store) -> None:
    imported = await store.write(users.add_imported, "wren", 1)
    await post(store, [new_message(imported)])
    assert await found(store, "wren") == []
    assert await found_elsewhere(store, imported, "wren", room_id=999) == []


async def test_who_was_added_is_found_before_they_sign_in(store: Store) -> None:
    expected = await store.write(users.add, "Ada", "member", 1)
    await store.write(memberships.join_default, expected.id, 1)
    assert await found(store, "ad") == ["Ada"]
