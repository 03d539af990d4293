"""The roster capability of any room whose system speaks OneRoster REST."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from providers.contract import Batch, Context, Finished, Health, Recall
from providers.kit.oneroster.rest.check import check
from providers.kit.oneroster.rest.reading import Reading
from providers.kit.oneroster.rest.source import Source
from providers.kit.rest.asking import Asker


@dataclass(frozen=True, slots=True)
class RestRoster:
    """A `providers.contract.Roster`; `source_of` turns the room's settings into a source.

    Raises Misconfigured (``settings.invalid``) from `source_of` where settings don't fit together.
    """

    source_of: Callable[[Any], Source]

    def is_set_up(self, _settings: object) -> bool:
        """Say yes: such a room has nothing but its roster."""
        return True

    def check(self, context: Context[Any]) -> Sequence[Health]:
        """Say what is well and which setting to change."""
        return check_source(context, self.source_of(context.settings))

    def read(
        self,
        context: Context[Any],
        *,
        since: str | None = None,
        resume: str | None = None,
        recall: Recall | None = None,  # noqa: ARG002 - a provider's records come whole either way
    ) -> Iterator[Batch | Finished]:
        """Read the roster."""
        return read_source(context, self.source_of(context.settings), since, resume)


def check_source(context: Context[Any], source: Source) -> Sequence[Health]:
    """Look at a source; for rooms that must ask where theirs is."""
    return check(source, _asker(context, source))


def read_source(
    context: Context[Any], source: Source, since: str | None, resume: str | None
) -> Iterator[Batch | Finished]:
    """Read a source."""
    return Reading(context, source, _asker(context, source)).run(since, resume)


def _asker(context: Context[Any], source: Source) -> Asker:
    return Asker(context, source.auth(), source.page_size, source.largest_body)
