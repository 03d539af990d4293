"""The room of any OneRoster REST provider: its settings, and the table in its README."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from providers.contract import RECORD_OF, Fault, Kind, Misconfigured, read_settings
from providers.kit.oneroster.rest import Bearer, OAuth1, OAuth2
from providers.kit.oneroster.rest.fields import Fields
from providers.kit.oneroster.rest.records import READERS
from providers.oneroster.roster import source_of
from providers.oneroster.settings import OneRosterSettings

BASE = {"base_url": "https://sis.example/ims/oneroster/v1p1", "client_id": "id", "client_secret": "secret"}
README = (Path(__file__).parent.parent / "README.md").read_text()
ROWS = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", README, re.MULTILINE)
LEAST: dict[str, dict[str, Any]] = {
    "orgs": {"name": "x", "type": "school"},
    "academicSessions": {"title": "x", "type": "term", "startDate": "2026-08-01", "endDate": "2027-01-01"},
    "courses": {"title": "x"},
    "classes": {"title": "x", "school": {"sourcedId": "s"}},
    "users": {},
    "enrollments": {"user": {"sourcedId": "u"}, "class": {"sourcedId": "c"}, "role": "student"},
}
OTHER: dict[str, Any] = {
    "status": "tobedeleted",
    "enabledUser": "false",
    "primary": "true",
    "userIds": [{"type": "SIS", "identifier": "1"}],
}


def settings(**values: Any) -> OneRosterSettings:
    return read_settings(OneRosterSettings, {**BASE, **values})


def read(kind: Kind, record: dict[str, Any]) -> Any:
    faults: list[Fault] = []
    return READERS[kind](Fields({"sourcedId": "r-1", **LEAST[kind], **record}, "", faults))


def another(field: str, member: str, before: Any) -> Any:
    """Return a value of the member's own shape that differs from what is there."""
    if member in OTHER:
        return OTHER[member]
    if field.endswith("_ids"):
        return [{"sourcedId": "other"}]
    if field.endswith("_id") and field != "source_id":
        return {"sourcedId": "other"}
    if field.endswith("_date"):
        return "2026-12-31"
    return ["other"] if isinstance(before, tuple) else "ext:other"


@pytest.mark.parametrize(("kind", "member", "field"), ROWS)
def test_each_row_of_the_table_is_what_happens(kind: Kind, member: str, field: str) -> None:
    before = read(kind, {})
    after = read(kind, {member: another(field, member, getattr(before, field))})
    assert [name for name in before._fields if getattr(before, name) != getattr(after, name)] == [field]


def test_the_table_has_every_field_of_every_record() -> None:
    told = {(kind, field) for kind, _, field in ROWS}
    assert told == {(kind, field) for kind in READERS for field in RECORD_OF[kind]._fields}


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
