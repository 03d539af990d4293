"""Recognises headings however they are spelled: capitals, accents, dashes, footnotes, and several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from gateway.services.native_import.columns import BY_NAME, COLUMNS, HALF_NAMES, NEEDED

Mapping = dict[str, int]  # a column's name -> where it stands in a row, from 0

_ASIDES: Final = re.compile(r"[(\[{（].*?[)\]}）]")
_NOISE: Final = re.compile(r"\b(optional|required|needed|obligatoire|facultatif|opcional|obligatorio|pflichtfeld)\b")
_NO_DECOMPOSITION: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was made of the headings: where each column stands, and which stand in several places."""

    mapping: Mapping
    ambiguous: frozenset[str] = field(default_factory=frozenset)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the needed columns that were not found."""
        return tuple(name for name in NEEDED if name not in self.mapping)

    @property
    def is_certain(self) -> bool:
        """Return whether nobody needs to be asked."""
        return not self.missing and not self.ambiguous


def plain(heading: str) -> str:
    """Return a heading's letters and digits: without capitals, accents, blanks, signs, and what stands in brackets."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _NOISE.sub(" ", _ASIDES.sub(" ", text)).translate(_NO_DECOMPOSITION)
    letters = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(each for each in letters if each.isalnum()))


def recognise(headings: Sequence[str]) -> Recognised:
    """Return which column stands where. Of two with the same meaning the first is taken, and called ambiguous."""
    plains = [plain(heading) for heading in headings]
    places: dict[str, list[int]] = {}
    for place, name in enumerate(map(_strong().get, plains)):
        if name:
            places.setdefault(name, []).append(place)
    for name, found in _weak(plains, places):
        places.setdefault(name, []).extend(found)
    _halves(plains, places)
    mapping = {name: places[name][0] for name in BY_NAME if name in places}
    return Recognised(mapping, frozenset(name for name, found in places.items() if len(found) > 1))


def knows_any(headings: Iterable[str]) -> int:
    """Return how many of the headings are known."""
    return sum(1 for each in map(plain, headings) if each in _strong() or each in _faint() or each in HALF_NAMES)


@cache
def _strong() -> dict[str, str]:
    return {_folded(word): column.name for column in COLUMNS for word in column.spellings.split()}


@cache
def _faint() -> dict[str, str]:
    return {_folded(word): column.name for column in COLUMNS for word in column.weak.split()}


def _folded(word: str) -> str:
    return plain(word)


def _weak(plains: Sequence[str], places: dict[str, list[int]]) -> list[tuple[str, list[int]]]:
    """Return columns that only a weak spelling names: an e-mail address is the username where there is no other."""
    found: dict[str, list[int]] = {}
    for place, text in enumerate(plains):
        name = _faint().get(text)
        if name and name not in places:
            found.setdefault(name, []).append(place)
    return list(found.items())


def _halves(plains: Sequence[str], places: dict[str, list[int]]) -> None:
    """Give a column called just “Name” its meaning: the half of the name that no other column has."""
    taken = {place for found in places.values() for place in found}
    halves = [place for place, text in enumerate(plains) if text in HALF_NAMES and place not in taken]
    missing = [name for name in ("givenName", "familyName") if name not in places]
    if len(missing) == 1 and halves:
        places[missing[0]] = halves
