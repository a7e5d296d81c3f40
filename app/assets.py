"""The built files of the page: one stylesheet, hashed addresses, an import map, all held in memory, compressed once.

There is no build step: this reads `static/` at start. A file's address carries the hash of its content
(`/static/js/main.js?v=1f0c9a77d2b4`), so a browser may keep it for ever; JavaScript modules name each other by bare
specifiers (`roost/core/socket.js`), which the import map turns into those addresses.
"""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"
PREFIX = "/static/"
STYLESHEET = "roost.css"
MODULES = "js/"
LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent. `version` is in its address."""

    body: bytes
    gzipped: bytes
    content_type: str
    version: str


class Assets:
    """Every file a page may ask for. In debug a changed file is seen at the next look; otherwise nothing changes."""

    def __init__(self, folder: Path = STATIC, *, debug: bool = False) -> None:
        self._folder = folder
        self._debug = debug
        self._build()

    def find(self, path: str) -> Asset | None:
        """The file at `path` under /static/, or None. A lookup in a dict, so a path leads nowhere else."""
        self._look_again()
        return self._files.get(path)

    def url(self, path: str) -> str:
        """The address of the file at `path`. Raises KeyError when there is none."""
        self._look_again()
        return self._urls[path]

    @property
    def stylesheet(self) -> str:
        return self.url(STYLESHEET)

    @property
    def modules(self) -> list[str]:
        """The addresses of all modules, to be preloaded: without it the browser finds them one import at a time."""
        self._look_again()
        return [url for path, url in self._urls.items() if path.startswith(MODULES)]

    @property
    def import_map(self) -> str:
        """The text of the page's import map."""
        self._look_again()
        return self._import_map

    @property
    def import_map_hash(self) -> str:
        """What the Content-Security-Policy calls the import map: sha256-… without quotes (CSP 3, 8.3)."""
        self._look_again()
        return self._import_map_hash

    def _look_again(self) -> None:
        if self._debug and self._stamp != self._changed():
            self._build()

    def _build(self) -> None:
        self._stamp = self._changed()
        files = {path.relative_to(self._folder).as_posix(): path.read_bytes() for path, _ in self._stamp}
        styles = [name for layer in LAYERS for name in files if _is_of_layer(name, layer)]
        order = f"@layer {', '.join(LAYERS)};\n".encode()
        files[STYLESHEET] = order + b"\n".join(files.pop(name) for name in styles)
        self._files = {name: _asset(name, body) for name, body in files.items()}
        self._urls = {name: f"{PREFIX}{name}?v={asset.version}" for name, asset in self._files.items()}
        self._import_map = _import_map(self._urls)
        self._import_map_hash = "sha256-" + b64encode(sha256(self._import_map.encode()).digest()).decode()

    def _changed(self) -> list[tuple[Path, int]]:
        files = (path for path in self._folder.rglob("*") if path.suffix in TYPES and _is_ours(path, self._folder))
        return [(path, path.stat().st_mtime_ns) for path in sorted(files)]


def _is_of_layer(name: str, layer: str) -> bool:
    """Whether a stylesheet belongs to a layer: css/base.css, or any of css/components/."""
    return name == f"css/{layer}.css" or (name.startswith(f"css/{layer}/") and name.endswith(".css"))


def _is_ours(path: Path, folder: Path) -> bool:
    """Whether a file may be published: no dotfile or dot folder, no link to elsewhere."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.is_file() and not path.is_symlink() and not hidden


def _import_map(urls: dict[str, str]) -> str:
    modules = {f"roost/{path.removeprefix(MODULES)}": url for path, url in urls.items() if path.startswith(MODULES)}
    return json.dumps({"imports": modules}, separators=(",", ":"))


def _asset(name: str, body: bytes) -> Asset:
    return Asset(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
        content_type=TYPES[Path(name).suffix],
        version=sha256(body).hexdigest()[:12],
    )
