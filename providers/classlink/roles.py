"""ClassLink's words for what somebody is: documented ones, the district's own, and the level beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from providers.contract import Misconfigured, Role
from providers.kit.rest.values import number

# Capitalised in profiles, unlike OneRoster's; compared without regard to case.
_WORDS: Final = {
    "student": Role.STUDENT,
    "teacher": Role.TEACHER,
    "aide": Role.AIDE,
    "parent": Role.GUARDIAN,
    "guardian": Role.GUARDIAN,
    "building administrator": Role.ADMINISTRATOR,
    "tenant administrator": Role.DISTRICT_ADMINISTRATOR,
}
# What ClassLink itself documents or shows; levels 1 and 2 are administrators' of a kind that the word must tell.
_LEVELS: Final = {3: Role.TEACHER, 4: Role.STUDENT}


def read_roles(told: Mapping[str, Any], own: Mapping[str, Role]) -> tuple[Role, ...]:
    """Return every role of a profile; the level is asked only where no word says anything."""
    known = {**_WORDS, **own}
    found = dict.fromkeys(known[word] for word in _told_words(told.get("Role")) if word in known)
    if not found and (level := _LEVELS.get(number(told.get("Role_Level")) or 0)):
        return (level,)
    return tuple(found)


def own_words(lines: Iterable[str]) -> dict[str, Role]:
    """Return the administrator's words: ``Principal=siteAdministrator``.

    Raises Misconfigured (``classlink.role_words``).
    """
    words: dict[str, Role] = {}
    for line in lines:
        word, _, role = (part.strip() for part in line.partition("="))
        if not word or role not in set(Role):
            wanted = ", ".join(sorted(Role))
            raise Misconfigured("classlink.role_words", f"role_words: write Word=role for each, of {wanted}.")
        words[word.lower()] = Role(role)
    return words


def _told_words(told: Any) -> Iterator[str]:
    """Yield the words of a text, of one with commas, or of a list: somebody may be a teacher and a parent."""
    for part in told if isinstance(told, list) else [told]:
        if isinstance(part, str):
            yield from (word.strip().lower() for word in part.split(","))
