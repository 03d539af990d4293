"""A launch counts once, in the browser that began it, for the login that it answers (A10-A12)."""

from __future__ import annotations

from uuid import UUID

import pytest

from gateway.lti.state import new_state, seal_state
from gateway.store.tables import launches, refusals, users
from keys.sealing import Sealer
from providers.kit.simulator import SimulatedPlatform
from tests.support.launching import Launching, Login, Outcome, a_config, launching


def _end(outcome: Outcome) -> tuple[int, str]:
    return outcome.status, outcome.code


def _used_up(world: Launching) -> tuple[Login, str, str]:
    """Launch, and return what an onlooker could have kept: login, token and the browser's cookie."""
    login = world.login()
    cookie, token = world.cookie_of(login), world.token(login)
    assert world.post(login, token).code == "accepted"
    return login, token, cookie


def test_a_reload_is_refused_and_asks_for_a_new_click(gate: Launching) -> None:  # A10
    login, token, _ = _used_up(gate)
    outcome = gate.post(login, token)
    assert _end(outcome) == (401, "lti.replayed")
    assert "open the link again" in outcome.response.text


def test_a_replay_in_the_same_browser_is_refused(gate: Launching) -> None:  # A10
    login, token, cookie = _used_up(gate)
    gate.plant(login.browser, login, cookie)
    assert _end(gate.post(login, token)) == (401, "lti.replayed")
    assert gate.count(launches) == 1


def test_a_replay_in_another_browser_is_refused(gate: Launching) -> None:  # A10
    login, token, cookie = _used_up(gate)
    stranger = gate.browser()
    assert _end(gate.post(login, token, browser=stranger)) == (401, "lti.replayed")
    gate.plant(stranger, login, cookie)
    assert _end(gate.post(login, token, browser=stranger)) == (401, "lti.replayed")


def test_a_replay_at_another_node_or_after_a_restart_is_refused(gate: Launching, database_url: str) -> None:  # A10
    login, token, cookie = _used_up(gate)
    with launching(database_url, clock=gate.clock, joined=False) as restarted:
        restarted.platforms = gate.platforms
        browser = restarted.browser()
        restarted.plant(browser, login, cookie)
        assert _end(restarted.post(login, token, browser=browser)) == (401, "lti.replayed")
    assert gate.count(launches) == 1


def test_a_state_begun_at_one_node_is_finished_at_another(gate: Launching, database_url: str) -> None:  # A10
    login = gate.login()
    with launching(database_url, clock=gate.clock, joined=False) as other:
        other.platforms = gate.platforms
        browser = other.browser()
        other.plant(browser, login, gate.cookie_of(login))
        assert other.post(login, gate.token(login), browser=browser).code == "accepted"


def test_a_replay_with_another_token_of_the_same_nonce_is_refused(gate: Launching) -> None:  # A10
    login, _, cookie = _used_up(gate)
    gate.plant(login.browser, login, cookie)
    outcome = gate.post(login, gate.token(login, "tia", put={"jti": "another"}))
    assert _end(outcome) == (401, "lti.replayed")


def test_a_replay_makes_no_person(gate: Launching) -> None:  # A10
    login, _, cookie = _used_up(gate)
    gate.plant(login.browser, login, cookie)
    gate.post(login, gate.token(login, "tia"))
    assert gate.count(users) == 1


def test_a_nonce_of_another_state_is_refused(gate: Launching) -> None:  # A11
    first, second = gate.login(), gate.login()
    assert _end(gate.post(first, gate.token(second))) == (401, "lti.nonce_mismatch")
    assert gate.post(second, gate.token(second)).code == "accepted"


def test_a_nonce_of_another_tenant_is_refused(gate: Launching) -> None:  # A11
    other = gate.join(a_config(client_id="client-2"), key=1)
    stolen = gate.login(platform=other)
    login = gate.login()
    assert _end(gate.post(login, gate.token(stolen))) == (401, "lti.nonce_mismatch")


def test_a_post_without_state_is_refused(gate: Launching) -> None:  # A12
    login = gate.login()
    for state in (None, ""):
        assert _end(gate.post(login, gate.token(login), state=state)) == (400, "lti.state_missing")


