from app.models import Act, Deed, User
from app.storage import acts, rooms
from app.storage.store import Store


async def test_an_act_is_read_as_it_was_written(store: Store, ada: User, bob: User) -> None:
    room = await store.read(rooms.by_slug, "general")
    assert room is not None

    def write(connection: object) -> Act:
        return acts.add(
            connection,  # type: ignore[arg-type]
            "role.set",
            7,
            actor_id=ada.id,
            person_id=bob.id,
            room_id=room.id,
            details={"before": "member", "after": "ö\"'", "count": 3},
        )

    act = await store.write(write)
    assert act == Act(
        act.id, ada.id, "role.set", bob.id, room.id, 7, {"before": "member", "after": "ö\"'", "count": 3}, None
    )
    assert await store.read(acts.page, ada.id, None, 10) == [act]


async def test_pages_go_from_the_newest_back(store: Store, ada: User) -> None:
    made = [await store.write(acts.add, "role.claim", n, actor_id=None, person_id=ada.id) for n in range(5)]
    assert await store.read(acts.page, ada.id, None, 2) == [made[4], made[3]]
    assert await store.read(acts.page, ada.id, made[3].id, 2) == [made[2], made[1]]
    assert await store.read(acts.page, ada.id, made[0].id, 2) == []


async def test_the_last_act_of_a_kind_that_was_done_to_somebody_is_undone_once(
    store: Store, ada: User, bob: User
) -> None:
    kinds: list[tuple[Deed, User]] = [
        ("member.mute", bob), ("member.mute", bob), ("role.set", bob), ("member.mute", ada)
    ]  # fmt: skip
    made = [await store.write(acts.add, what, 1, actor_id=None, person_id=person.id) for what, person in kinds]
    for now in (7, 8):
        await store.write(acts.undo_last, "member.mute", bob.id, now)
    assert [(await found(store, act)).undone_at for act in made] == [None, 7, None, None]
    assert await store.read(acts.by_id, ada.id, 999) is None


async def found(store: Store, act: Act) -> Act:
    read = await store.read(acts.by_id, 1, act.id)
    assert read is not None
    return read


async def test_those_are_found_whom_the_last_acts_gave_another_role(store: Store, ada: User, bob: User) -> None:
    for person in (ada, bob, bob):
        await store.write(acts.add, "role.set", 1, actor_id=None, person_id=person.id)
    assert await store.read(acts.given_roles, 2) == {bob.id}
    assert await store.read(acts.given_roles, 3) == {ada.id, bob.id}
    assert await store.read(acts.given_roles, 9) == {ada.id, bob.id}
