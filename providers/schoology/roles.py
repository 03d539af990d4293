"""Schoology's roles: each school has its own, told by title, whether faculty, and a number that differs everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from providers.contract import Misconfigured
from providers.kit.oneroster.vocabulary import ROLES
from providers.kit.rest.values import flag, identifier, text

ADMINISTRATOR: Final = "administrator"  # a site's or the district's, as the person's building says
# Words in a title, the first that fits; what fits none is a teacher where Schoology calls the role faculty.
_WORDS: Final = (
    (re.compile(r"parent|guardian|family", re.IGNORECASE), "parent"),
    (re.compile(r"student|learner|pupil", re.IGNORECASE), "student"),
    (re.compile(r"admin|principal", re.IGNORECASE), ADMINISTRATOR),
    (re.compile(r"aide|assistant|para", re.IGNORECASE), "aide"),
    (re.compile(r"teacher|instructor|faculty", re.IGNORECASE), "teacher"),
)
WORDS: Final = frozenset(ROLES | {ADMINISTRATOR})
Roles = Mapping[str, str | None]


def read_roles(records: Iterable[Mapping[str, Any]], own: Mapping[str, str]) -> dict[str, str | None]:
    """Return OneRoster's word for each role's id, None where nothing says which; `own` words by title come first."""
    found: dict[str, str | None] = {}
    for record in records:
        role_id, title = identifier(record.get("id")), text(record.get("title")) or ""
        if role_id is not None:
            found[role_id] = own.get(title.lower()) or _by_title(title) or _by_faculty(record)
    return found


def own_words(lines: Iterable[str]) -> dict[str, str]:
    """Return the administrator's words for titles: ``Substitute=teacher``.

    Raises Misconfigured (``schoology.role_words``).
    """
    words: dict[str, str] = {}
    for line in lines:
        title, _, word = (part.strip() for part in line.partition("="))
        if not title or word not in WORDS:
            wanted = ", ".join(sorted(WORDS))
            raise Misconfigured("schoology.role_words", f"role_words: write Title=word for each role, of {wanted}.")
        words[title.lower()] = word
    return words


def role_at(word: str, *, is_building: bool) -> str:
    """Return OneRoster's role at an org."""
    if word != ADMINISTRATOR:
        return word
    return "siteAdministrator" if is_building else "districtAdministrator"


def _by_title(title: str) -> str | None:
    return next((word for pattern, word in _WORDS if pattern.search(title)), None)


def _by_faculty(record: Mapping[str, Any]) -> str | None:
    return "teacher" if flag(record.get("faculty")) else None