@pytest.mark.parametrize("forged", ["x", "AAAA" * 40, "é", "..", "a" * 5000])
def test_a_forged_state_is_refused(quick_gate: Launching, forged: str) -> None:  # A12
    login = quick_gate.login()
    assert _end(quick_gate.post(login, quick_gate.token(login), state=forged)) == (400, "lti.state_invalid")


def test_a_changed_state_is_refused_at_every_letter(quick_gate: Launching) -> None:  # A12
    login = quick_gate.login()
    token, state = quick_gate.token(login), login.state
    for place in range(0, len(state), 7):
        changed = state[:place] + ("A" if state[place] != "A" else "B") + state[place + 1 :]
        assert _end(quick_gate.post(login, token, state=changed)) == (400, "lti.state_invalid")


def test_a_state_from_another_browser_is_refused(gate: Launching) -> None:  # A12
    login, victim = gate.login(), gate.browser()
    assert _end(gate.post(login, gate.token(login), browser=victim)) == (400, "lti.browser_mismatch")
    assert gate.count(users) == 0


def test_an_attackers_state_in_a_browser_with_its_own_login_is_refused(gate: Launching) -> None:  # A12, login CSRF
    attacker, victim = gate.login("tia"), gate.login("sam")
    outcome = gate.post(attacker, gate.token(attacker, "tia"), browser=victim.browser)
    assert _end(outcome) == (400, "lti.browser_mismatch")
    gate.plant(victim.browser, attacker, gate.cookie_of(victim))
    outcome = gate.post(attacker, gate.token(attacker, "tia"), browser=victim.browser)
    assert _end(outcome) == (400, "lti.browser_mismatch")


def test_a_state_is_refused_when_it_expired(gate: Launching) -> None:  # A12
    login = gate.login()
    gate.clock.move(seconds=601)
    assert _end(gate.post(login, gate.token(login))) == (400, "lti.state_expired")


def test_a_state_from_the_future_is_refused(gate: Launching) -> None:  # A12
    gate.clock.move(seconds=120)
    login = gate.login()
    gate.clock.move(seconds=-120)
    assert _end(gate.post(login, gate.token(login))) == (400, "lti.state_expired")


def test_a_state_sealed_with_another_secret_is_refused(quick_gate: Launching) -> None:  # A12
    state, _ = new_state(str(UUID(int=1)), "https://x.example", None, 0)
    elsewhere = seal_state(state, Sealer([b"another secret of another gateway"]))
    login = quick_gate.login()
    assert _end(quick_gate.post(login, quick_gate.token(login), state=elsewhere)) == (400, "lti.state_invalid")


def test_two_launches_side_by_side_in_one_browser_both_arrive(gate: Launching) -> None:  # A12
    browser = gate.browser()
    first, second = gate.login(browser=browser), gate.login(course=102, browser=browser)
    assert gate.post(second, gate.token(second, course=102)).code == "accepted"
    assert gate.post(first, gate.token(first)).code == "accepted"


def test_a_post_that_proves_nothing_uses_up_no_nonce(gate: Launching) -> None:  # A13
    login = gate.login()
    wrong = [gate.token(login, header={"kid": "x"}), gate.token(login, alg="HS256"), "a.b.c", gate.token(login)[:-4]]
    for token in wrong:
        assert gate.post(login, token).status == 401
    assert gate.count(launches) == 0
    assert gate.count(refusals) <= len(wrong)
    assert gate.post(login, gate.token(login)).code == "accepted"


def test_a_removed_registration_refuses_its_open_logins(gate: Launching) -> None:  # A12
    other: SimulatedPlatform = gate.join(a_config(client_id="gone"))
    login = gate.login(platform=other)
    with gate.store.statements() as connection:
        connection.exec_driver_sql(
            "DELETE FROM deployments WHERE registration_id IN (SELECT id FROM registrations WHERE client_id = 'gone')"
        )
        connection.exec_driver_sql(
            "DELETE FROM integrations WHERE registration_id IN (SELECT id FROM registrations WHERE client_id = 'gone')"
        )
        connection.exec_driver_sql("DELETE FROM registrations WHERE client_id = 'gone'")
    gate.clock.move(seconds=6)
    assert _end(gate.post(login, gate.token(login, platform=other))) == (403, "lti.registration_disabled")
