"""Decides which parts of a roster plan wait for a person: removals, renames and new ids that look like an accident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, NamedTuple

from gateway.store.rosters.counting import Counts, Thinned
from providers.contract import Kind, Misconfigured

Keeps = Literal["removals", "renames", "new_ids"]
# Kinds whose records have a name by which a person would know them again.
NAMED: Final[tuple[Kind, ...]] = ("users", "classes")


@dataclass(frozen=True, slots=True)
class Guards:
    """Thresholds. Percentages are of the records that stood before; a number up to the floor never holds anything."""

    removal_percent: int = 10
    removal_floor: int = 5
    class_percent: int = 50
    class_least: int = 5
    rename_percent: int = 30
    rename_floor: int = 5
    rekey_percent: int = 50

    def too_many_removals(self, gone: int, known: int) -> bool:
        """Return whether so many of a type, or of a school's, may not go without a person."""
        return gone > self.removal_floor and gone * 100 > self.removal_percent * known


class Hold(NamedTuple):
    """Why something waits: `number` of `of` records of `kind`, at `place` if it is one school or class."""

    code: str
    kind: Kind
    number: int
    of: int
    keeps: Keeps
    sentence: str
    place: str | None = None


def read_guards(values: Mapping[str, Any]) -> Guards:
    """Return the house's thresholds with these in their place. Raises Misconfigured (``guards.invalid``)."""
    known = {field.name for field in fields(Guards)}
    for name, value in values.items():
        if name not in known:
            raise Misconfigured(
                "guards.invalid", f"There is no threshold {name!r}; there are {', '.join(sorted(known))}."
            )
        if not isinstance(value, int) or not 0 <= value <= 1_000_000:
            raise Misconfigured("guards.invalid", f"{name} must be a whole number from 0 on.")
    return Guards(**{**asdict(Guards()), **values})


def held_removals(
    counts: Mapping[Kind, Counts], schools: Sequence[Thinned], classes: Sequence[Thinned], guards: Guards
) -> list[Hold]:
    """Return why removals wait; one reason is enough to keep them all back."""
    holds: list[Hold] = []
    for kind, count in counts.items():
        holds += _of_type(kind, count, guards)
    for school in schools:
        if guards.too_many_removals(school.gone, school.known):
            sentence = f"{school.gone} of {school.known} {school.kind} of {school.name} would be removed."
            holds.append(_removals("hold.school_removals", school, sentence))
    for class_ in classes:
        if class_.gone * 100 > guards.class_percent * class_.known:
            sentence = f"{class_.gone} of {class_.known} students would leave the class {class_.name}."
            holds.append(_removals("hold.class_emptied", class_, sentence))
    return holds


def _removals(code: str, place: Thinned, sentence: str) -> Hold:
    return Hold(code, place.kind, place.gone, place.known, "removals", sentence, place.sourced_id)


def _of_type(kind: Kind, count: Counts, guards: Guards) -> Iterator[Hold]:
    left = count.known - count.gone + count.added + count.returned
    if count.gone and not left:
        sentence = f"No {kind} would be left of {count.known}."
        yield Hold("hold.type_emptied", kind, count.gone, count.known, "removals", sentence)
    elif guards.too_many_removals(count.gone, count.known):
        sentence = f"{count.gone} of {count.known} {kind} would be removed."
        yield Hold("hold.type_removals", kind, count.gone, count.known, "removals", sentence)


def held_renames(kind: Kind, renamed: int, known: int, guards: Guards) -> list[Hold]:
    """Return why the changes of a kind wait: too many would get another name altogether."""
    if renamed <= guards.rename_floor or renamed * 100 <= guards.rename_percent * known:
        return []
    sentence = f"{renamed} of {known} {kind} would get another name."
    return [Hold("hold.mass_rename", kind, renamed, known, "renames", sentence)]


def may_be_rekeyed(count: Counts, guards: Guards) -> bool:
    """Return whether so many go and so many come that they may be the same under new ids."""
    return guards.too_many_removals(count.gone, count.known) and guards.too_many_removals(count.added, count.known)


def held_new_ids(kind: Kind, same: int, gone: int, guards: Guards) -> list[Hold]:
    """Return why new records of a kind wait: those who go come back under other ids."""
    if same * 100 <= guards.rekey_percent * gone:
        return []
    sentence = f"{same} of the {gone} {kind} that would be removed come again under another id."
    return [Hold("hold.ids_rekeyed", kind, same, gone, "new_ids", sentence)]
