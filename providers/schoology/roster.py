"""Schoology's roster by its REST interface, beside the launches of the same school or without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from providers.contract import Batch, Context, Finished, Health, Recall
from providers.schoology.api import Api
from providers.schoology.check import look_at
from providers.schoology.reading import Reading
from providers.schoology.settings import SchoologySettings


def is_set_up(settings: SchoologySettings) -> bool:
    """Whether the settings name a key."""
    return bool(settings.consumer_key or settings.consumer_secret)


def check(context: Context[Any]) -> Sequence[Health]:
    """Say what is well and which setting to change."""
    return list(look_at(Api(context), context.settings))


def read(
    context: Context[Any],
    *,
    since: str | None = None,  # noqa: ARG001 - Schoology tells no changes
    resume: str | None = None,
    recall: Recall | None = None,  # noqa: ARG001 - its records come whole either way
) -> Iterator[Batch | Finished]:
    """Read everything: Schoology tells no changes."""
    yield from Reading(context, resume).run()
