"""Walks through all pages of a collection and judges in the end whether every record was seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from providers.contract import BadData, Misconfigured, Reply
from providers.kit.oneroster.rest.answers import error_answer, read_records
from providers.kit.oneroster.rest.headers import Headers
from providers.kit.rest.asking import Asker
from providers.kit.rest.links import next_link, parameter, safe_link, with_parameters
from providers.kit.rest.seen import Seen

# More than the largest country has of anything; whoever sends more would send for ever.
MOST_RECORDS: Final = 50_000_000
_ANY = msgspec.json.Decoder()
# A provider that has no such collection says one of these.
MISSING = frozenset({404, 405, 501})
# What providers say beyond the end, where the book wants an empty page.
_BEYOND_THE_END = frozenset({400, 404, 416})


class CollectionMissing(Misconfigured):
    """The provider has no such collection."""


class Page(NamedTuple):
    """Records of one page that did not come before, with their place in the collection, and where to go on."""

    records: Sequence[tuple[int, Any]]
    following: Mark | None


class Mark(msgspec.Struct, frozen=True):
    """Where an interrupted walk goes on: the next page, how many came before it, and how many there were to be."""

    url: str
    came: int
    told: int | None


@dataclass(slots=True)
class Verdict:
    """How a walk ended. `doubt` says in plain words why absence proves nothing; empty: every record was seen."""

    told: int | None = None
    doubt: str = "the reading did not come to its end"
    repeated: int = 0


class Walk:
    """One collection, from its first page or from the middle.

    Three things can tell the end: an empty page, a Link header that names no next page any more, and the count. A
    record counts as missing only where the count agrees with what was seen, or, without a count, where an empty page
    ended a walk on which nothing came twice. `may_be_empty`: nothing may be all there is, as in a class nobody is in.
    """

    def __init__(
        self,
        asker: Asker,
        url: str,
        names: tuple[str, ...],
        headers: Headers | None = None,
        *,
        may_be_empty: bool = False,
    ) -> None:
        self.verdict = Verdict()
        self._may_be_empty = may_be_empty
        self._asker, self._names, self._headers = asker, names, headers or Headers()
        self._url = url
        self._seen = self._seen_this_round = Seen()
        self._others = 0
        self._visited: set[str] = set()
        self._offset = 0
        self._last_body = b""
        self._linked = self._empty = self._resumed = self._changed = self._is_repetition = self._moved = False

    def pages(self, start: Mark | None = None) -> Iterator[Page]:
        """Yield the pages; `start` is the `following` of an earlier walk's page."""
        self._resumed = start is not None
        if start is not None:
            self._others, self.verdict.told = start.came, start.told
        yield from self._round(start.url if start else self._at(0))
        if not self._resumed and self.verdict.told is not None and (self.verdict.repeated or self._moved):
            # Records moved between pages while we read: what slipped through is found on a second round, which must
            # agree with the count by itself.
            self._seen_this_round, self._others = Seen(), 0
            yield from self._round(self._at(0))
        self.verdict.doubt = self._doubt()

    def _at(self, offset: int) -> str:
        return with_parameters(self._url, limit=self._asker.page_size, offset=offset)

    @property
    def _came(self) -> int:
        """How many of what the provider counts came: distinct ids, records without one, and rows told twice at once."""
        return len(self._seen_this_round) + self._others

    def _round(self, start: str) -> Iterator[Page]:
        self._visited.clear()
        self._linked = self._empty = self._moved = False
        told = self.verdict.told if self._resumed else None
        text = parameter(start, "offset") or ""
        self._offset = int(text[:12]) if text.isdecimal() else 0
        url: str | None = start
        while url is not None:
            reply = self._ask(url)
            if reply is None:
                return
            raws = read_records(reply, self._names)
            self._moved |= told not in (None, self.verdict.told)
            told = self.verdict.told
            came_before = self._came
            records = self._fresh(raws)
            url = self._next(url, reply, has_new=self._came > came_before)
            yield Page(records, Mark(url, self._came, told) if url else None)
            if self._came > MOST_RECORDS:
                raise BadData("oneroster.endless", "The provider's pages do not end.", self._names[0])

    def _ask(self, url: str) -> Reply | None:
        """Return the answer, or None at the end of a collection whose provider has nothing beyond it, not even []."""
        reply = self._asker.get(url)
        self._visited.add(self._asker.fitting(url))
        self._note_headers(reply)
        if reply.ok:
            return reply
        if reply.status in _BEYOND_THE_END and self._came and self._came == self.verdict.told:
            self._empty = True
            return None
        if reply.status in MISSING and not self._came:
            raise CollectionMissing("oneroster.collection_missing", f"The provider has no {self._names[0]}.")
        raise error_answer(reply, self._names[0])

    def _note_headers(self, reply: Reply) -> None:
        if (told := self._headers.total(reply)) is not None:
            self.verdict.told = told
        self._changed |= self._headers.moves(reply)
        digest = blake2b(reply.body, digest_size=16).digest()
        self._is_repetition, self._last_body = digest == self._last_body, digest

    def _fresh(self, raws: Sequence[msgspec.Raw]) -> list[tuple[int, Any]]:
        """Return the records that did not come before. A row told twice within a page counts, but comes once."""
        fresh, here = [], set()
        self._empty = not raws
        for place, raw in enumerate(raws, self._offset):
            record = _decode(raw)
            source_id = record.get("sourcedId") if isinstance(record, dict) else None
            if not isinstance(source_id, str) or not source_id.strip():
                self._others += 1
                fresh.append((place, record))
            elif self._seen_this_round.add(source_id):
                here.add(source_id)
                if self._seen_this_round is self._seen or self._seen.add(source_id):
                    fresh.append((place, record))
            elif source_id in here:
                self._others += 1
            else:
                self.verdict.repeated += 1
        self._offset += len(raws)
        return fresh

    def _next(self, url: str, reply: Reply, *, has_new: bool) -> str | None:
        if self._empty or not has_new or self._is_repetition:
            return None
        link = next_link(reply.headers.get("link", ""), url)
        if link is not None:
            self._linked = True
            safe = safe_link(link, url)
            if safe is not None and self._asker.fitting(safe) not in self._visited:
                return self._asker.fitting(safe)
        elif self._linked and self._came == self.verdict.told:
            return None  # the links ended where the count says that they should
        following = self._at(self._offset)
        return None if following in self._visited else following

    def _doubt(self) -> str:
        told, came = self.verdict.told, self._came
        reasons = {
            "the reading was interrupted and nothing says how many there are": self._resumed and told is None,
            "the roster was changed while it was read": self._changed or self._moved,
            "nothing came at all": came == 0 and not (self._may_be_empty and told in (None, 0)),
            f"the provider counts {told} and {came} came": told is not None and told != came,
            "records came twice and nothing says how many there are": told is None and self.verdict.repeated > 0,
            "the pages did not come to an end": told is None and not self._empty,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")


def _decode(raw: msgspec.Raw) -> Any:
    try:
        return _ANY.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
