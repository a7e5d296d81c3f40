from pathlib import Path

import pytest

from app.chat import accounts, doors, invites
from app.errors import BadRequest, NotInvited
from app.management.commands import with_services
from app.models import TwitterProfile
from app.services import Services
from app.settings import Settings
from tests.management.conftest import run


def test_the_door_is_said_and_changed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "door")
    run(settings, "door", "invited")
    run(settings, "door")
    assert capsys.readouterr().out == "open\ninvited\ninvited\n"
    with pytest.raises(SystemExit):
        run(settings, "door", "ajar")


def test_public_reading_is_said_and_changed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "public")
    run(settings, "public", "on")
    run(settings, "public", "off")
    assert capsys.readouterr().out == "off\non\noff\n"
    with pytest.raises(SystemExit):
        run(settings, "public", "ajar")


def test_a_printed_link_lets_somebody_in(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "door", "invited")
    capsys.readouterr()
    run(settings, "invite", "--room", "general", "--uses", "1", "--role", "owner", "--days", "1")
    address = capsys.readouterr().out.strip()
    assert address.startswith(f"{settings.public_url}/invite/")
    invite_hash = accounts.token_hash(address.rpartition("/")[2])

    async def come(services: Services, handle: str) -> str:
        profile = TwitterProfile(f"x-{handle}", handle)
        return (await accounts.sign_in_with_twitter(services, profile, "a browser", invite_hash)).user.role

    assert with_services(settings, lambda services: come(services, "ada")) == "owner"
    with pytest.raises(NotInvited):
        with_services(settings, lambda services: come(services, "bo"))


def test_what_cannot_be_invited_to_is_refused_with_a_sentence(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no room with one of these addresses: nowhere"):
        run(settings, "invite", "--room", "nowhere")
    with pytest.raises(BadRequest, match="1 to 90 days"):
        run(settings, "invite", "--days", "91")
    with_services(settings, doors.current)
    assert invites.LONGEST_DAYS == 90
