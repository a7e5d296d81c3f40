"""Crowds: what an idle connection holds, what coming in costs, and everybody coming back at once."""

from pathlib import Path

from bench.dialects.roost import Roost
from bench.figures import percentile
from bench.modes.stage import JOINS_WITHIN, Figures, Phase, Stage, server_of, spread_of
from bench.roost import SPARE
from bench.servers import Peer

MISSED = 20
HISTORY = 50
"""Messages in a room that somebody opens: a whole page."""
TRAFFIC = 10.0
"""Seconds of talk in a crowd that else is silent."""
LEAVING = 2.0
"""Seconds in which a server notices that everybody is gone."""


def idle(peer: Peer, folder: Path, members: int, seconds: float) -> Figures:
    """Private memory per connection (P6): when all are in and pings have gone round, after traffic, and after everybody
    left and came back. `seconds` should be longer than a round of pings, which is 20 to 25."""
    with server_of(peer, folder, members + SPARE) as server:
        stage = Stage(server, members, under_way=1)
        stage.swarm.watch(1.0)
        base = server.private_bytes

        def each(wait: float) -> float:
            stage.swarm.watch(wait)
            return (server.private_bytes - base) / 1024 / members

        stage.gather()
        figures = {"base_mib": base / 2**20, "kib_per_connection": each(seconds)}
        stage.run(stage.paced(1.0), min(seconds, TRAFFIC))
        stage.settle()
        figures["kib_after_traffic"] = each(2.0)
        stage.swarm.leave(stage.members)
        stage.swarm.watch(LEAVING)
        stage.gather()
        figures["kib_after_return"] = each(seconds)
        return figures


def connect(peer: Peer, folder: Path, members: int) -> Figures:
    """Coming in (P7): handshake, session check, session.started and room.open with a page of history, or as much of it
    as the peer has."""
    with server_of(peer, folder, members + SPARE) as server:
        stage = Stage(server, members)
        talk_alone(stage, HISTORY)
        phase = Phase(server)
        took = stage.gather()
        figures = phase.end()
        return figures | {
            "cpu_us_per_connection": 1e6 * figures["server_cpu_seconds"] / members,
            "connections_per_second": members / figures["seconds"],
            **spread_of("join", took),
        }


def comeback(peer: Peer, folder: Path, members: int) -> Figures:
    """Everybody is thrown out, misses MISSED messages and is back at once, unspread (P7). Roost's clients must get what
    they missed, whole and in order, before they count as live; nobody else has it."""
    with server_of(peer, folder, members + SPARE) as server:
        stage = Stage(server, members)
        talk_alone(stage, HISTORY)
        stage.gather()
        stage.swarm.leave(stage.members)
        stage.swarm.watch(LEAVING)
        remember(stage)
        phase = Phase(server)
        took = stage.swarm.join(stage.members, members, JOINS_WITHIN)
        figures = phase.end()
        return {
            "seconds_until_all_live": figures["seconds"],
            "join_p50_seconds": percentile(took, 0.5),
            "cpu_us_per_connection": 1e6 * figures["server_cpu_seconds"] / members,
            **{name: figures[name] for name in ("server_busy", "generator_busy", "others_busy")},
            "private_mib": server.private_bytes / 2**20,
        }


def talk_alone(stage: Stage, messages: int) -> None:
    """One member comes, says something and leaves. A peer that keeps nothing need not hear it."""
    if not isinstance(stage.room.dialect, Roost):
        return
    speaker = stage.members[0]
    stage.swarm.join([speaker], 1, JOINS_WITHIN)
    speaker.write(b"".join(stage.room.say(0) for _ in range(messages)))
    stage.settle()
    stage.swarm.leave([speaker])


def remember(stage: Stage) -> None:
    """Say what everybody will miss, and note down what they must get when they come back."""
    talk_alone(stage, MISSED)
    dialect = stage.room.dialect
    if isinstance(dialect, Roost):
        dialect.since = dialect.head
        dialect.caught_up = stage.room.order()[-MISSED:]
