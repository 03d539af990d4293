"""Lists of /api/v1 go from the newest on; an answer names the `before` with which the next one begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from flask import Response, jsonify

MOST = 100
Item = TypeVar("Item")


class Page(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What a GET of a list wants."""

    org_sourced_id: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 50
    before: str | None = None


def listed(name: str, found: Sequence[Item], page: Page, document: Callable[[Item], dict[str, Any]]) -> Response:
    """Answer with a page of `found`, which holds one more than was asked for if there are more."""
    shown = [document(each) for each in found[: page.limit]]
    more = {"before": shown[-1]["id"]} if len(found) > page.limit else {}
    return jsonify({name: shown, **more})
