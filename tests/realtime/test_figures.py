"""Scraped as Prometheus does: written in its text form and parsed again by its own library."""

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app.models import Visitor
from app.protocol import commands
from app.realtime.figures import Figures
from tests.chat.test_files import bring
from tests.faults.community import figure
from tests.support.house import GENERAL, Client, House, send


def scrape(house: House, *, database_up: bool = True) -> str:
    return generate_latest(Figures(house.services, house.hub, database_up=database_up)).decode()


def value(house: House, name: str) -> float:
    return figure(scrape(house), name)


async def test_messages_are_counted_once_each_stored_repeated_and_answered(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    nonce = "n" * 20
    for _ in range(3):
        await client.ask(send("hello", nonce=nonce))
    await client.post("another")
    assert value(house, "roost_messages_posted_total") == 2
    assert value(house, "roost_messages_repeated_total") == 2
    assert value(house, "roost_sends_answered_total") == 4
    assert value(house, "roost_log_commits_total") == 2
    assert value(house, 'roost_log_batch_messages_bucket{le="1.0"}') == 4
    assert value(house, "roost_log_batch_messages_sum") == 4
    assert value(house, "roost_log_commit_seconds_count") == 4
    assert value(house, "roost_log_waiting") == 0


async def test_a_refusal_is_counted_under_its_code(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    for code in ("internal", "storage", "unavailable", "too_fast"):
        assert value(house, f'roost_commands_failed_total{{code="{code}"}}') == 0
    await client.ask(send("hello", room=999))
    await client.ask(commands.OpenRoom(ref=0, room=998))
    await client.ask(send(" "))
    assert value(house, 'roost_commands_failed_total{code="not_found"}') == 2
    assert value(house, 'roost_commands_failed_total{code="text_empty"}') == 1


async def test_files_and_their_bytes_are_counted_once_they_are_there(house: House, ana: Visitor) -> None:
    file = await bring(house, ana)
    assert value(house, "roost_files_taken_total") == 1
    assert value(house, "roost_file_bytes_total") == file.size


async def test_connections_and_what_waits_for_them_are_those_of_this_moment(house: House, ana: Visitor) -> None:
    clients = [await house.connect(ana) for _ in range(3)]
    for client, waiting in zip(clients, (5, 0, 7), strict=True):
        client.transport.buffered = waiting
    assert value(house, "roost_connections") == 3
    assert value(house, "roost_queued_bytes") == 12
    clients[0].leave()
    assert value(house, "roost_connections") == 2
    assert value(house, "roost_queued_bytes") == 7


async def test_a_break_of_the_bus_is_counted(house: House) -> None:
    house.hub.lost()
    house.hub.lost()
    assert value(house, "roost_bus_breaks_total") == 2
    assert value(house, "roost_bus_up") == 1


async def test_the_database_is_up_or_down(house: House) -> None:
    assert figure(scrape(house, database_up=True), "roost_database_up") == 1
    assert figure(scrape(house, database_up=False), "roost_database_up") == 0


async def test_a_question_to_the_database_is_timed(house: House, ana: Visitor) -> None:
    before = value(house, "roost_database_seconds_count")
    client: Client = await house.connect(ana)
    await client.open(GENERAL)
    assert value(house, "roost_database_seconds_count") >= before + 2
    assert value(house, "roost_database_seconds_sum") > 0
    assert value(house, "roost_database_waiting") == 0


async def test_the_process_tells_of_its_memory_and_descriptors(house: House) -> None:
    assert value(house, "process_resident_memory_bytes") > 10 * 2**20
    assert 0 < value(house, "process_open_fds") < value(house, "process_max_fds")


async def test_every_histogram_adds_up_and_ends_in_the_infinite(house: House, ana: Visitor) -> None:
    house.services.metrics.loop_lag.add(0.3)
    house.services.metrics.loop_lag.add(7.0)
    families = [each for each in text_string_to_metric_families(scrape(house)) if each.type == "histogram"]
    assert len(families) == 4
    for family in families:
        buckets = [(each.labels["le"], each.value) for each in family.samples if each.name.endswith("_bucket")]
        assert buckets[-1][0] == "+Inf"
        counts = [count for _, count in buckets]
        assert counts == sorted(counts)
        (total,) = [each.value for each in family.samples if each.name.endswith("_count")]
        assert total == counts[-1]
    assert value(house, 'roost_loop_lag_seconds_bucket{le="0.25"}') == 0
    assert value(house, 'roost_loop_lag_seconds_bucket{le="0.5"}') == 1
    assert value(house, 'roost_loop_lag_seconds_bucket{le="+Inf"}') == 2
