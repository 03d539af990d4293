"""Each fault of a room is found and said in plain words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import providers
from providers.kit.room_check import FILL_IN, check_room
from providers.kit.scaffold import new_room

NAME = "pear_lms"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for path in new_room(tmp_path, NAME):
        path.write_text(path.read_text("utf-8").replace(FILL_IN, "Filled in"), "utf-8")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    yield tmp_path / NAME
    for module in [name for name in sys.modules if name.startswith(f"providers.{NAME}")]:
        del sys.modules[module]
    if hasattr(providers, NAME):
        delattr(providers, NAME)


def _change(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(room: Path) -> None:
        text = (room / file).read_text("utf-8")
        assert old in text
        (room / file).write_text(text.replace(old, new), "utf-8")

    return change


def _remove(file: str) -> Callable[[Path], None]:
    return lambda room: (room / file).unlink()


@pytest.mark.parametrize(
    ("spoil", "place", "says"),
    [
        (_change("__init__.py", 'key="pear_lms"', 'key="pear"'), "__init__.py", "folder is called 'pear_lms'"),
        (_change("__init__.py", "Filled in: who looks after this room", ""), "__init__.py", "maintainer"),
        (_change("__init__.py", "launch=launch,", ""), "__init__.py", "no capability yet"),
        (_change("__init__.py", "PROVIDER =", "OTHER ="), "__init__.py", "can't be imported"),
        (_remove("guide.md"), "guide.md", "is missing"),
        (_change("guide.md", "{{login_url}}", ""), "guide.md", "never says {{login_url}}"),
        (_change("guide.md", "{{domain}}", "{{host}}"), "guide.md", "asks for {{host}}"),
        (_change("guide.md", "# Connect", "Connect"), "guide.md", "needs a first-level heading"),
        (_change("guide.md", "## Try it", "## Try me"), "guide.md", "has a heading 'Try me'"),
        (_change("guide.md", "## Try it", "## Try me"), "guide.md", "needs a section 'Try it'"),
        (_change("guide.md", "## By hand", "## With one address"), "guide.md", "does not have the way dynamic"),
        (_change("guide.md", "### 1.", ""), "guide.md", "every step needs a third-level heading"),
        (_change("guide.md", "{{domain}}", "{{registration_url}}"), "guide.md", "belongs to another way"),
        (_change("guide.md", "**Client ID**", ""), "guide.md", "never explains the field **Client ID**"),
        (_change("registration.py", '"issuer"', '"issuers"'), "guide.md", "does not declare it"),
        (_change("__init__.py", "registration=REGISTRATION,", ""), "guide.md", "plate has no registration"),
        (_remove("icon.svg"), "icon.svg", "is missing"),
        (_change("icon.svg", "</svg>", ""), "icon.svg", "not well-formed"),
        (_change("icon.svg", "viewBox", "view"), "icon.svg", "viewBox"),
        (_change("icon.svg", "<rect", "<script/><rect"), "icon.svg", "no script"),
        (_change("icon.svg", "<rect", "<rect onclick='x()'"), "icon.svg", "no script"),
        (_change("icon.svg", "<title>", f"<!-- {'x' * 9000} --><title>"), "icon.svg", "larger than"),
        (_change("advice.py", '"lti.issuer_unknown"', '"lti.other"'), "advice.py", "nothing for lti.issuer_unknown"),
        (_remove("simulator.py"), "simulator.py", "is missing"),
        (_change("simulator.py", "PLATFORM = ", "OTHER = "), "simulator.py", "must offer PLATFORM"),
        (_change("simulator.py", "from flask", "from flasc"), "simulator.py", "can't be imported"),
        (_remove("tests/test_launch.py"), "tests/", "without an inspection"),
    ],
)
def test_fault_is_found(room: Path, spoil: Callable[[Path], None], place: str, says: str) -> None:
    spoil(room)
    assert any(finding.place == place and says in finding.sentence for finding in check_room(NAME))


def test_setting_without_help_or_openly_secret_is_found(room: Path) -> None:
    field = (
        '    api_key: str | None = __import__("providers.contract").contract.setting("Key", help="", default=None)\n'
    )
    with (room / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write("\n" + field)
    said = [finding.sentence for finding in check_room(NAME)]
    assert any("needs a label and a help sentence" in sentence for sentence in said)
    assert any("declare it with secret=True" in sentence for sentence in said)
