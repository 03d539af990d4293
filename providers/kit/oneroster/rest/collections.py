"""Which addresses hold which kind of record, and what stands in where a provider lacks one."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from providers.contract import Kind


class Collection(NamedTuple):
    """`path` below the provider's root; `names` are those its list may have, the book's first."""

    path: str
    names: tuple[str, ...]


class Plan(NamedTuple):
    """How a kind is read. `instead` is read where `path` is missing, and then proves nothing about who is gone."""

    kind: Kind
    whole: Collection
    instead: tuple[Collection, ...] = ()
    is_needed: bool = True


_STUDENTS: Final = Collection("students", ("users", "students"))
_TEACHERS: Final = Collection("teachers", ("users", "teachers"))

PLANS: Final = (
    Plan("orgs", Collection("orgs", ("orgs",)), (Collection("schools", ("orgs", "schools")),)),
    Plan(
        "academicSessions",
        Collection("academicSessions", ("academicSessions",)),
        (
            Collection("terms", ("academicSessions", "terms")),
            Collection("gradingPeriods", ("academicSessions", "gradingPeriods")),
        ),
        is_needed=False,
    ),
    Plan("courses", Collection("courses", ("courses",)), is_needed=False),
    Plan("classes", Collection("classes", ("classes",))),
    Plan("users", Collection("users", ("users",)), (_STUDENTS, _TEACHERS)),
    Plan("enrollments", Collection("enrollments", ("enrollments",))),
)


def below(root: str, path: str) -> str:
    """Return the address of a path below the root, whose query is kept."""
    parts = urlsplit(root)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{path}"))
