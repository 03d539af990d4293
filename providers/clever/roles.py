"""What a person is at which org: Clever's roles object, whose roles may be several."""

from __future__ import annotations

from collections.abc import Iterator

from providers.clever.fields import Fields
from providers.clever.vocabulary import ROLE_ORDER, family_role
from providers.contract import RoleRecord, role_id


def read_roles(told: Fields, staff_role: str) -> list[RoleRecord]:
    """Return the roles, the one at the person's own school first; exactly one is the primary one."""
    held = list(dict.fromkeys(_held(told, staff_role)))
    return [
        RoleRecord(role_id(told.id(), org, role), told.id(), org, role, "secondary" if number else "primary")
        for number, (org, role) in enumerate(held)
    ]


def _held(told: Fields, staff_role: str) -> Iterator[tuple[str, str]]:
    roles, district = told.within("roles"), told.optional_id("district")
    for name in ROLE_ORDER:
        if not roles.has(name):
            continue
        role = roles.within(name)
        if name == "contact":
            orgs, words = [district], [family_role(each.text("relationship")) for each in _relations(role)]
        elif name == "district_admin":
            orgs, words = [district], ["districtAdministrator"]
        else:
            orgs, words = [role.optional_id("school"), *role.ids("schools")], [staff_role if name == "staff" else name]
        yield from ((org, word) for org in orgs if org for word in words)


def _relations(contact: Fields) -> list[Fields]:
    """Return a contact's relationships; one without any is a guardian of nobody yet."""
    return contact.rows("student_relationships") or [contact.within("nothing")]
