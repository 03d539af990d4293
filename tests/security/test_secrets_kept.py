"""What stays hidden: secrets sealed at rest, nothing personal in traces, logs and refusals (J3)."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from gateway.store.tables import audit, launches, metadata, refusals
from providers.kit.lti import claims as names
from tests.support.launching import GATE, SECRET_KEY, Launching, Login, Outcome
from tests.support.oidc_world import SECRET, VERIFIER

PERSONAL = ("Okafor", "sam.okafor", "Sam ", "northfield.example", "user-11", "NF-1011")


def _everything(world: Launching) -> str:
    """Return every value of every table as text."""
    return json.dumps([world.rows(table) for table in metadata.sorted_tables], default=_plain)


def _plain(value: object) -> str:
    return value.hex() + "|" + value.decode("latin-1") if isinstance(value, bytes) else str(value)


class _Spy(FlaskClient):
    """A browser that remembers every secret it was handed."""

    seen: list[str]

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        answer: TestResponse = super().open(*args, **kwargs)  # type: ignore[arg-type]
        if answer.is_json:
            type(self).seen += [value for name, value in answer.get_json().items() if name.endswith("token")]
        if answer.location:
            query = dict(parse_qsl(urlsplit(answer.location).query))
            type(self).seen += [value for name, value in query.items() if name in _SECRET_PARAMETERS]
        type(self).seen += [text.partition("=")[2].partition(";")[0] for text in answer.headers.getlist("Set-Cookie")]
        return answer


_SECRET_PARAMETERS = {"state", "nonce", "login_hint", "lti_message_hint", "code"}


def _whole_launch(world: Launching) -> tuple[Outcome, list[str]]:
    """Launch and sign in; return the outcome and every secret that went over the wire."""
    _Spy.seen = []
    world.app.test_client_class = _Spy
    login = world.login()
    token = world.token(login)
    outcome = world.post(login, token)
    world.sign_in(outcome)
    secrets = [secret for secret in {*_Spy.seen, token} if len(secret) > 9]
    assert len(secrets) >= 9, secrets
    return outcome, secrets


def _refused_in_many_ways(world: Launching) -> list[Login]:
    logins = [world.login() for _ in range(6)]
    personal = {"name": "Sam Okafor", "email": "sam.okafor@northfield.example"}
    world.post(logins[0], world.token(logins[0], header={"kid": "Sam Okafor"}))
    world.post(logins[1], world.token(logins[1], put={names.MESSAGE_TYPE: "Sam Okafor"}))
    world.post(logins[2], world.token(logins[2], put={names.CUSTOM: {"Sam Okafor": None}}))
    world.post(logins[3], world.token(logins[3], put={names.DEPLOYMENT_ID: "Sam Okafor"}))
    world.post(logins[4], None, error="Sam Okafor", error_description="sam.okafor@northfield.example")
    world.post(logins[5], world.token(logins[5], put={**personal, names.LAUNCH_PRESENTATION: "Sam Okafor"}))
    world.refused_login(iss="https://sam.okafor.northfield.example")
    return logins


def test_no_secret_is_in_the_database(gate: Launching) -> None:  # J3
    _, secrets = _whole_launch(gate)
    kept = _everything(gate)
    assert [secret for secret in [*secrets, SECRET, VERIFIER, SECRET_KEY] if secret in kept] == []


def test_no_secret_is_in_the_databases_files(quick_gate: Launching, sqlite_url: str) -> None:  # J3
    _, secrets = _whole_launch(quick_gate)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert [secret for secret in [*secrets, SECRET, SECRET_KEY] if secret.encode() in raw] == []
    assert b'"d":' not in raw
    assert b"PRIVATE KEY" not in raw


def test_private_keys_are_sealed(gate: Launching) -> None:  # J3
    gate.gate.keyring.ensure()
    kept = _everything(gate)
    assert kept.count("sealed_private_jwk") == 4
    assert not any(f'"{part}"' in kept.replace("\\", "") for part in ("d", "p", "q", "dp", "dq", "qi"))


def test_traces_refusals_and_audit_name_nobody(gate: Launching) -> None:  # J3
    _, secrets = _whole_launch(gate)
    logins = _refused_in_many_ways(gate)
    rows = [gate.rows(table) for table in (refusals, audit)]
    kept = json.dumps([*rows, [row["trace"] for row in gate.rows(launches)]], default=str)
    told = [secret for secret in [*secrets, *PERSONAL, *[login.state for login in logins]] if secret in kept]
    assert told == []


def test_logs_name_nobody(
    gate: Launching, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:  # J3
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        _, secrets = _whole_launch(gate)
        logins = _refused_in_many_ways(gate)
    assert [line["outcome"] for line in logs].count("lti.kid_unknown") == 1
    printed = capfd.readouterr()
    written = "\n".join([str(logs), caplog.text, printed.out, printed.err])
    told = [secret for secret in [*secrets, *PERSONAL, *[login.state for login in logins]] if secret in written]
    assert told == []


def test_a_database_error_in_a_log_carries_no_values(
    quick_gate: Launching, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:  # J3
    with quick_gate.store.statements() as connection:
        connection.exec_driver_sql("ALTER TABLE users RENAME COLUMN email TO mail")
    login = quick_gate.login()
    form = {"state": login.state, "id_token": quick_gate.token(login)}
    assert login.browser.post("/lti/launch", data=form, base_url=GATE).status_code == 503
    logged = caplog.text + "".join(capsys.readouterr())
    assert "no such column" in logged
    assert not [word for word in (*PERSONAL, login.state, form["id_token"]) if word in logged]


def test_error_pages_name_nobody(gate: Launching) -> None:  # J3
    page = gate.launch(put={names.VERSION: "Sam Okafor"}).response.text
    assert not [word for word in PERSONAL if word in page]


def test_switches_hide_their_secrets(quick_gate: Launching) -> None:  # J3
    assert SECRET_KEY not in repr(quick_gate.gate.settings)
    assert SECRET_KEY not in repr(quick_gate.gate)
