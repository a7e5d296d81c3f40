"""What a platform makes of a push: the project's files, and a Python with what requirements.txt names and no more."""

import compileall
import re
import shutil
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).parents[3]
PARTS = ("app", "migrations", "static", "templates", "manage.py", "Procfile", "pyproject.toml", "requirements.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+?)(?: ; (.*?))? \\$", re.MULTILINE)


class Slug:
    """`code` may be changed before it is deployed; each dyno gets a copy of its own."""

    def __init__(self, folder: Path) -> None:
        self.code = folder / "code"
        self.python = folder / "python"

    def copy(self, folder: Path) -> "Slug":
        """Another version of the code with the same Python."""
        other = Slug(folder)
        shutil.copytree(self.code, other.code)
        other.python = self.python
        return other

    def commands(self) -> dict[str, str]:
        """The lines of the Procfile."""
        lines = (self.code / "Procfile").read_text().splitlines()
        return dict(line.split(": ", 1) for line in lines)


def build(folder: Path) -> Slug:
    slug = Slug(folder)
    copy_project(slug.code)
    make_python(slug.python)
    return slug


def copy_project(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    # Once: a dyno's disk keeps nothing, so each of them would compile everything anew.
    assert compileall.compile_dir(folder, quiet=1)


def make_python(folder: Path) -> None:
    """A virtualenv of links to what is installed here: as if requirements.txt had been installed, without a network."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    for name, version, marker in PIN.findall((ROOT / "requirements.txt").read_text()):
        if not marker or Marker(marker).evaluate():
            link(installed(name, version), packages, folder / "bin")


def installed(name: str, version: str) -> Distribution:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        raise AssertionError(f"{name} is pinned in requirements.txt, and not installed here") from None
    assert found.version == version
    return found


def link(found: Distribution, packages: Path, scripts: Path) -> None:
    tops = {file.parts[0] for file in found.files or () if file.parts[0] not in {"..", "__pycache__"}}
    for top in tops:
        (packages / top).symlink_to(Path(str(found.locate_file(top))))
    for entry in found.entry_points:
        if entry.group == "console_scripts":
            module, _, function = entry.value.partition(":")
            script = scripts / entry.name
            script.write_text(
                f"#!{scripts / 'python'}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"
            )
            script.chmod(0o755)
