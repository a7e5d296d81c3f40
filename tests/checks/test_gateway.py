from pathlib import Path

import msgspec
import pytest

from app.checks.gateway import findings
from app.settings import Settings, load_settings
from tests.support.gateway import Pair, expired_pair, new_pair


def settings_of(pair: Pair) -> Settings:
    return load_settings({"GATEWAY_PORT": "5005", **pair.environment}, pair.key.parent)


def found(settings: Settings) -> list[tuple[str, str]]:
    return [(finding.id, finding.level) for finding in findings(settings)]


def test_a_certificate_that_is_good_for_a_while_is_nothing_to_speak_of(tmp_path: Path) -> None:
    assert found(settings_of(new_pair(tmp_path))) == []


def test_one_that_ends_soon_is_a_warning_and_one_that_has_ended_a_problem(tmp_path: Path) -> None:
    assert found(settings_of(new_pair(tmp_path, days=13))) == [("gateway-expires", "warning")]
    (tmp_path / "old").mkdir()
    assert found(settings_of(expired_pair(tmp_path / "old"))) == [("gateway-expired", "problem")]


def test_one_that_is_not_there_or_has_another_key_is_a_problem(tmp_path: Path) -> None:
    pair = new_pair(tmp_path)
    (tmp_path / "other").mkdir()
    other = new_pair(tmp_path / "other")
    assert found(settings_of(Pair(pair.certificate, other.key))) == [("gateway-certificate", "problem")]
    pair.certificate.unlink()
    assert found(settings_of(pair)) == [("gateway-certificate", "problem")]


@pytest.mark.parametrize(("mode", "open_"), [(0o600, False), (0o640, False), (0o660, True), (0o644, True)])
def test_a_key_that_others_can_read_is_a_warning(tmp_path: Path, mode: int, open_: bool) -> None:
    pair = new_pair(tmp_path)
    pair.key.chmod(mode)
    assert found(settings_of(pair)) == [("gateway-key-open", "warning")] * open_


def test_without_a_port_or_a_certificate_nothing_is_looked_at(tmp_path: Path) -> None:
    settings = settings_of(Pair(tmp_path / "none", tmp_path / "none"))
    assert found(msgspec.structs.replace(settings, gateway_port=None)) == []
    assert found(msgspec.structs.replace(settings, gateway_certificate="", gateway_key="")) == []
