"""The built files of the page: one stylesheet, hashed addresses, an import map, all held in memory, compressed once.

There is no build step: this reads `static/` at start, and outside of debug leaves out of scripts what is there for who
reads them, comments and spaces: a quarter of their bytes. A file's address carries the hash of its content
(`/static/js/main.js?v=1f0c9a77d2b4`), so a browser may keep it for ever; JavaScript modules name each other by bare
specifiers (`roost/core/socket.js`), which the import map turns into those addresses.
"""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import brotli
from rjsmin import jsmin

STATIC = Path(__file__).resolve().parents[1] / "static"
PREFIX = "/static/"
STYLESHEET = "roost.css"
WORKER = "sw.js"
MODULES = "js/"
IMPORT = re.compile(rb'\b(?:from|import)\s*"roost/([^"]+)"')
"""What a module needs before it runs; `import("…")` fetches when it is first used, so it is none of these."""
LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities")
NEEDED = (".svg", ".js")
LATER = "css/layers/"
"""Styles of what opens over the page, loaded with it."""
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent. `version` is in its address, `integrity` what a page may say of it (SRI): sha256-…"""

    body: bytes
    content_type: str
    version: str
    integrity: str

    def sent_to(self, accepted: str) -> tuple[bytes, str | None]:
        """The bytes for a browser with this Accept-Encoding, and their Content-Encoding; None: as they are.

        What is packed in itself stays as it is. Brotli makes the scripts a sixth smaller than gzip does.
        """
        if self.content_type == TYPES[".png"]:
            return self.body, None
        if "br" in accepted:
            return self._brotli, "br"
        if "gzip" in accepted:
            return self._gzipped, "gzip"
        return self.body, None

    # When first asked for: all of them would take a quarter of a second at every start.

    @cached_property
    def _brotli(self) -> bytes:
        packed: bytes = brotli.compress(self.body)
        return packed

    @cached_property
    def _gzipped(self) -> bytes:
        return gzip.compress(self.body, 9, mtime=0)


class Assets:
    """Every file a page may ask for. In debug a changed file is seen at the next look; otherwise nothing changes."""

    def __init__(
        self, folder: Path = STATIC, made: Mapping[str, Callable[[], bytes]] | None = None, *, debug: bool = False
    ) -> None:
        """`made` are files that lie nowhere, by their path, each with what makes it."""
        self._folder = folder
        self._made = made or {}
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

    def integrity(self, path: str) -> str:
        """By which a browser knows the file at `path`, and runs no other. Raises KeyError when there is none."""
        self._look_again()
        return self._files[path].integrity

    @property
    def stylesheet(self) -> str:
        return self.url(STYLESHEET)

    def modules(self, entry: str, *later: str) -> list[str]:
        """The addresses of all that `entry` needs beside itself, with `later` and all they import, to preload: or the
        browser finds them one import at a time.

        Not of `entry`: what is preloaded runs in its place, whatever integrity its <script> asks for.
        Raises KeyError when one of them is missing."""
        self._look_again()
        paths = set().union(*(reached(name, self._imports) for name in (entry, *later))) - {entry}
        return [self._urls[path] for path in sorted(paths)]

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

    @property
    def release(self) -> str:
        """The name of all files together: another as soon as one of them is another."""
        self._look_again()
        return self._release

    @property
    def worker(self) -> bytes:
        """The service worker, as far as it is a file."""
        self._look_again()
        return self._worker

    @property
    def shell(self) -> list[str]:
        """The addresses of what pages need of these files to be drawn and to run."""
        self._look_again()
        return [url for path, url in self._urls.items() if path == STYLESHEET or path.endswith(NEEDED) or LATER in path]

    def _look_again(self) -> None:
        if self._debug and self._stamp != self._changed():
            self._build()

    def _build(self) -> None:
        self._stamp = self._changed()
        files = {path.relative_to(self._folder).as_posix(): path.read_bytes() for path, _ in self._stamp}
        files |= {name: make() for name, make in self._made.items()}
        if not self._debug:
            files = {name: _packed(body) if name.endswith(".js") else body for name, body in files.items()}
        self._worker = files.pop(WORKER, b"")
        styles = [name for layer in LAYERS for name in files if _is_of_layer(name, layer)]
        order = f"@layer {', '.join(LAYERS)};\n".encode()
        files[STYLESHEET] = order + b"\n".join(files.pop(name) for name in styles)
        self._imports = {name: _imports(body) for name, body in files.items() if name.startswith(MODULES)}
        self._files = {name: _asset(name, body) for name, body in files.items()}
        self._urls = {name: f"{PREFIX}{name}?v={asset.version}" for name, asset in self._files.items()}
        self._release = sha256(self._worker + "".join(self._urls.values()).encode()).hexdigest()[:12]
        self._import_map = _import_map(self._urls)
        self._import_map_hash = _source_hash(self._import_map.encode())

    def _changed(self) -> list[tuple[Path, int]]:
        files = (path for path in self._folder.rglob("*") if path.suffix in TYPES and _is_ours(path, self._folder))
        return [(path, path.stat().st_mtime_ns) for path in sorted(files)]


def reached(entry: str, imports: dict[str, list[str]]) -> set[str]:
    """`entry` and whatever it imports, itself or by others."""
    found: set[str] = set()
    ahead = [entry]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += imports[name]
    return found


def _imports(body: bytes) -> list[str]:
    return [MODULES + name.decode() for name in IMPORT.findall(body)]


def _packed(script: bytes) -> bytes:
    packed: bytes = jsmin(script)
    return packed


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
    version = sha256(body).hexdigest()[:12]
    return Asset(body, TYPES[Path(name).suffix], version, _source_hash(body))


def _source_hash(body: bytes) -> str:
    """As policies and integrity have it (CSP 3, 8.3)."""
    return "sha256-" + b64encode(sha256(body).digest()).decode()
