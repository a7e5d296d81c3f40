"""Fetch the peers that are not Python's or ours, into bench/.peers. What cannot be had is left out, with a line why.

`python -m bench.install`
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which

from bench.servers import DEBIAN, INSTALLED, SERVERS, Peer, installed

NODE_PACKAGES = ("ws@8", "socket.io@4")
PYTHON_PACKAGES = ("aiohttp<4",)
DEBIAN_PACKAGES = ("nats-server", "ngircd", "libident")


def install() -> None:
    """Do what is not done yet; a second time nothing happens."""
    INSTALLED.mkdir(exist_ok=True)
    if not (INSTALLED / "node_modules/socket.io").exists() and which("npm"):
        attempt(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(INSTALLED), *NODE_PACKAGES])
    if not (INSTALLED / "python/aiohttp").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        attempt([*pip, "--target", str(INSTALLED / "python"), *PYTHON_PACKAGES])
    if not all(installed(name).exists() for name in ("nats-server", "ngircd")) and which("apt-get"):
        unpack(DEBIAN_PACKAGES)


def missing(peer: Peer) -> str | None:
    """Why this peer cannot run here, or None."""
    lacking = [path for path in peer.needs if not path.exists()]
    if not lacking:
        return None
    return f"{peer.title} is left out: {lacking[0].name} is not installed here and could not be fetched."


def unpack(packages: Sequence[str]) -> None:
    """Taken apart beside the others rather than installed: that would need root, and would start their services."""
    DEBIAN.mkdir(exist_ok=True)
    for package in packages:
        attempt(["apt-get", "download", "-qq", package], DEBIAN)
    for archive in DEBIAN.glob("*.deb"):
        attempt(["dpkg", "-x", str(archive), str(DEBIAN)])


def attempt(command: Sequence[str], folder: Path = INSTALLED) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{command[0]} could not do it: {done.stderr.strip()[-300:]}", file=sys.stderr)


def main() -> None:
    install()
    for line in filter(None, map(missing, SERVERS.values())):
        print(line)


if __name__ == "__main__":
    main()
