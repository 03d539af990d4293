"""Clever's words and OneRoster's: grades, family relationships, where a role is held."""

from __future__ import annotations

from typing import Final

# CEDS codes, as OneRoster wants them; a blank or unknown grade is none.
GRADES: Final = {
    "InfantToddler": "IT",
    "Preschool": "PR",
    "PreKindergarten": "PK",
    "TransitionalKindergarten": "TK",
    "Kindergarten": "KG",
    **{str(number): f"{number:02}" for number in range(1, 14)},
    "PostGraduate": "PS",
    "Ungraded": "UG",
    "Other": "Other",
}
HOMEROOM: Final = "homeroom/advisory"
_RELATIVES: Final = {"Grandparent", "Aunt/Uncle", "Sibling"}
# In which order a person's roles are told: the first is the primary one.
ROLE_ORDER: Final = ("student", "teacher", "staff", "district_admin", "contact")


def family_role(relationship: object) -> str:
    """Return OneRoster's word for a contact's relationship to a student; one that says nothing is a guardian."""
    if relationship == "Parent":
        return "parent"
    return "relative" if relationship in _RELATIVES else "guardian"
