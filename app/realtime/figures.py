"""Every metric, named once: /metrics shows them, docs/operations.md says what each means.

They are gathered when somebody asks, from what is counted anyway; prometheus_client writes them in its text form.
"""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import ProcessCollector
from prometheus_client.core import CounterMetricFamily as Count
from prometheus_client.core import GaugeMetricFamily as Level
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from app.chat import cards, deliveries
from app.errors import RoostError
from app.metrics import Spread
from app.realtime.hub import Hub
from app.services import Services


class Figures(Collector):
    """What this process is and has done since its start."""

    def __init__(self, services: Services, hub: Hub, *, database_up: bool) -> None:
        self._services = services
        self._hub = hub
        self._database_up = database_up

    def collect(self) -> Iterator[Metric]:
        yield from self._messages()
        yield from self._database()
        yield from self._connections()
        yield from ProcessCollector(registry=None).collect()

    def _messages(self) -> Iterator[Metric]:
        log, metrics = self._services.store.log, self._services.metrics
        yield Count("roost_messages_posted", "Messages committed", log.appended)
        yield Count("roost_messages_repeated", "Sends answered with an earlier message", log.duplicates)
        yield Count("roost_sends_answered", "Sends whose sender was told that they are stored", metrics.sends_answered)
        yield Count("roost_messages_indexed", "Messages that searches have come to find", metrics.messages_indexed)
        failed = Count("roost_commands_failed", "Commands answered with an error", labels=["code"])
        for code in sorted(codes(RoostError)):
            failed.add_metric([code], metrics.commands_failed[code])
        yield failed
        looked_up = Count("roost_links_looked_up", "Links fetched for their cards", labels=["outcome"])
        for outcome in cards.OUTCOMES:
            looked_up.add_metric([outcome], metrics.links_looked_up[outcome])
        yield looked_up
        told = Count("roost_webhooks_told", "Tries to tell an outgoing webhook of a message", labels=["outcome"])
        for each in deliveries.OUTCOMES:
            told.add_metric([each], metrics.webhooks_told[each])
        yield told

    def _database(self) -> Iterator[Metric]:
        log, waits = self._services.store.log, self._services.store.waits
        yield Level("roost_database_up", "1 while the database answers within 2 s", float(self._database_up))
        yield Count("roost_log_commits", "Transactions of the message log", log.commits)
        yield histogram("roost_log_batch_messages", "Messages of a transaction", log.batches)
        yield histogram("roost_log_commit_seconds", "From handing over a transaction to its end", log.waits.seconds)
        yield Level("roost_log_waiting", "Messages that the next transaction takes", log.waiting)
        yield histogram(
            "roost_database_seconds", "From asking the database to its answer, the log apart", waits.seconds
        )
        yield Level("roost_database_waiting", "Questions that the database has not answered yet", waits.now)

    def _connections(self) -> Iterator[Metric]:
        metrics, here = self._services.metrics, self._hub.connections
        yield Level("roost_connections", "Connections open now", len(here))
        yield Level(
            "roost_readers",
            "Public pages open without an account that are told what is new",
            len(self._hub.readers.everybody),
        )
        waiting = sum(each.transport.buffered for each in here)
        yield Level("roost_queued_bytes", "Bytes that wait to be read by clients", waiting)
        yield Count("roost_slow_closes", "Connections aborted because they did not read", metrics.slow_closes)
        yield Count(
            "roost_gaps_filled", "Changes of rooms that the bus lost, read from the database", metrics.gaps_filled
        )
        yield Count("roost_resets", "Resumes answered with the newest page, not the changes", metrics.resets)
        yield Level("roost_bus_up", "1 while the other processes are heard", float(self._services.bus.up))
        yield Count("roost_bus_breaks", "Breaks of the bus, with events missing", metrics.bus_breaks)
        yield Count("roost_files_taken", "Files that came whole and were kept", metrics.files_taken)
        yield Count("roost_file_bytes", "Bytes of those, as they are kept", metrics.file_bytes)
        yield Count("roost_sign_ins", "Sign-ins completed", metrics.sign_ins)
        yield histogram("roost_loop_lag_seconds", "How late the event loop runs a timer", metrics.loop_lag)


def codes(error: type[RoostError]) -> set[str]:
    """Of an error and all that are such errors. Each is shown from the start: a rise from nothing is no rise to
    Prometheus."""
    return {error.code}.union(*map(codes, error.__subclasses__()))


def histogram(name: str, text: str, seen: Spread) -> HistogramMetricFamily:
    """Prometheus wants each bound's count to hold those below it."""
    counts = seen.counts()
    buckets = list(zip(map(floatToGoString, counts), accumulate(counts.values()), strict=True))
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=seen.total)
