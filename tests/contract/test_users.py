from app.models import FormerHandle, Preferences, Role, TwitterProfile, User
from app.storage import handles, sessions, tokens, users
from app.storage.store import Store
from tests.support.storage import new_message, post


async def sign_in(
    store: Store, twitter_id: str, handle: str, now: int = 1, *, name: str | None = None, owners: str = ""
) -> User:
    profile = TwitterProfile(twitter_id, handle, name, fetched=name is not None)
    return await store.write(users.upsert_by_twitter_id, profile, now, frozenset(owners.split()))


async def add(store: Store, handle: str, role: Role = "member") -> User:
    return await store.write(users.add, handle, role, 1)


async def test_the_first_sign_in_makes_a_member(store: Store) -> None:
    user = await sign_in(store, "42", "Ada", 5, name="Ada Lovelace")
    assert user == User(
        user.id, "42", "Ada", "Ada Lovelace", "person", "member", created_at=5, profile_at=5, trusted_at=5
    )
    assert await store.read(users.by_id, user.id) == user
    assert await store.read(users.by_twitter_id, "42") == user


async def test_who_is_muted_until_when_and_new_until_when_is_kept(store: Store, ada: User, bob: User) -> None:
    await store.write(users.mute, bob.id, 9)
    trusted = await store.write(users.trust, ada.id, 77)
    assert trusted.trusted_at == 77
    assert [user.id for user in await store.read(users.muted, 8, 10)] == [bob.id]
    assert await store.read(users.muted, 9, 10) == []
    assert (await store.write(users.mute, bob.id, None)).muted_until is None


async def test_signing_in_again_finds_the_same_person(store: Store) -> None:
    first, again = await sign_in(store, "42", "ada", 5), await sign_in(store, "42", "ada", 9)
    assert again == first


async def test_without_a_profile_the_handle_is_the_name_until_one_is_known(store: Store) -> None:
    assert (await sign_in(store, "42", "ada")).name == "ada"
    assert (await sign_in(store, "42", "countess")).name == "countess"
    assert (await sign_in(store, "42", "countess", 7, name="Ada Lovelace")).name == "Ada Lovelace"
    later = await sign_in(store, "42", "lovelace", 9)
    assert (later.name, later.profile_at) == ("Ada Lovelace", 7)


async def test_a_handle_that_changes_is_kept_among_the_former_ones(store: Store) -> None:
    user = await sign_in(store, "42", "ada", 1)
    for now, handle in enumerate(["ADA", "countess", "lovelace"], start=2):
        await sign_in(store, "42", handle, now)
    formerly = await store.read(handles.formerly, user.id, 5)
    assert formerly == [FormerHandle(user.id, "countess", 4), FormerHandle(user.id, "ADA", 3)]
    assert await store.read(handles.formerly, user.id, 1) == formerly[:1]
    assert await store.read(users.by_handle, "Countess") is None
    assert await store.read(users.by_handle, "LOVELACE") == await store.read(users.by_id, user.id)


async def test_who_takes_over_a_handle_takes_over_nothing_else(store: Store) -> None:
    first = await sign_in(store, "1", "ada", 1, owners="ada")
    await post(store, [new_message(first, "by the first")])
    second = await sign_in(store, "2", "ada", 2, owners="ada")
    assert second.id != first.id
    assert (first.role, second.role) == ("owner", "member")
    assert await store.read(users.by_handle, "ada") == second
    back = await sign_in(store, "1", "ada_l", 3, owners="ada")
    (posted,) = await post(store, [new_message(back, "by the first again")])
    assert (back.id, back.role, posted.message.author_id) == (first.id, "owner", first.id)
    assert await store.read(handles.formerly, first.id, 5) == [FormerHandle(first.id, "ada", 3)]
    assert await store.read(handles.formerly, second.id, 5) == []
    assert await store.read(handles.of_others, second, 5) == [FormerHandle(first.id, "ada", 3)]
    assert await store.read(handles.of_others, back, 5) == []


async def test_a_handle_that_two_are_shown_under_is_the_newer_ones(store: Store) -> None:
    older, newer = await sign_in(store, "1", "ada", 1), await sign_in(store, "2", "Ada", 2)
    await store.write(users.add_imported, "ada", 3)
    assert await store.read(users.called, "ADA") == [newer, older]


async def test_the_newest_of_two_holders_has_the_handle(store: Store) -> None:
    older, newer = await sign_in(store, "1", "ada", 1), await sign_in(store, "2", "ada", 2)
    assert await store.read(users.by_handle, "ada") == newer
    await sign_in(store, "1", "ada", 3)
    assert await store.read(users.by_handle, "ada") == older


async def test_an_owner_handle_counts_for_somebody_already_here(store: Store) -> None:
    assert (await sign_in(store, "1", "ada", 1)).role == "member"
    assert (await sign_in(store, "1", "Ada", 2, owners="ADA bob")).role == "owner"


async def test_an_owner_handle_is_claimed_once(store: Store) -> None:
    await sign_in(store, "1", "ada", 1, owners="ada")
    await sign_in(store, "1", "countess", 2, owners="ada")
    for now, twitter_id in enumerate(["2", "3"], start=3):
        assert (await sign_in(store, twitter_id, "ada", now, owners="ada")).role == "member"


