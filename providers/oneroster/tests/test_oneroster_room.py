"""The room of any OneRoster REST provider: its settings, and the table in its README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from providers.contract import Kind, Misconfigured, read_settings
from providers.kit.oneroster.rest import Bearer, OAuth1, OAuth2
from providers.oneroster.roster import source_of
from providers.oneroster.settings import OneRosterSettings
from tests.support.oneroster_table import changed_by, every_field, rows_of

BASE = {"base_url": "https://sis.example/ims/oneroster/v1p1", "client_id": "id", "client_secret": "secret"}
ROWS = rows_of(Path(__file__).parent.parent / "README.md")


def settings(**values: Any) -> OneRosterSettings:
    return read_settings(OneRosterSettings, {**BASE, **values})


@pytest.mark.parametrize(("kind", "member", "field"), ROWS)
def test_each_row_of_the_table_is_what_happens(kind: Kind, member: str, field: str) -> None:
    assert changed_by(kind, member, field) == [field]


def test_the_table_has_every_field_of_every_record() -> None:
    assert {(kind, field) for kind, _, field in ROWS} == every_field()


@pytest.mark.parametrize(
    ("auth", "kind"),
    [("oauth2", OAuth2), ("oauth1-sha256", OAuth1), ("oauth1-sha1", OAuth1), ("bearer", Bearer)],
)
def test_each_way_to_sign_in_is_offered(auth: str, kind: type[Any]) -> None:
    assert isinstance(source_of(settings(auth=auth, token_url="https://sis.example/token")).auth(), kind)


def test_sha1_is_never_changed_for_another() -> None:
    made = source_of(settings(auth="oauth1-sha1")).auth()
    assert isinstance(made, OAuth1)
    assert made._method == "HMAC-SHA1"


@pytest.mark.parametrize(
    ("values", "missing"),
    [({}, "token_url"), ({"client_id": "", "auth": "oauth1-sha256"}, "client_id")],
)
def test_settings_that_do_not_fit_together_are_named(values: dict[str, str], missing: str) -> None:
    with pytest.raises(Misconfigured, match=missing):
        source_of(settings(**values))


# J3
def test_no_secret_shows_in_what_is_printed() -> None:
    assert "secret'" not in repr(settings())


def test_settings_reach_the_source() -> None:
    made = source_of(settings(auth="bearer", version="1.1", page_size="500", user_endpoints="students_and_teachers"))
    assert (made.base_url, made.version, made.page_size) == (BASE["base_url"], "1.1", 500)
    assert made.users_from_students_and_teachers
