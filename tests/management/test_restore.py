import stat
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import BadRequest, SettingsError
from app.management.commands import with_services
from app.settings import Settings, load_settings
from app.storage import epoch
from app.storage.store import claim_database
from tests.management.conftest import add_person, people, run


def epoch_of(settings: Settings) -> str:
    return with_services(settings, lambda services: services.store.read(epoch.of))


def test_a_copy_comes_back_under_another_epoch(
    settings: Settings, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = epoch_of(settings)
    add_person(settings, "later")
    run(settings, "restore", copied, "--replace")
    assert capsys.readouterr().out.splitlines()[-1] == f"Restored from {copied}. Start the server."
    assert people(settings) == ["ada"]
    assert epoch_of(settings) != before
    assert copied.is_file()


def test_twice_is_two_epochs(settings: Settings, copied: Path) -> None:
    epochs = set()
    for _ in range(3):
        run(settings, "restore", copied, "--replace")
        epochs.add(epoch_of(settings))
    assert len(epochs) == 3


def test_people_who_are_there_are_not_replaced_without_a_word(settings: Settings, copied: Path) -> None:
    add_person(settings, "later")
    with pytest.raises(BadRequest, match="--replace"):
        run(settings, "restore", copied)
    assert people(settings) == ["ada", "later"]


def test_a_database_without_people_takes_a_copy_as_it_is(tmp_path: Path, copied: Path) -> None:
    """A host's release phase has made the tables before anybody can restore."""
    new = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/new/roost.db"}, tmp_path)
    run(new, "migrate")
    run(new, "restore", copied)
    assert people(new) == ["ada"]


def test_a_copy_may_come_where_there_is_no_database_yet(tmp_path: Path, copied: Path) -> None:
    new = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/new/roost.db"}, tmp_path)
    run(new, "restore", copied)
    assert people(new) == ["ada"]


@pytest.mark.parametrize("words", [["restore", "{copy}", "--replace"], ["restored"]])
def test_a_database_that_a_server_runs_on_is_left_alone(settings: Settings, copied: Path, words: list[str]) -> None:
    before, command = epoch_of(settings), [word.format(copy=copied) for word in words]
    with (
        closing(claim_database(settings.database_url)),
        pytest.raises(SettingsError, match="Another server runs on this SQLite file"),
    ):
        run(settings, *command)
    assert epoch_of(settings) == before
    run(settings, *command)
    assert epoch_of(settings) != before


def test_a_file_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="There is no file"):
        run(settings, "restore", tmp_path / "tuesday")


def test_a_restored_database_belongs_to_its_owner_alone(settings: Settings, copied: Path) -> None:
    """It holds hashes of tokens and everything that was said."""
    run(settings, "restore", copied, "--replace")
    assert stat.S_IMODE((settings.root / "data" / "roost.db").stat().st_mode) == 0o600


def test_what_was_brought_back_otherwise_gets_another_epoch_too(
    settings: Settings, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = epoch_of(settings)
    run(settings, "restored")
    assert capsys.readouterr().out.splitlines()[-1] == "The database has a new epoch. Start the server."
    assert epoch_of(settings) != before
    assert people(settings) == ["ada"]
