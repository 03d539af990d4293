"""The roster of a district by Secure Sync: everything, or what events tell since the last reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from providers.clever.check import check_roster
from providers.clever.events import Events, GapFound
from providers.clever.pages import Pages, asker_of
from providers.clever.reading import Reading
from providers.clever.settings import CleverSettings
from providers.contract import Batch, Context, Finished, Health, Recall


class CleverRoster:
    """The `roster` capability."""

    def is_set_up(self, settings: CleverSettings) -> bool:
        """Say whether it is known which district's roster to read."""
        return bool(settings.district_id)

    def check(self, context: Context[CleverSettings]) -> Sequence[Health]:
        """Say what is well and which setting to change."""
        return check_roster(context)

    def read(
        self,
        context: Context[CleverSettings],
        *,
        since: str | None = None,
        resume: str | None = None,
        recall: Recall | None = None,  # noqa: ARG002 - Clever's lines can't be told apart unparsed
    ) -> Iterator[Batch | Finished]:
        """Read the changes where the feed reaches back to the last reading, or else everything."""
        pages = Pages(asker_of(context), context.settings)
        if since and context.settings.events and resume is None:
            try:
                yield from Events(context, pages).run(since)
                return
            except GapFound as gap:
                context.log("clever.events_gap", why=str(gap))
        yield from Reading(context, pages).run(resume)


ROSTER = CleverRoster()
