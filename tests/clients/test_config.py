import stat
from pathlib import Path

import pytest

from clients.config import BrokenConfig, Config, NotKept, NotSignedIn, load_config


def config_in(folder: Path, **environ: str) -> Config:
    return load_config({"XDG_CONFIG_HOME": str(folder), **environ})


def test_each_server_has_a_token_and_the_last_one_is_meant(tmp_path: Path) -> None:
    config_in(tmp_path).with_token("https://one.example", "1").with_token("https://two.example", "2").save()
    kept = config_in(tmp_path)
    assert kept.access() == ("https://two.example", "2")
    assert kept.access("one.example") == ("https://one.example", "1")
    kept.without("https://two.example").save()
    assert config_in(tmp_path).access() == ("https://one.example", "1")


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    config.with_token("https://one.example", "1").save()
    assert stat.S_IMODE(config.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.path.parent.stat().st_mode) == 0o700
    assert [each.name for each in config.path.parent.iterdir()] == [config.path.name]


def test_the_environment_stands_above_it(tmp_path: Path) -> None:
    config_in(tmp_path).with_token("https://one.example", "1").save()
    assert config_in(tmp_path, ROOST_SERVER="https://two.example", ROOST_TOKEN="2").access() == (
        "https://two.example",
        "2",
    )
    assert config_in(tmp_path, ROOST_TOKEN="2").access() == ("https://one.example", "2")
    with pytest.raises(NotSignedIn):
        config_in(tmp_path, ROOST_SERVER="https://two.example").access()


def test_what_the_environment_names_is_not_kept(tmp_path: Path) -> None:
    one, two = "https://one.example", "https://two.example"
    config_in(tmp_path).with_token(two, "2").with_token(one, "1").save()
    config_in(tmp_path, ROOST_SERVER=two, ROOST_TOKEN="3").without(two).save()
    kept = config_in(tmp_path)
    assert (kept.server, kept.tokens) == (one, {one: "1"})


def test_what_cannot_be_kept_is_said_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "roost").symlink_to(tmp_path / "a disk that is not there")
    with pytest.raises(NotKept, match=r"roost/servers\.json cannot be written: File exists"):
        config_in(tmp_path).save()


def test_without_xdg_it_is_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_config({}).path == tmp_path / ".config" / "roost" / "servers.json"
    assert load_config({"XDG_CONFIG_HOME": "relative"}).path == tmp_path / ".config" / "roost" / "servers.json"


@pytest.mark.parametrize("text", ["", "[]", '{"tokens": 1}', '{"tokens": {}}', "\0"])
def test_what_is_no_config_is_not_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "roost" / "servers.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(BrokenConfig):
        config_in(tmp_path)
    assert path.read_text() == text
