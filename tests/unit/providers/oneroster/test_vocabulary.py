"""OneRoster's words: extensions, and 1.1 roles as 1.2 roles."""

from __future__ import annotations

import pytest

from providers.contract import role_id
from providers.kit.oneroster.vocabulary import ORG_TYPES, ROLES, is_word, role_of_1_1, roles_of_1_1


@pytest.mark.parametrize("word", ["teacher", "ext:coach", "ext:A.b_c-9"])
def test_words_and_extensions_are_words(word: str) -> None:
    assert is_word(word, ROLES)


@pytest.mark.parametrize("word", ["", "Teacher", "administrator", "ext:", "ext:two words", "xext:a", "teacher\n"])
def test_anything_else_is_not(word: str) -> None:
    assert not is_word(word, ROLES)


@pytest.mark.parametrize(
    ("org_type", "role"),
    [("school", "siteAdministrator"), (None, "siteAdministrator")]
    + [(each, "districtAdministrator") for each in sorted(ORG_TYPES - {"school"})],
)
def test_administrator_of_1_1_becomes_one_of_the_kind_of_org(org_type: str | None, role: str) -> None:
    assert role_of_1_1("administrator", org_type) == role


def test_other_roles_of_1_1_stay() -> None:
    assert role_of_1_1("relative", "district") == "relative"


def test_a_user_of_1_1_has_one_role_at_each_org_and_the_first_is_primary() -> None:
    roles = roles_of_1_1("u", "administrator", [("s", "school"), ("d", "district"), ("s", "school")], "active")
    assert [(each.org_id, each.role, each.role_type) for each in roles] == [
        ("s", "siteAdministrator", "primary"),
        ("d", "districtAdministrator", "secondary"),
    ]
    assert roles[0].source_id == role_id("u", "s", "siteAdministrator")
