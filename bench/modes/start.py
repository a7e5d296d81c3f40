"""From the command to the first visitor served, and what the process holds then (P10)."""

import time
from pathlib import Path

from bench.modes.stage import Figures, server_of
from bench.roost import SPARE
from bench.servers import Peer


def start(peer: Peer, folder: Path) -> Figures:
    with server_of(peer, folder, SPARE) as server:
        time.sleep(1.0)  # what it does after it has begun to serve belongs to its memory
        return {
            "listening_seconds": server.listening_after,
            "ready_seconds": server.ready_after,
            "resident_mib": server.resident_bytes / 2**20,
            "private_mib": server.private_bytes / 2**20,
        }
