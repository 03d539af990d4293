"""Makes the contract's records of columns: a block at a time, without a call for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any, Final

from providers.contract.roster import RECORD_OF, Kind, RoleRecord, role_id
from providers.kit.oneroster.vocabulary import roles_of_1_1

# Which column each field of a record comes from, in the record's order; `-` where CSV has nothing for it.
_SOURCES: Final[dict[Kind, str]] = {
    "orgs": "sourcedId name type identifier parentSourcedId status",
    "academicSessions": "sourcedId title type startDate endDate parentSourcedId schoolYear - status",
    "courses": "sourcedId title courseCode schoolYearSourcedId orgSourcedId grades subjects subjectCodes status",
    "classes": "sourcedId title schoolSourcedId courseSourcedId classCode classType location termSourcedIds grades"
    " subjects subjectCodes periods status",
    "users": "sourcedId givenName familyName middleName username email identifier userMasterIdentifier enabledUser"
    " preferredGivenName preferredMiddleName preferredFamilyName pronouns phone sms grades agentSourcedIds"
    " primaryOrgSourcedId userIds status",
    "roles": "sourcedId userSourcedId orgSourcedId role roleType beginDate endDate status",
    "enrollments": "sourcedId userSourcedId classSourcedId role schoolSourcedId primary beginDate endDate status",
}


@cache
def sources(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return (field, column) for each field of a kind's record; an empty column where CSV has none."""
    fields = RECORD_OF[kind]._fields
    return tuple(zip(fields, _SOURCES[kind].replace("-", "").split(" "), strict=True))


def records_of(kind: Kind, columns: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return the records of a block; a column that the file lacks gives each record the field's default."""
    record = RECORD_OF[kind]
    defaults = record._field_defaults
    values = [columns[column] if column in columns else repeat(defaults.get(field)) for field, column in sources(kind)]
    # What NamedTuple's own constructor does, without a Python call for each record.
    return list(map(tuple.__new__, repeat(record), zip(*values, strict=False)))


class RolesOf11:
    """Makes 1.2 roles of 1.1 users: one for each org, told apart by the orgs' types."""

    def __init__(self, org_types: Mapping[str, str]) -> None:
        self._org_types = org_types
        self._plans: dict[tuple[str | None, tuple[str, ...]], Sequence[RoleRecord]] = {}

    def of_block(self, columns: Mapping[str, Sequence[Any]]) -> list[list[RoleRecord]]:
        """Return each user's roles, beside the block's rows; a user without role or org has none."""
        statuses = columns.get("status") or repeat("active")
        rows = zip(columns["sourcedId"], columns["role"], columns["orgSourcedIds"], statuses, strict=False)
        return [self._of(user_id, role, orgs, status) for user_id, role, orgs, status in rows]

    def _of(self, user_id: str, role: str | None, orgs: tuple[str, ...], status: str) -> list[RoleRecord]:
        plan = self._plans.get((role, orgs))
        if plan is None:
            if len(self._plans) > 50_000:
                self._plans.clear()
            types = [(org, self._org_types.get(org)) for org in orgs]
            plan = self._plans[role, orgs] = roles_of_1_1("", role, types, status) if role else ()
        return [
            RoleRecord(
                role_id(user_id, each.org_id, each.role),
                user_id,
                each.org_id,
                each.role,
                each.role_type,
                None,
                None,
                status,
            )
            for each in plan
        ]
