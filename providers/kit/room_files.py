"""The files beside a room's code: its guide and its icon."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def room_folder(key: str) -> Path:
    """Return the folder of a room. Raises ModuleNotFoundError when there is none of that name."""
    return Path(str(import_module(f"providers.{key}").__file__)).parent


def read_guide(key: str) -> str:
    """Return the guide as Markdown, placeholders not filled in."""
    return (room_folder(key) / "guide.md").read_text("utf-8")


def read_icon(key: str) -> str:
    """Return the icon as SVG text."""
    return (room_folder(key) / "icon.svg").read_text("utf-8")
