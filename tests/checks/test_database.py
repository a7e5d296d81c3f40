from pathlib import Path

import pytest

from app.checks.database import ask
from app.settings import load_settings
from stores import free_port
from tests.support.postgres import Databases


def ids(url: str, root: Path) -> list[str]:
    return [f"{finding.level} {finding.id}" for finding in ask(load_settings({"DATABASE_URL": url}, root))]


def test_a_file_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    assert ids("sqlite:///data/roost.db", tmp_path) == ["note database-new"]
    assert not (tmp_path / "data/roost.db").exists()


def test_a_file_with_its_tables_is_fine(migrated: Path, tmp_path: Path) -> None:
    assert ids(f"sqlite:///{migrated}", tmp_path) == ["fine database"]


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "roost.db").write_text("this is not a database" * 100)
    (said,) = ids("sqlite:///roost.db", tmp_path)
    assert said.startswith("problem database-")


def test_a_server_with_its_tables_is_fine(postgres: Databases, tmp_path: Path) -> None:
    with postgres.fresh() as url:
        assert ids(url, tmp_path) == ["fine database"]


def test_a_server_without_tables_is_told_how_to_make_them(postgres: Databases, tmp_path: Path) -> None:
    with postgres.empty() as url:
        (finding,) = ask(load_settings({"DATABASE_URL": url}, tmp_path))
    assert finding.id == "database-unusable"
    assert "manage.py migrate" in finding.cause


@pytest.mark.parametrize("given", ["postgres://127.0.0.1:{port}/roost", "postgres://nowhere.invalid/roost"])
def test_a_server_that_cannot_be_reached_is_a_problem(given: str, tmp_path: Path) -> None:
    (said,) = ids(given.format(port=free_port()), tmp_path)
    assert said == "problem database-down"
