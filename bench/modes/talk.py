"""Rooms in which people talk: as fast as it goes, by the clock, in small company, alone."""

from pathlib import Path

from bench.modes.stage import WARM_UP, Figures, Stage, server_of
from bench.roost import SPARE
from bench.servers import Peer

SATURATING = 64
"""Messages under way in each process, of eight speakers. More under way means more joined in one write, and a lower
cost."""


def saturation(peer: Peer, folder: Path, members: int, seconds: float) -> Figures:
    """As much as the server takes (P1)."""
    with server_of(peer, folder, members + SPARE) as server:
        return closed(Stage(server, members, under_way=SATURATING), SATURATING * peer.processes, seconds)


def small_room(peer: Peer, folder: Path, seconds: float, under_way: int = SATURATING) -> Figures:
    """Four who talk as fast as they are answered, so many messages under way in all (P4, P5, P8)."""
    with server_of(peer, folder, SPARE) as server:
        return closed(Stage(server, 4), under_way, seconds)


def lone_sender(peer: Peer, folder: Path, seconds: float) -> Figures:
    """One connection that only hears itself, 16 messages under way (P5)."""
    with server_of(peer, folder, SPARE) as server:
        return closed(Stage(server, 1), 16, seconds)


def growth(peer: Peer, folder: Path, members: int, seconds: float) -> Figures:
    """One message at a time, heard by all before the next is said (P9)."""
    with server_of(peer, folder, members + SPARE) as server:
        return closed(Stage(server, members), 1, seconds)


def rate(peer: Peer, folder: Path, members: int, rate: float, seconds: float) -> Figures:
    """So many messages a second, whether the server keeps up or not (P2, P3; P4 in a room of four).

    For what is still under way the others are waited for; one that falls behind would take minutes to get it out."""
    with server_of(peer, folder, members + SPARE) as server:
        stage = Stage(server, members, all_timed=True)
        stage.gather()
        talk = stage.paced(rate)
        stage.run(talk, WARM_UP)
        talk.late.clear()
        figures = stage.run(talk, seconds)
        if keeps_up(rate, figures):
            stage.settle()
        return figures


def keeps_up(rate: float, figures: Figures) -> bool:
    """But for a few messages at the edges of the phase."""
    return figures["messages_per_second"] >= 0.97 * rate - 2.0 / figures["seconds"]


def closed(stage: Stage, window: int, seconds: float) -> Figures:
    stage.gather()
    talk = stage.closed_loop(window)
    stage.run(talk, WARM_UP)
    figures = stage.run(talk, seconds)
    stage.settle()
    return figures
