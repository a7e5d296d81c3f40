"""The built files: what is in them, what is not, and the look of our own stylesheets."""

import gzip
import json
import os
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import brotli
import pytest

from app.assets import LAYERS, STATIC, Assets

ICONS_LIMIT = 6_000
STYLES_LIMIT = 26_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "css/utilities.css", "@layer utilities {}")
    write(tmp_path, "css/base.css", "@layer base {}")
    write(tmp_path, "css/components/pill.css", "@layer components {}")
    write(tmp_path, "css/other.css", "of another page")
    write(tmp_path, "css/layers/picker.css", "of what opens over a page")
    write(tmp_path, "js/main.js", 'import "roost/core/socket.js";')
    write(tmp_path, "js/core/socket.js", "export {};")
    write(tmp_path, "icons.svg", "<svg/>")
    write(tmp_path, "icons/192.png", "packed already")
    write(tmp_path, "sw.js", "addEventListener();")
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_stylesheet_joins_the_layers_in_their_order(folder: Path) -> None:
    joined = Assets(folder).find("roost.css")
    assert joined is not None
    text = joined.body.decode()
    assert text.startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert text.index("base {}") < text.index("components {}") < text.index("utilities {}")
    assert "another page" not in text


def test_an_address_changes_with_its_content_and_only_then(folder: Path) -> None:
    before = Assets(folder)
    write(folder, "js/main.js", "changed")
    after = Assets(folder)
    assert before.url("js/main.js") != after.url("js/main.js")
    assert before.url("icons.svg") == after.url("icons.svg")
    assert re.fullmatch(r"/static/icons\.svg\?v=[0-9a-f]{12}", after.url("icons.svg"))


def test_the_import_map_names_every_module_and_its_hash_is_the_policys(folder: Path) -> None:
    assets = Assets(folder)
    assert json.loads(assets.import_map) == {
        "imports": {
            "roost/core/socket.js": assets.url("js/core/socket.js"),
            "roost/main.js": assets.url("js/main.js"),
        }
    }
    assert assets.import_map_hash == "sha256-" + b64encode(sha256(assets.import_map.encode()).digest()).decode()


def test_what_a_page_preloads_is_what_its_script_needs_at_once(folder: Path) -> None:
    write(folder, "js/main.js", 'import {\n  a,\n} from "roost/core/app.js";\nimport "roost/core/socket.js";\n')
    write(folder, "js/core/app.js", 'import { b } from "roost/core/socket.js";\nimport("roost/later.js");\n')
    write(folder, "js/core/socket.js", 'export { c } from "roost/core/timer.js";\n')
    write(folder, "js/core/timer.js", "export const c = 1;")
    write(folder, "js/later.js", "")
    write(folder, "js/other.js", "")
    assets = Assets(folder)
    needed = [assets.url(f"js/core/{name}.js") for name in ("app", "socket", "timer")]
    assert assets.modules("js/main.js") == needed
    assert assets.modules("js/main.js", "js/later.js") == [*needed, assets.url("js/later.js")]


def test_the_integrity_of_a_file_is_that_of_what_is_sent(folder: Path) -> None:
    assets = Assets(folder)
    sent = assets.find("js/core/socket.js")
    assert sent is not None
    assert assets.integrity("js/core/socket.js") == "sha256-" + b64encode(sha256(sent.body).digest()).decode()


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpacked"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_file_is_packed_as_the_browser_takes_it_once_and_whole(
    folder: Path, accepted: str, encoding: str | None, unpacked: Callable[[bytes], bytes]
) -> None:
    asset = Assets(folder).find("js/main.js")
    assert asset is not None
    sent, how = asset.sent_to(accepted)
    assert how == encoding
    assert unpacked(sent) == asset.body == b'import"roost/core/socket.js";'
    assert asset.sent_to(accepted)[0] is sent
    assert asset.content_type == "text/javascript; charset=utf-8"


def test_a_script_is_sent_without_comments_and_spaces_but_in_debug(folder: Path) -> None:
    script = '/** What it does,\n * at length. */\nlet a = "//  no comment"; // said\nlet b = `  ${a}\n  // nor`;\n'
    write(folder, "js/main.js", script)
    sent, read = Assets(folder).find("js/main.js"), Assets(folder, debug=True).find("js/main.js")
    assert sent is not None
    assert read is not None
    assert sent.body.decode() == 'let a="//  no comment";let b=`  ${a}\n  // nor`;'
    assert read.body.decode() == script


def test_a_picture_is_not_packed_again(folder: Path) -> None:
    asset = Assets(folder).find("icons/192.png")
    assert asset is not None
    assert asset.sent_to("gzip, br") == (b"packed already", None)
    assert asset.content_type == "image/png"


def test_the_worker_keeps_what_pages_run_on_and_lies_elsewhere(folder: Path) -> None:
    assets = Assets(folder)
    assert assets.worker == b"addEventListener();"
    assert assets.find("sw.js") is None
    names = ("css/layers/picker.css", "icons.svg", "js/core/socket.js", "js/main.js", "roost.css")
    assert sorted(assets.shell) == sorted(map(assets.url, names))


