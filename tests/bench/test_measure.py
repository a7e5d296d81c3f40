"""The generator against real servers, for a moment."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.install import missing
from bench.machine import cpu_seconds, private_bytes
from bench.modes.crowd import comeback
from bench.modes.stage import Figures
from bench.modes.talk import rate, saturation
from bench.plan import Measurement
from bench.running import Running
from bench.servers import FLOOR, SERVERS

PEERS = ["epoll", "tornado", "websockets"]
"""Those that need nothing fetched."""


@pytest.fixture(autouse=True)
def all_cores() -> Iterator[None]:
    """A measurement stays on its core; the tests after it shall not."""
    cores = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, cores)


def measured(measurement: Measurement, peer: str, folder: Path) -> Figures:
    figures = bench.measure(measurement, peer, folder)
    assert not isinstance(figures, str), figures
    return figures


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_delivers_everything_to_everybody(peer: str, tmp_path: Path) -> None:
    figures = measured(Measurement("", "", saturation, {"members": 20, "seconds": 0.3}), peer, tmp_path)
    assert figures["deliveries_per_second"] > figures["messages_per_second"] > 0
    assert 0 < figures["cpu_us_per_delivery"] < 10_000


def test_roost_delivers_everything_to_everybody(tmp_path: Path) -> None:
    figures = measured(Measurement("", "", rate, {"members": 3, "rate": 50, "seconds": 0.5}), "roost", tmp_path)
    assert figures["messages_per_second"] > 0
    assert 0 < figures["answer_p50_ms"] <= figures["answer_p99_ms"]


@pytest.mark.parametrize("peer", ["roost-events", "roost-events-down"])
def test_events_and_commands_go_their_own_ways(peer: str, tmp_path: Path) -> None:
    figures = measured(Measurement("", "", saturation, {"members": 10, "seconds": 0.3}), peer, tmp_path)
    assert figures["deliveries_per_second"] > figures["messages_per_second"] > 0
    assert figures["latency_p50_ms"] > 0


def test_over_tcp_everything_is_delivered_to_everybody(tmp_path: Path) -> None:
    figures = measured(Measurement("", "", saturation, {"members": 10, "seconds": 0.3}), "roost-tcp", tmp_path)
    assert figures["deliveries_per_second"] > figures["messages_per_second"] > 0
    assert figures["answer_p50_ms"] > 0


@pytest.mark.parametrize("peer", ["roost-postgres", "roost-2-notify", "roost-2-redis"])
def test_what_runs_beside_a_server_has_its_own_account(peer: str, tmp_path: Path) -> None:
    if missing(SERVERS[peer]):
        pytest.skip(str(missing(SERVERS[peer])))
    figures = measured(Measurement("", "", rate, {"members": 8, "rate": 50, "seconds": 0.5}), peer, tmp_path)
    assert figures["beside_busy"] > 0
    assert figures["cpu_us_of_dearest"] >= figures["cpu_us_per_delivery"] * (1 - 1e-9) > 0
    assert figures["latency_p50_ms"] > 0


def test_those_who_come_back_get_what_they_missed(tmp_path: Path) -> None:
    figures = measured(Measurement("", "", comeback, {"members": 5}), "roost", tmp_path)
    assert figures["cpu_us_per_connection"] > 0


def test_what_went_wrong_is_said_and_the_run_goes_on(tmp_path: Path) -> None:
    nobody = Measurement("", "", saturation, {"members": 0, "seconds": 0.1})
    assert isinstance(bench.measure(nobody, "epoll", tmp_path), str)


def test_a_server_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    def fails(port: int, folder: Path) -> list[str]:
        return ["sh", "-c", "echo no such luck; exit 1"]

    peer = type(FLOOR)("broken", "Broken", fails)
    with pytest.raises(RuntimeError, match="Broken did not start: no such luck"), Running(peer, tmp_path):
        pass


def test_a_server_is_gone_after_it_was_measured(tmp_path: Path) -> None:
    with Running(SERVERS["epoll"], tmp_path) as server:
        (pid,) = server.pids
        assert cpu_seconds(pid) > 0
        assert private_bytes(pid) > 2**20
    assert not Path(f"/proc/{pid}").exists()
