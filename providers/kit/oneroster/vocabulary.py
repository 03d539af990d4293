"""OneRoster's enumerated words, of 1.1 and 1.2, and how the roles of the one become those of the other.

Source: the 1.2 rostering OpenAPI document (enumerations, pattern of extensions); 1.1 information model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from providers.contract import RoleRecord, role_id

# Everywhere but status and roleType an implementation may add words of its own.
EXTENSION: Final = re.compile(r"ext:[A-Za-z0-9._-]+")

STATUSES: Final = frozenset({"active", "tobedeleted"})
ORG_TYPES: Final = frozenset({"department", "district", "local", "national", "school", "state"})
SESSION_TYPES: Final = frozenset({"gradingPeriod", "semester", "schoolYear", "term"})
CLASS_TYPES: Final = frozenset({"homeroom", "scheduled"})
ROLE_TYPES: Final = frozenset({"primary", "secondary"})
ROLES: Final = frozenset(
    {
        "aide", "counselor", "districtAdministrator", "guardian", "parent", "principal", "proctor", "relative",
        "siteAdministrator", "student", "systemAdministrator", "teacher",
    }
)  # fmt: skip
# 1.1 has one role for each user and none for one org; resources still use these words in 1.2.
ROLES_1_1: Final = frozenset(
    {"administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"}
)
ENROLLMENT_ROLES: Final = frozenset({"administrator", "proctor", "student", "teacher"})
SEXES_1_1: Final = frozenset({"male", "female"})
SEXES: Final = SEXES_1_1 | {"unspecified", "other"}
IMPORTANCES: Final = frozenset({"primary", "secondary"})
SCORE_STATUSES: Final = frozenset({"exempt", "fully graded", "not submitted", "partially graded", "submitted"})
OBJECTIVE_SOURCES: Final = frozenset({"case", "unknown"})

SCHOOL: Final = "school"
ADMINISTRATOR: Final = "administrator"


def is_word(text: str, words: frozenset[str]) -> bool:
    """Return whether a word is one of the enumeration or an extension of it."""
    return text in words or EXTENSION.fullmatch(text) is not None


def role_of_1_1(role: str, org_type: str | None) -> str:
    """Return the 1.2 role of a 1.1 user at one org: 1.2 has no `administrator`, so the kind of org tells which it is.

    Our own choice; the specification has no rule. An org of unknown type counts as a school: the lesser right.
    """
    if role != ADMINISTRATOR:
        return role
    return "siteAdministrator" if org_type in {SCHOOL, None} else "districtAdministrator"


def roles_of_1_1(user_id: str, role: str, orgs: Iterable[tuple[str, str | None]], status: str) -> Sequence[RoleRecord]:
    """Return one role for each of a 1.1 user's (org id, org type); the first org's is the primary one."""
    found: dict[str, RoleRecord] = {}
    for org_id, org_type in orgs:
        word = role_of_1_1(role, org_type)
        source_id = role_id(user_id, org_id, word)
        role_type = "secondary" if found else "primary"
        found.setdefault(org_id, RoleRecord(source_id, user_id, org_id, word, role_type, None, None, status))
    return tuple(found.values())
