"""What is kept between runs: a token for each server, readable by its owner alone."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from clients.address import address_of
from clients.failures import ClientError
from clients.private_file import write_privately

FILE = "servers.json"


class NotSignedIn(ClientError):
    def __init__(self) -> None:
        super().__init__("You are not signed in. Try: roost login https://chat.example")


class BrokenConfig(ClientError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be read. Move it away and sign in again.")


class NotKept(ClientError):
    def __init__(self, path: Path, problem: OSError) -> None:
        super().__init__(f"{path} cannot be written: {problem.strerror or problem}.")


@dataclass(frozen=True, slots=True)
class Config:
    """`tokens` by the URL of their server; `server` is the one that is meant where none is named. What ROOST_SERVER and
    ROOST_TOKEN gave stands above that, and is not kept."""

    path: Path
    tokens: Mapping[str, str]
    server: str | None = None
    given_server: str | None = None
    given_token: str | None = None

    def access(self, server: str | None = None) -> tuple[str, str]:
        """A server and the token for it. Raises NotSignedIn and BadAddress."""
        wanted = server or self.given_server or self.server
        if wanted is None:
            raise NotSignedIn
        url = address_of(wanted).url
        token = self.given_token or self.tokens.get(url)
        if token is None:
            raise NotSignedIn
        return url, token

    def with_token(self, url: str, token: str) -> "Config":
        return replace(self, tokens={**self.tokens, url: token}, server=url)

    def without(self, url: str) -> "Config":
        tokens = {each: token for each, token in self.tokens.items() if each != url}
        return replace(self, tokens=tokens, server=next(reversed(tokens), None) if self.server == url else self.server)

    def save(self) -> None:
        """Raises NotKept."""
        try:
            write_privately(self.path, json.dumps({"server": self.server, "tokens": dict(self.tokens)}, indent=2))
        except OSError as problem:
            raise NotKept(self.path, problem) from problem


def load_config(environ: Mapping[str, str] = os.environ) -> Config:
    """The only reader of the environment. Raises BrokenConfig."""
    home = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(home) if Path(home).is_absolute() else Path.home() / ".config"
    path = folder / "roost" / FILE
    tokens, server = _kept(path)
    return Config(path, tokens, server, environ.get("ROOST_SERVER") or None, environ.get("ROOST_TOKEN") or None)


def _kept(path: Path) -> tuple[dict[str, str], str | None]:
    try:
        kept = json.loads(path.read_text())
        return {str(url): str(token) for url, token in kept["tokens"].items()}, kept["server"]
    except FileNotFoundError:
        return {}, None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BrokenConfig(path) from problem
