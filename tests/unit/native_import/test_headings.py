"""Columns are recognised by their headings, in the spellings that schools use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.services.native_import.columns import COLUMNS
from gateway.services.native_import.headings import plain, recognise


def names(*headings: str) -> list[str]:
    """Return the recognised columns in the order of the file."""
    mapping = recognise(headings).mapping
    return sorted(mapping, key=lambda name: mapping[name])


@pytest.mark.parametrize(
    "headings",
    [
        ("First name", "Last name", "Username"),
        ("GIVEN_NAME*", " family-name ", "User Name (required)"),
        ("Prénom", "Nom", "Identifiant"),
        ("Nombre", "Apellidos", "Usuario"),
        ("Vorname", "Name", "Benutzername"),
        ("Nome", "Cognome", "Nome utente"),
        ("Voornaam", "Achternaam", "Gebruikersnaam"),
        ("Imię", "Nazwisko", "Użytkownik"),
        ("Förnamn", "Efternamn", "E-post"),
        ("givenName", "familyName", "email"),
    ],
)
def test_the_needed_columns_are_recognised(headings: tuple[str, ...]) -> None:
    assert names(*headings) == ["givenName", "familyName", "username"]
    assert recognise(headings).is_certain


def test_an_email_address_is_the_username_only_where_there_is_no_other() -> None:
    assert recognise(["Email", "First", "Last", "Username"]).mapping["username"] == 3


def test_a_whole_name_in_one_column_is_not_taken_for_half_of_it() -> None:
    assert recognise(["Name", "Username"]).missing == ("givenName", "familyName")


def test_the_same_heading_twice_is_a_question_for_a_person() -> None:  # E6
    found = recognise(["First name", "Given name", "Last name", "Username"])
    assert (found.mapping["givenName"], found.ambiguous, found.is_certain) == (0, frozenset({"givenName"}), False)


def test_no_spelling_means_two_columns() -> None:
    spellings = [plain(word) for column in COLUMNS for word in f"{column.spellings} {column.weak}".split()]
    assert len(spellings) == len(set(spellings))


@given(st.lists(st.text(max_size=20), max_size=30))
def test_no_two_columns_stand_in_one_place(headings: list[str]) -> None:
    places = list(recognise(headings).mapping.values())
    assert len(places) == len(set(places))
    assert all(0 <= place < len(headings) for place in places)


@given(st.sampled_from(COLUMNS), st.randoms(use_true_random=False))
def test_capitals_blanks_and_signs_in_headings_do_not_matter(column: object, random: object) -> None:
    heading = column.heading  # type: ignore[attr-defined]
    spelled = "".join(random.choice([each.upper(), each.lower()]) for each in heading)  # type: ignore[attr-defined]
    assert plain(f" *{spelled.replace(' ', '_-')}: ") == plain(heading)