@pytest.mark.parametrize("name", ["js/main.js", "css/base.css", "icons/192.png", "sw.js"])
def test_another_file_makes_another_release(folder: Path, name: str) -> None:
    before = Assets(folder).release
    assert Assets(folder).release == before
    write(folder, name, "changed")
    assert Assets(folder).release != before


def test_dotfiles_links_and_unknown_kinds_are_not_built(folder: Path) -> None:
    write(folder, ".env.js", "secret")
    write(folder, ".git/hook.js", "secret")
    write(folder, "notes.txt", "secret")
    (folder / "host.js").symlink_to("/etc/hostname")
    assets = Assets(folder)
    assert [
        name for name in (".env.js", ".git/hook.js", "notes.txt", "host.js", "../js/main.js", "") if assets.find(name)
    ] == []


def test_what_is_made_has_an_address_like_a_file(folder: Path) -> None:
    assets = Assets(folder, {"js/core/table.js": lambda: b"export const TABLE = 1;"})
    asset = assets.find("js/core/table.js")
    assert asset is not None
    assert asset.body == b"export const TABLE=1;"
    assert json.loads(assets.import_map)["imports"]["roost/core/table.js"] == assets.url("js/core/table.js")
    assert assets.release != Assets(folder).release


def test_an_unknown_path_has_no_address(folder: Path) -> None:
    assets = Assets(folder)
    for asked in (assets.url, assets.integrity, assets.modules):
        with pytest.raises(KeyError):
            asked("js/missing.js")


def test_in_debug_a_change_is_seen_and_otherwise_not(folder: Path) -> None:
    live, still = Assets(folder, debug=True), Assets(folder)
    before, known = still.url("js/main.js"), still.integrity("js/main.js")
    os.utime(write(folder, "js/main.js", "changed"), ns=(1, 1))
    assert still.url("js/main.js") == before != live.url("js/main.js")
    assert still.integrity("js/main.js") == known != live.integrity("js/main.js")


# Our own files


def test_our_stylesheet_and_icons_stay_small() -> None:
    assets = Assets()
    assert packed_size(assets, "roost.css") <= STYLES_LIMIT
    assert packed_size(assets, "icons.svg") <= ICONS_LIMIT


def packed_size(assets: Assets, name: str) -> int:
    asset = assets.find(name)
    assert asset is not None
    return len(asset.sent_to("gzip")[0])


@pytest.fixture(
    params=[path for layer in LAYERS for path in sorted((STATIC / "css").glob(f"{layer}.css"))]
    + [path for part in ("components", "layers") for path in sorted((STATIC / "css" / part).glob("*.css"))],
    ids=lambda path: path.name,
)
def stylesheet(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def rules(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def test_a_stylesheet_holds_one_layer_named_like_its_place(stylesheet: Path) -> None:
    layer = "components" if stylesheet.parent.name in {"components", "layers"} else stylesheet.stem
    assert re.findall(r"@layer ([\w, ]+)[;{]", rules(stylesheet)) == [f"{layer} "]


def test_only_utilities_insist(stylesheet: Path) -> None:
    assert ("!important" in rules(stylesheet)) <= (stylesheet.stem == "utilities")


def test_colours_and_sizes_come_from_the_tokens(stylesheet: Path) -> None:
    if stylesheet.stem == "tokens":
        return
    values = re.sub(r"@(?:media|container)[^{]*", "", rules(stylesheet))
    assert re.findall(r"oklch\(|rgba?\(|hsla?\(|#[0-9a-f]{3,8}\b|[\d.]+rem", values) == []


def test_no_rule_picks_an_id_or_a_side(stylesheet: Path) -> None:
    text = re.sub(r"@layer [^{]*\{", "", rules(stylesheet))
    assert re.findall(r"(?:^|[\s,(>])#[a-z]", text) == []
    assert (
        re.findall(
            r"(?<![\w-])(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right|width|height|min-width|max-width|min-height|max-height):",
            text,
        )
        == []
    )


def test_every_token_that_is_used_exists_and_the_other_way_round() -> None:
    paths = [path for path in (STATIC / "css").rglob("*.css") if path.name != "standin.css"]
    text = "".join(map(rules, paths)) + (STATIC / "icons.svg").read_text()
    used = set(re.findall(r"var\((--[\w-]+)(?=[,)])", text))
    defined = set(re.findall(r"(?<![\w-])(--[\w-]+):", text))
    by_script = {"--app-h", "--app-top"}
    assert used - defined == by_script
    assert defined - used == set()


def test_every_drawing_that_is_named_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    templates = STATIC.parent / "templates"
    pages = "".join(path.read_text() for path in templates.rglob("*.html"))
    named = {
        name
        for call in re.findall(r"ui\.icon\(([^)]*)\)|\bicon\(([^)]*)\)", pages)
        for part in call
        for name in re.findall(r'"([a-z-]+)"', part)
    }
    scripts = "".join(path.read_text() for path in (STATIC / "js").rglob("*.js"))
    named |= set(re.findall(r'icon: "([a-z-]+)"', scripts))
    classes = {name for name in named if name.startswith(("icon--", "of-"))}
    named = named - classes - {"private", "signed"} | {"mark", "bird"}
    assert named | set(re.findall(r'\bicon: "([a-z-]+)"', scripts)) == drawn
