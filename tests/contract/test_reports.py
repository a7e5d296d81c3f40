from app.models import User
from app.storage import reports
from app.storage.store import Store


async def told(store: Store, reporter: User | None, about: User, number: int | None = None, at: int = 7) -> bool:
    room = None if number is None else 1
    reporter_id = None if reporter is None else reporter.id
    return await store.write(
        reports.add, reporter_id, about.id, at, reason="spam", note="n", room_id=room, number=number, said="eggs"
    )


async def test_what_one_person_tells_twice_is_one_report_until_it_is_closed(store: Store, ada: User, bob: User) -> None:
    assert [await told(store, ada, bob, 3), await told(store, ada, bob, 3)] == [True, False]
    assert [await told(store, None, bob, 3), await told(store, None, bob, 3)] == [True, False]
    first, by_roost = await store.read(reports.page, 10)
    assert (first.reporter_id, first.person_id, first.room_id, first.number) == (ada.id, bob.id, 1, 3)
    assert (first.said, first.reason, first.note, first.at, first.closed_at) == ("eggs", "spam", "n", 7, None)
    assert by_roost.reporter_id is None
    await store.write(reports.close, first, 9)
    assert await store.read(reports.page, 10) == []
    closed = await store.read(reports.by_id, first.id)
    assert closed is not None
    assert closed.closed_at == 9
    assert await told(store, ada, bob, 3)


async def test_what_somebody_told_is_theirs_to_take_along(store: Store, ada: User, bob: User) -> None:
    await told(store, ada, bob, 3)
    await told(store, bob, ada)
    assert [each.person_id for each in await store.read(reports.by_reporter, ada.id)] == [bob.id]


async def test_reports_of_one_message_or_person_are_one_case(store: Store, ada: User, bob: User) -> None:
    for reporter, about, number in ((ada, bob, 3), (None, bob, 3), (ada, bob, 4), (ada, bob, None), (bob, ada, None)):
        await told(store, reporter, about, number)
    assert await store.read(reports.people) == {bob.id: 3, ada.id: 1}
    assert await store.read(reports.count_cases, 0) == 4
    assert await store.read(reports.count_cases, bob.id) == 1
    one, *_ = await store.read(reports.page, 1)
    await store.write(reports.close, one, 9)
    assert await store.read(reports.people) == {bob.id: 2, ada.id: 1}
    await store.write(reports.close_all, bob.id, 10)
    assert await store.read(reports.people) == {ada.id: 1}
    await store.write(reports.reopen, bob.id, 9)
    assert await store.read(reports.people) == {bob.id: 1, ada.id: 1}
