from app.chat import team
from app.models import Visitor
from app.protocol import events
from tests.support.house import House


async def test_those_are_told_who_may_answer(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "moderator")
    news = await house.services.store.read(team.news)
    assert (news.team, news.waiting) == ([ana.user.id], 0)
    client, other = await house.connect(ana), await house.connect(bo)
    team.tell(house.services, news)
    assert await client.hears(events.WaitingChanged) == [events.WaitingChanged(count=0)]
    await other.post()
    assert not other.of(events.WaitingChanged)
