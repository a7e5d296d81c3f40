"""gateway cert."""

import argparse
import subprocess
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

from app.errors import BadRequest
from app.management.commands import Commands, add_command, add_group
from app.settings import Settings
from app.values import is_address

DAYS = 365


def add_commands(commands: Commands) -> None:
    actions = add_group(commands, "gateway", "What programs that speak TCP alone are let in by.")
    parser = add_command(actions, "cert", "Make a certificate of your own, to try TLS with.", cert)
    parser.add_argument(
        "--host",
        action="append",
        metavar="NAME",
        help="name or address that programs connect to, may be repeated (PUBLIC_URL's host, localhost and 127.0.0.1)",
    )


def cert(settings: Settings, arguments: argparse.Namespace) -> None:
    """Nobody but this machine's programs trusts it by itself: they are told the file. Nothing is overwritten."""
    usual = [urlsplit(settings.public_url).hostname or "localhost", "localhost", "127.0.0.1"]
    certificate = Path(settings.gateway_certificate or settings.root / "data" / "gateway.crt")
    key = Path(settings.gateway_key or settings.root / "data" / "gateway.key")
    make_pair(certificate, key, list(dict.fromkeys(arguments.host or usual)))
    print(f'Made. Write into .env:\nGATEWAY_CERTIFICATE="{certificate}"\nGATEWAY_KEY="{key}"')


def make_pair(certificate: Path, key: Path, hosts: list[str], days: int = DAYS) -> None:
    """A self-signed certificate and its key, which only its owner may read. Raises BadRequest when that fails."""
    program = which("openssl")
    if program is None:
        raise BadRequest(
            "This takes the program openssl, which is not installed here. Install it, or get a certificate."
        )
    for file in (certificate, key):
        if file.exists():
            raise BadRequest("{file} is there already. Remove it first.", file=str(file))
        file.parent.mkdir(parents=True, exist_ok=True)
    names = ",".join(f"IP:{host}" if is_address(host) else f"DNS:{host}" for host in hosts)
    key.touch(0o600)
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", str(days), "-subj", f"/CN={hosts[0]}", "-addext", f"subjectAltName={names}"]
    command += ["-addext", "basicConstraints=critical,CA:FALSE"]  # or who trusts it would trust all that its key signs
    command += ["-keyout", str(key), "-out", str(certificate)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  no shell reads the names
    if done.returncode != 0:
        key.unlink()
        raise BadRequest("openssl could not make it: {problem}", problem=done.stderr.strip()[-200:])
