"""A file with public keys (a JSON Web Key Set) as an option of a command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click


class _Keys(click.ParamType[dict[str, Any]]):
    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """Return the file's JSON object."""
        try:
            found = json.loads(Path(value).read_text("utf-8"))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            self.fail(f"{value} is no JSON Web Key Set", param, ctx)
        return found


KEYS: Final = _Keys()
