"""Reads OneRoster's filter: comparisons, AND before OR, parentheses; bounded in length, number and depth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple, NoReturn

from gateway.store.oneroster.terms import PREDICATES, Comparison, Junction, Predicate, Term
from providers.contract import BadData

LONGEST: Final = 4000
MOST_COMPARISONS: Final = 50
DEEPEST: Final = 20
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<sign>[()])|(?P<predicate>!=|>=|<=|=|>|<|~)|'(?P<quoted>(?:[^']|'')*)'|(?P<word>[^\s()'=!<>~]+))"
)
_FIELD: Final = re.compile(r"[A-Za-z][\w.:-]*", re.ASCII)
_BY_SIGN: Final[dict[str, Predicate]] = {str(each): each for each in PREDICATES}


class _Token(NamedTuple):
    kind: str
    text: str


def filter_fault(why: str) -> BadData:
    """Return the failure of a filter that can't be answered."""
    return BadData("oneroster.filter_invalid", f"The filter can't be read: {why}.")


def read_filter(text: str) -> Term:
    """Return the filter's term. Raises BadData (``oneroster.filter_invalid``), which says where it fails."""
    if len(text) > LONGEST or "\0" in text:
        raise filter_fault(f"it has more than {LONGEST} characters, or one that is none")
    reader = _Reader(_tokens(text))
    term = reader.either(0)
    if reader.next is not None:
        raise filter_fault(f"nothing but AND or OR may stand before {reader.next.text[:40]!r}")
    return term


def _tokens(text: str) -> list[_Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise filter_fault(f"something is wrong at {text[at : at + 20].strip()!r}")
        kind = match.lastgroup or ""
        found.append(_Token(kind, match[kind].replace("''", "'") if kind == "quoted" else match[kind]))
        at = match.end()
    return found


@dataclass(slots=True)
class _Reader:
    tokens: list[_Token]
    at: int = 0
    comparisons: int = 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def either(self, depth: int) -> Term:
        return self._joined("or", depth)

    def _joined(self, word: str, depth: int) -> Term:
        terms = [self._part(word, depth)]
        while self._is_word(word):
            self.at += 1
            terms.append(self._part(word, depth))
        return terms[0] if len(terms) == 1 else Junction(word == "and", tuple(terms))

    def _part(self, word: str, depth: int) -> Term:
        return self._joined("and", depth) if word == "or" else self._one(depth)

    def _is_word(self, word: str) -> bool:
        return self.next is not None and self.next.kind == "word" and self.next.text.lower() == word

    def _one(self, depth: int) -> Term:
        if self.next != ("sign", "("):
            return self._comparison()
        if depth == DEEPEST:
            raise filter_fault(f"parentheses are nested deeper than {DEEPEST}")
        self.at += 1
        term = self.either(depth + 1)
        if self.next != ("sign", ")"):
            self._missed("a closing parenthesis")
        self.at += 1
        return term

    def _comparison(self) -> Comparison:
        self.comparisons += 1
        if self.comparisons > MOST_COMPARISONS:
            raise filter_fault(f"it has more than {MOST_COMPARISONS} comparisons")
        field = self._take("a field", "word")
        if not _FIELD.fullmatch(field) or field.lower() in {"and", "or"}:
            raise filter_fault(f"{field[:40]!r} is no field")
        predicate = _BY_SIGN[self._take(f"one of {' '.join(PREDICATES)}", "predicate")]
        return Comparison(field, predicate, self._take("a value in single quotes", "quoted", "word"))

    def _take(self, wanted: str, *kinds: str) -> str:
        token = self.next
        if token is None or token.kind not in kinds:
            self._missed(wanted)
        self.at += 1
        return token.text

    def _missed(self, wanted: str) -> NoReturn:
        found = "the end" if self.next is None else repr(self.next.text[:40])
        raise filter_fault(f"{wanted} was expected and {found} found")
