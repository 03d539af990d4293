"""How a package is read: by the book or liberally, and what becomes of a package with bad rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Mode = Literal["strict", "liberal"]
OnBadRows = Literal["skip", "refuse"]

# A line longer than this is no row of a roster; with it the memory for one line is bounded.
LONGEST_LINE: Final = 128 * 1024
MOST_COLUMNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Options:
    """`strict` judges every rule of the specification, `liberal` takes what can be understood, with a warning.

    Bad rows are skipped and counted, or the whole package is refused. `without_manifest` is what a package is that
    does not say it: all there is, or changes only.
    """

    mode: Mode = "liberal"
    on_bad_rows: OnBadRows = "skip"
    without_manifest: Literal["bulk", "delta"] = "bulk"

    @property
    def is_strict(self) -> bool:
        """Return whether every rule is judged."""
        return self.mode == "strict"
