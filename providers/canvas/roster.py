"""Canvas's roster by its REST interface, beside the launches of the same school or without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from providers.canvas.api import Api
from providers.canvas.check import look_at
from providers.canvas.reading import Reading
from providers.canvas.settings import CanvasSettings
from providers.contract import Batch, Context, Failure, Finished, Health, Recall


def is_set_up(settings: CanvasSettings) -> bool:
    """Whether the settings name a token."""
    return bool(settings.rest_token or settings.rest_refresh_token)


def check(context: Context[Any]) -> Sequence[Health]:
    """Say what is well and which setting to change."""
    try:
        return list(look_at(Api(context), context.settings))
    except Failure as failure:
        return [Health("address and token", False, failure.sentence)]


def read(
    context: Context[Any],
    *,
    since: str | None = None,  # noqa: ARG001 - Canvas tells no changes
    resume: str | None = None,  # noqa: ARG001 - what people are is known only at the end, so it begins anew
    recall: Recall | None = None,  # noqa: ARG001 - its records come whole either way
) -> Iterator[Batch | Finished]:
    """Read everything: Canvas tells no changes."""
    yield from Reading(context).run()