async def test_an_added_handle_is_claimed_by_the_first_who_signs_in_with_it(store: Store) -> None:
    added = await add(store, "Ada", "admin")
    assert (added.twitter_id, added.kind, added.role) == (None, "person", "admin")
    claimed = await sign_in(store, "1", "ada", 2)
    assert (claimed.id, claimed.twitter_id, claimed.role) == (added.id, "1", "admin")
    await sign_in(store, "1", "countess", 3)
    other = await sign_in(store, "2", "ada", 4)
    assert (other.id != added.id, other.role) == (True, "member")


async def test_a_promised_role_reaches_somebody_who_had_another_handle(store: Store) -> None:
    known = await sign_in(store, "1", "ada", 1)
    added = await add(store, "countess", "owner")
    assert added.id != known.id
    assert (await sign_in(store, "1", "countess", 2)).role == "owner"
    taker = await sign_in(store, "2", "countess", 3)
    assert (taker.id != added.id, taker.role) == (True, "member")


async def test_adding_somebody_who_is_here_promises_the_role_to_their_handle(store: Store) -> None:
    here = await sign_in(store, "1", "ada", 1)
    assert await add(store, "ada", "owner") == here
    assert (await sign_in(store, "1", "ada", 2)).role == "owner"


async def test_adding_twice_changes_the_role_of_one_account(store: Store) -> None:
    first, again = await add(store, "ada"), await add(store, "ADA", "moderator")
    assert (again.id, again.role) == (first.id, "moderator")


async def test_adding_again_renews_a_promise_that_was_kept(store: Store) -> None:
    await add(store, "ada", "admin")
    await sign_in(store, "1", "ada", 1)
    await add(store, "ada", "admin")
    assert (await sign_in(store, "2", "ada", 2)).role == "admin"


async def test_the_highest_promised_role_counts(store: Store) -> None:
    await add(store, "ada")
    assert (await sign_in(store, "1", "ada", owners="ada")).role == "owner"


async def test_a_promise_never_lowers_a_role(store: Store) -> None:
    await sign_in(store, "1", "ada", 1, owners="ada")
    await add(store, "ada", "member")
    assert (await sign_in(store, "1", "ada", 2, owners="ada")).role == "owner"


async def test_an_imported_person_is_made_once_and_is_nobody_who_signs_in(store: Store) -> None:
    imported = await store.write(users.add_imported, "[Ada]", 1)
    again = await store.write(users.add_imported, "[ada]", 2)
    assert again == imported
    assert (imported.kind, imported.twitter_id, imported.name) == ("imported", None, "[Ada]")
    assert (await sign_in(store, "1", "[Ada]")).id != imported.id


async def test_an_imported_name_is_no_handle(store: Store) -> None:
    await store.write(users.add_imported, "ada", 1)
    assert await store.read(users.by_handle, "ada") is None
    assert (await add(store, "ada")).kind == "person"


async def test_people_are_found_together(store: Store, ada: User, bob: User) -> None:
    assert await store.read(users.by_ids, [bob.id, ada.id, 999]) == [ada, bob]
    assert await store.read(users.by_ids, []) == []
    assert await store.read(users.by_ids, range(40_000)) == [ada, bob]
    assert await store.read(users.by_id, 999) is None


async def test_what_an_added_account_did_stays_with_it_when_it_is_claimed(store: Store) -> None:
    added = await add(store, "ada")
    token = await store.write(tokens.create, added.id, "bot", "hash of a token", 1, "manage")
    session = await store.write(sessions.create, added.id, "hash", "browser", 1, 2)
    claimed = await sign_in(store, "1", "ada", 2)
    assert await store.read(tokens.find, "hash of a token") == (token, claimed, Preferences())
    assert await store.read(sessions.find, "hash") == (session, claimed, Preferences())


async def set_role(store: Store, user: User, role: Role, *instead_of: Role) -> User:
    return await store.write(users.set_role, user, role, 9, instead_of)


async def test_a_role_that_is_set_stays_at_the_next_sign_in(store: Store) -> None:
    here = await sign_in(store, "1", "ada", 1)
    await add(store, "ada", "owner")
    assert (await set_role(store, here, "moderator", "owner")).role == "moderator"
    assert (await sign_in(store, "1", "ada", 2)).role == "moderator"


async def test_a_promise_that_is_not_to_be_taken_back_is_kept(store: Store) -> None:
    here = await sign_in(store, "1", "ada", 1)
    await add(store, "ada", "owner")
    await set_role(store, here, "moderator", "moderator", "member")
    assert (await sign_in(store, "1", "ada", 2)).role == "owner"


async def test_who_is_still_expected_comes_with_the_role_that_was_set(store: Store) -> None:
    added = await add(store, "ada", "admin")
    await set_role(store, added, "moderator", "admin", "moderator", "member")
    came = await sign_in(store, "1", "ada", 2)
    assert (came.id, came.role) == (added.id, "moderator")


async def test_owners_are_counted_once_they_have_signed_in(store: Store) -> None:
    assert not await store.read(users.expects_owner)
    await add(store, "ada", "owner")
    assert await store.read(users.expects_owner)
    assert await store.read(users.count_owners) == 0
    await sign_in(store, "1", "ada", 2)
    assert await store.read(users.count_owners) == 1
