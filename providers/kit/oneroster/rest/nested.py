"""Reads enrollments class by class, where a provider keeps no collection that holds them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import msgspec

from providers.contract import Refused
from providers.contract.roster import TO_BE_DELETED
from providers.kit.oneroster.rest.answers import read_records
from providers.kit.oneroster.rest.collections import Collection, below
from providers.kit.oneroster.rest.fields import Fields, Unreadable
from providers.kit.oneroster.rest.headers import Headers
from providers.kit.oneroster.rest.walk import CollectionMissing, Mark, Page, Walk
from providers.kit.rest.asking import Asker
from providers.kit.rest.links import with_parameters

_CLASSES: Final = Collection("classes", ("classes",))
# One class may be unknown where the others are not: so many are asked before a provider has no such address.
_PROBES: Final = 3
_CLASSES_PER_CURSOR: Final = 20


class Part(NamedTuple):
    """An address below a class. `role`: it lists people, who are that in the class; empty: it lists enrollments."""

    path: str
    names: tuple[str, ...]
    role: str = ""


ENROLLMENTS: Final = (Part("schools/{school}/classes/{id}/enrollments", ("enrollments",)),)
PEOPLE: Final = (
    Part("classes/{id}/students", ("users", "students"), "student"),
    Part("classes/{id}/teachers", ("users", "teachers"), "teacher"),
)


class Place(msgspec.Struct):
    """Where an interrupted reading goes on: the page of classes, the last class of it that is done, what came."""

    at: Mark | None = None
    after: int = -1
    came: int = 0


def is_there(asker: Asker, root: str, parts: tuple[Part, ...]) -> bool:
    """Return whether one of the first classes answers; an empty answer is one."""
    reply = asker.get(with_parameters(below(root, _CLASSES.path), limit=_PROBES, offset=0))
    for raw in read_records(reply, _CLASSES.names)[:_PROBES]:
        address = _address(root, parts[0], msgspec.json.decode(raw))
        try:
            if address and asker.get(with_parameters(address, limit=1, offset=0)).ok:
                return True
        except Refused as failure:
            if failure.code != "rest.forbidden":
                raise
    return False


class Nested:
    """Reads `parts` of every class. `doubt` is told, in plain words, whatever makes absence prove nothing."""

    def __init__(
        self, asker: Asker, root: str, parts: tuple[Part, ...], doubt: Callable[[str], None], headers: Headers
    ) -> None:
        self._asker, self._root, self._parts, self._doubt, self._headers = asker, root, parts, doubt, headers

    def pages(self, place: Place) -> Iterator[tuple[Collection, Page, bool]]:
        """Yield pages of enrollments; True: `place` says where to go on after this one."""
        classes = Walk(self._asker, below(self._root, _CLASSES.path), _CLASSES.names, self._headers)
        for page in classes.pages(place.at):
            for number, record in page.records:
                if number <= place.after:
                    continue
                yield from self._class(record, place)
                place.after = number
                if number % _CLASSES_PER_CURSOR == 0:
                    yield _CLASSES, Page((), None), True
            place.at, place.after = page.following, -1
        if classes.verdict.doubt:
            self._doubt(f"the classes may not be all: {classes.verdict.doubt}")
        if not place.came:
            self._doubt("nothing came at all")

    def _class(self, record: Any, place: Place) -> Iterator[tuple[Collection, Page, bool]]:
        if isinstance(record, dict) and Fields(record, "", []).status() == TO_BE_DELETED:
            return
        for part in self._parts:
            address = _address(self._root, part, record)
            if address is None:
                self._doubt("a class can't be asked for: its id or its school is missing")
                return
            walk = Walk(self._asker, address, part.names, self._headers, may_be_empty=True)
            try:
                for page in walk.pages():
                    place.came += len(page.records)
                    told = [(number, _enrollment(each, record, part.role)) for number, each in page.records]
                    yield Collection(f"classes/{_id(record)}", part.names), Page(told, None), False
            except (CollectionMissing, Refused) as failure:
                if failure.code == "rest.unauthorized":
                    raise
                self._doubt("the provider does not give the people of some of its classes")
                continue
            if walk.verdict.doubt:
                self._doubt(f"a class may lack people: {walk.verdict.doubt}")


def _address(root: str, part: Part, record: Any) -> str | None:
    """Return where to ask for a class, or None where it lacks what the address needs."""
    names = {"id": _id(record), "school": _school(record)}
    try:
        return below(root, part.path.format(**{name: quote(text, safe="") for name, text in names.items() if text}))
    except KeyError:
        return None


def membership_id(class_id: str, user_id: str, role: str) -> str:
    """Return a stable id for an enrollment that its provider gives none."""
    return f"{len(class_id)}:{class_id}|{len(user_id)}:{user_id}|{role}"


def _enrollment(told: Any, class_: Any, role: str) -> Any:
    """Return what was told of a class as an enrollment's record: as it came, or made of a person in it."""
    if not isinstance(told, dict):
        return told
    where = {"class": _id(class_), "school": _school(class_)}
    if not role:
        return where | told
    user_id = _id(told)
    made = membership_id(_id(class_), user_id, role) if user_id else None
    return where | {"sourcedId": made, "user": user_id, "role": role, "status": told.get("status")}


def _id(record: Any) -> str:
    """Return a record's own id, byte for byte; empty where it has none that can be used."""
    try:
        return Fields(record, "", []).source_id() if isinstance(record, dict) else ""
    except Unreadable:
        return ""


def _school(record: Any) -> str:
    return Fields(record, "", []).ref("school") or "" if isinstance(record, dict) else ""
