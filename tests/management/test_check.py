import argparse
from pathlib import Path

import pytest
import responses

from app.management.check import add_commands
from app.settings import load_settings

PUBLIC = {
    "PUBLIC_URL": "https://roost.example",
    "SECRET_KEY": "k" * 40,
    "TRUST_PROXY": "1",
    "TWITTER_CONSUMER_KEY": "key",
    "TWITTER_CONSUMER_SECRET": "secret",
}


def run(root: Path, environ: dict[str, str], *options: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    chosen = parser.parse_args(["check", *options])
    status: int = chosen.run(load_settings(environ, root), chosen)
    return status


def test_it_prints_the_callback_url_and_is_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, PUBLIC) == 0
    assert "https://roost.example/login\n" in capsys.readouterr().out


def test_a_warning_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, {}) == 0
    assert "warning [x-keys-missing] Sign-in is not configured" in capsys.readouterr().out


def test_a_problem_is_a_failure(tmp_path: Path) -> None:
    assert run(tmp_path, {"DEBUG": "1"}, "--deploy") == 1


def test_x_is_asked_only_when_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as x:
        x.post("https://api.x.com/oauth/request_token", status=401, body='{"errors":[{"code":32}]}')
        assert run(tmp_path, PUBLIC, "--deploy") == 0
        assert "note [database-new]" in capsys.readouterr().out
        assert len(x.calls) == 0
        assert run(tmp_path, PUBLIC, "--online") == 1
    assert "X does not accept TWITTER_CONSUMER_KEY" in capsys.readouterr().out
