import argparse
import ssl
import subprocess
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.management.gateway import add_commands
from app.settings import load_settings

CERT = ("gateway", "cert")


def run(root: Path, *arguments: str, **environ: str) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    chosen = parser.parse_args(arguments)
    chosen.run(load_settings(environ, root), chosen)


def written_in(certificate: Path) -> str:
    """Whom it is for, and what it may do."""
    command = ["openssl", "x509", "-noout", "-ext", "subjectAltName,basicConstraints", "-in", str(certificate)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_pair_fits_is_for_these_names_and_its_key_is_for_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, *CERT, "--host", "chat.example.org", "--host", "192.0.2.1")
    certificate, key = tmp_path / "data" / "gateway.crt", tmp_path / "data" / "gateway.key"
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    assert "DNS:chat.example.org, IP Address:192.0.2.1" in written_in(certificate)
    assert key.stat().st_mode & 0o777 == 0o600
    assert f'GATEWAY_CERTIFICATE="{certificate}"\nGATEWAY_KEY="{key}"' in capsys.readouterr().out


def test_whoever_trusts_it_trusts_no_other_certificate_that_its_key_signs(tmp_path: Path) -> None:
    run(tmp_path, *CERT)
    assert "CA:FALSE" in written_in(tmp_path / "data" / "gateway.crt")


def test_without_names_it_is_for_this_server_and_goes_where_the_settings_say(tmp_path: Path) -> None:
    run(tmp_path, *CERT, GATEWAY_CERTIFICATE="pair/a.crt", GATEWAY_KEY="pair/a.key")
    assert "DNS:localhost" in written_in(tmp_path / "pair" / "a.crt")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    run(tmp_path, *CERT)
    before = (tmp_path / "data" / "gateway.key").read_bytes()
    with pytest.raises(BadRequest, match="is there already"):
        run(tmp_path, *CERT)
    assert (tmp_path / "data" / "gateway.key").read_bytes() == before


def test_a_name_that_is_none_leaves_no_key_behind(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="openssl could not make it"):
        run(tmp_path, *CERT, "--host", "a,b:c")
    assert list((tmp_path / "data").glob("gateway.*")) == []


def test_without_openssl_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadRequest, match="takes the program openssl"):
        run(tmp_path, *CERT)
