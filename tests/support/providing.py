"""Two districts behind a gateway, and applications that read them by OneRoster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway import create_app
from gateway.services.oneroster.operations import BASE
from gateway.settings import load_settings
from gateway.store.applications import add_application
from gateway.wiring import Gate, open_gate
from providers.contract import AcademicSessionRecord, EnrollmentRecord, RoleRecord, UserRecord
from tests.support.key_stores import Clock
from tests.support.launching import SECRET_KEY
from tests.support.oidc_world import SECRET, an_application
from tests.support.rosters import District, Roster, a_district, a_roster, without

GATE = "https://gate.example"
SCOPES = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
ALL = f"{SCOPES}roster.readonly {SCOPES}roster-demographics.readonly"
ODD = "O'Brien & Söhne + 50% (a/b) ünïcode 李"


def a_whole_roster(*, students: int = 30) -> Roster:
    """Two schools with terms, grading periods, people whose names are hard to write, and a family."""
    roster = a_roster(students=students, classes=2, schools=2)
    roster["academicSessions"] += [
        AcademicSessionRecord("t1", "Autumn", "term", "2026-08-01", "2027-01-15", parent_id="y"),
        AcademicSessionRecord("t2", "Spring", "term", "2027-01-15", "2027-07-01", parent_id="y", school_year="2027"),
        AcademicSessionRecord("g1", "Weeks 1-9", "gradingPeriod", "2026-08-01", "2026-10-10", parent_id="t1"),
    ]
    roster["classes"] = [
        each._replace(term_ids=("y", "t1"), grades=("09", "10"), subjects=("Maths",), periods=(str(number),))
        for number, each in enumerate(roster["classes"])
    ]
    roster["users"] += [
        UserRecord("odd", given_name="Zoë", family_name=ODD, username="odd", email="odd@north.example", grades=("09",)),
        UserRecord("mum", given_name="Mum", family_name="Okafor", email="mum@north.example", identifier="M-1"),
        UserRecord(
            "kid",
            given_name="kid",
            family_name="okafor",
            agent_ids=("mum",),
            enabled_user=False,
            user_ids=(("state", "77"),),
            grades=("10", "09"),
        ),
        UserRecord("leaver", given_name="Lea", family_name="Ver"),
    ]
    roster["roles"] += [
        RoleRecord("r-odd", "odd", "s0", "teacher", "primary", "2026-08-01"),
        RoleRecord("r-mum", "mum", "s0", "parent", "primary"),
        RoleRecord("r-kid", "kid", "s1", "student", "primary"),
        RoleRecord("r-leaver", "leaver", "s1", "student", "primary"),
    ]
    roster["enrollments"].append(
        EnrollmentRecord("e-odd", "odd", "s0-c0", "teacher", "s0", primary=True, begin_date="2026-08-01")
    )
    return roster


@dataclass
class Providing:
    """The gateway's web application over both districts; `north` is the whole one."""

    gate: Gate
    client: FlaskClient
    clock: Clock
    north: District
    south: District

    def application(self, id: str, **changes: Any) -> str:
        """Register an application; return a token of its own for everything."""
        add_application(self.gate.store, an_application(id, **changes), self.clock())
        return self.token(ALL, id)

    def ask_token(self, scope: str | None, id: str = "app", secret: str = SECRET) -> TestResponse:
        form = {"grant_type": "client_credentials"} | ({} if scope is None else {"scope": scope})
        return self.client.post("/oauth2/token", data=form, auth=(id, secret))

    def token(self, scope: str = ALL, id: str = "app") -> str:
        return str(self.ask_token(scope, id).get_json()["access_token"])

    def get(self, path: str, token: str | None = None, **query: Any) -> TestResponse:
        """Call an operation; a path with a query of its own is taken as it is."""
        address = path if path.startswith("http") else f"{BASE}{path}"
        headers = {"Authorization": f"Bearer {self._token if token is None else token}"}
        return self.client.get(address, query_string=query or None, headers=headers)

    @property
    def _token(self) -> str:
        return _remembered(self)

    def items(self, path: str, token: str | None = None, **query: Any) -> list[dict[str, Any]]:
        """Return all objects of a collection in one page."""
        answer = self.get(path, token, **{"limit": 10_000, **query})
        assert answer.status_code == 200, answer.text
        ((_, items),) = answer.get_json().items()
        return list(items)

    def ids(self, path: str, token: str | None = None, **query: Any) -> list[str]:
        return [str(each["sourcedId"]) for each in self.items(path, token, **query)]

    def id_of(self, source_id: str, kind: Any = "users") -> str:
        """Return ours of a source's id in the north."""
        return str(self.north.active(kind)[source_id]["sourced_id"])

    def __hash__(self) -> int:
        return id(self)


@cache
def _remembered(world: Providing) -> str:
    return world.token()


@contextmanager
def providing(database_url: str) -> Iterator[Providing]:
    """Open a gateway; in the north one person has left already."""
    clock = Clock()
    own = {"DATABASE_URL": database_url, "PUBLIC_URL": GATE, "SECRET_KEY": SECRET_KEY}
    gate = open_gate(load_settings({f"SCHOOLGATE_{name}": value for name, value in own.items()}), now=clock)
    try:
        north, south = (a_district(gate.store, name=name, clock=clock) for name in ("Northfield", "Southfield"))
        roster = a_whole_roster()
        assert north.sync(roster).status == "applied"
        assert north.sync(without(without(roster, "users", ["leaver"]), "roles", ["r-leaver"])).status == "applied"
        assert south.sync(a_roster(students=3)).status == "applied"
        add_application(gate.store, an_application(), clock())
        yield Providing(gate, create_app(gate).test_client(), clock, north, south)
    finally:
        gate.close()


def said(answer: TestResponse) -> tuple[int, str | None]:
    """Return status and minor code of a refusal, which is an imsx_StatusInfo."""
    assert answer.mimetype == "application/json", answer.text
    body = answer.get_json()
    assert (body["imsx_codeMajor"], body["imsx_severity"]) == ("failure", "error")
    if "imsx_CodeMinor" not in body:
        return answer.status_code, None
    (field,) = body["imsx_CodeMinor"]["imsx_codeMinorField"]
    assert field["imsx_codeMinorFieldName"] == "TargetEndSystem"
    return answer.status_code, str(field["imsx_codeMinorFieldValue"])
