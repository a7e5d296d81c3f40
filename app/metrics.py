"""Every metric, named once. /metrics shows them in Prometheus' text form; docs/operations.md says what each means."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages_posted = self._counter("roost_messages_posted", "Messages committed and published")
        self.messages_repeated = self._counter("roost_messages_repeated", "Sends answered with an earlier message")
        self.commands_failed = self._counter("roost_commands_failed", "Commands answered with an error")
        self.gaps_filled = self._counter("roost_gaps_filled", "Holes in a room's numbers filled from the database")
        self.resets = self._counter("roost_resets", "Resumes answered with the newest page instead of the changes")
        self.slow_closes = self._counter("roost_slow_closes", "Connections aborted because they did not read")
        self.sign_ins = self._counter("roost_sign_ins", "Sign-ins completed")
        self.connections = self._gauge("roost_connections", "Connections open now")
        self.queued_bytes = self._gauge("roost_queued_bytes", "Bytes that wait to be read by clients")
        self.commits = self._gauge("roost_log_commits", "Transactions of the message log since start")
        self.loop_lag = Histogram(
            "roost_loop_lag_seconds",
            "How late the event loop runs a timer",
            buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
            registry=self.registry,
        )

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)
