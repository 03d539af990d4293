"""Notices that nobody clicked for: forged, replayed, of another deployment, of no known kind (A25)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gateway.store.launches import find_launch
from gateway.store.tables import (
    audit,
    contexts,
    course_copies,
    deployments,
    integrations,
    notices,
    orgs,
    refusals,
    registrations,
)
from providers.kit.lti import claims as names
from tests.support.launching import GATE, Launching, a_config, platform_key
from tests.support.noticing import address_of, class_id, copied, history, post, send, work

LATER = 4_000_000_000
_FORGER = platform_key(9)


def _nothing_happened(gate: Launching) -> bool:
    assert work(gate) >= 0
    return [gate.count(table) for table in (notices, course_copies)] == [0, 0]


# A25
@pytest.mark.parametrize(
    ("signing", "code"),
    [
        ({"key": _FORGER, "header": {"kid": platform_key(0).kid}}, "lti.signature_invalid"),
        ({"alg": "none"}, "lti.token_malformed"),
        ({"alg": "HS256"}, "lti.alg_not_allowed"),
        ({"header": {"kid": "another"}}, "lti.kid_unknown"),
        ({"header": {"kid": None}}, "lti.kid_missing"),
        ({"header": {"jku": "https://evil.example"}}, "lti.header_key_embedded"),
    ],
)
def test_a_forged_notice_is_refused(quick_gate: Launching, signing: dict[str, Any], code: str) -> None:
    quick_gate.launch("tia", 101)
    assert send(quick_gate, copied(quick_gate), **signing) == (401, [code])
    assert _nothing_happened(quick_gate)


# A25
@pytest.mark.parametrize(
    ("put", "code", "status"),
    [
        ({"iss": "https://other.example"}, "lti.issuer_mismatch", 401),
        ({"aud": "another-client"}, "lti.audience_mismatch", 401),
        ({"azp": "another-client"}, "lti.azp_mismatch", 401),
        ({"exp": 1}, "lti.expired", 401),
        ({"iat": LATER, "exp": LATER}, "lti.issued_in_future", 401),
        ({"exp": None}, "lti.time_claim_invalid", 401),
        ({names.VERSION: "1.1"}, "lti.version_wrong", 401),
        ({names.VERSION: None}, "lti.version_missing", 401),
        ({names.DEPLOYMENT_ID: ""}, "lti.deployment_missing", 401),
        ({names.DEPLOYMENT_ID: "unheard-of"}, "lti.deployment_pending", 403),
        ({names.NOTICE: None}, "lti.notice_invalid", 400),
        ({names.NOTICE: {"type": "LtiContextCopyNotice"}}, "lti.notice_invalid", 400),
        ({names.NOTICE: {"id": "n-1", "type": 5}}, "lti.notice_invalid", 400),
        ({names.CONTEXT: None}, "lti.claim_shape", 401),
        ({names.CONTEXT: {"id": "x" * 256}}, "lti.claim_shape", 401),
        ({names.ORIGIN_CONTEXTS: "course-101"}, "lti.claim_shape", 401),
        ({names.ORIGIN_CONTEXTS: [{"id": "course-101"}]}, "lti.claim_shape", 401),
    ],
)
def test_a_notice_for_somebody_else_or_without_sense_is_refused(
    quick_gate: Launching, put: dict[str, Any], code: str, status: int
) -> None:
    assert send(quick_gate, copied(quick_gate, put=put)) == (status, [code])
    assert _nothing_happened(quick_gate)


# A25
def test_a_replayed_notice_is_taken_once(gate: Launching) -> None:
    told = copied(gate, id="n-1")
    assert send(gate, told) == (200, ["accepted"])
    work(gate)
    assert send(gate, told, told) == (200, ["known", "known"])
    again = copied(gate, id="n-1")  # signed anew, with a nonce of its own
    assert send(gate, again) == (200, ["known"])
    work(gate)
    assert [gate.count(table) for table in (notices, course_copies)] == [1, 1]


# A25
def test_a_notice_sent_many_times_at_once_is_taken_once(gate: Launching) -> None:
    told = copied(gate, id="n-1")
    body, address = gate.platform.notices.batch([told, told]), address_of(gate, gate.platform)
    gate.app  # noqa: B018 - made before the threads ask for it

    def deliver(_number: int) -> list[str]:
        answer = gate.browser().post(address, json=body, base_url=GATE)
        return [each["outcome"] for each in answer.get_json()["notices"]]

    with ThreadPoolExecutor(6) as pool:
        outcomes = [outcome for each in pool.map(deliver, range(6)) for outcome in each]
    assert sorted(outcomes) == ["accepted", *["known"] * 11]
    assert gate.count(notices) == 1


# A25
@pytest.mark.parametrize("kind", ["LtiHelloWorldNotice", "LtiAssetProcessorSubmissionNotice", "Invented"])
def test_a_type_that_asks_nothing_of_us_is_acknowledged_and_kept(quick_gate: Launching, kind: str) -> None:
    assert send(quick_gate, quick_gate.platform.notices.notice(kind)) == (200, ["accepted"])
    work(quick_gate)
    (row,) = quick_gate.rows(notices)
    assert (row["type"], row["state"], row["told"]) == (kind, "noted", {})


# A25, A18
def test_a_notice_reaches_into_no_other_school(gate: Launching) -> None:
    elsewhere = gate.join(a_config(client_id="elsewhere"))
    gate.launch("tia", 101, platform=elsewhere)
    assert send(gate, copied(gate)) == (200, ["accepted"])
    work(gate)
    for platform in (gate.platform, elsewhere):
        assert history(gate, gate.launch("tia", 102, platform=platform)) is None


# A25
def test_a_notice_sent_to_another_registrations_address_is_refused(gate: Launching) -> None:
    elsewhere = gate.join(a_config(client_id="elsewhere", deployment_id="deployment-2"), key=1)
    assert post(gate, gate.platform.notices.batch([copied(gate)]), elsewhere).status_code == 401
    elsewhere.key = platform_key(0)  # even when both sign with one key
    answer = post(gate, gate.platform.notices.batch([copied(gate)], header={"kid": platform_key(1).kid}), elsewhere)
    assert answer.status_code == 401
    assert _nothing_happened(gate)


# A25
def test_a_launchs_token_is_no_notice_and_a_notice_no_launch(quick_gate: Launching) -> None:
    login = quick_gate.login("tia")
    launch = {"notices": [{"jwt": quick_gate.token(login, "tia")}]}
    assert post(quick_gate, launch).get_json()["notices"][0]["outcome"] == "lti.notice_invalid"
    notice = quick_gate.platform.sign(copied(quick_gate, put={"nonce": login.nonce}))
    assert quick_gate.post(login, notice).code == "lti.claims_missing"


# A25, A19
@pytest.mark.parametrize(
    ("table", "values", "code"),
    [
        (registrations, {"status": "disabled"}, "lti.registration_disabled"),
        (integrations, {"status": "disabled"}, "lti.registration_disabled"),
        (deployments, {"status": "disabled"}, "lti.deployment_disabled"),
        (deployments, {"status": "pending"}, "lti.deployment_pending"),
        (orgs, {"suspended_at": None}, "account.tenant_suspended"),
    ],
)
def test_who_is_switched_off_tells_us_nothing(
    quick_gate: Launching, table: Any, values: dict[str, Any], code: str
) -> None:
    quick_gate.change(table, **{name: value or quick_gate.clock() for name, value in values.items()})
    assert send(quick_gate, copied(quick_gate)) == (403, [code])
    assert _nothing_happened(quick_gate)


def test_one_bad_notice_does_not_cost_the_others(gate: Launching) -> None:
    batch = gate.platform.notices.batch([copied(gate), copied(gate)])
    batch["notices"][1:1] = [{"jwt": "a.b.c"}, {"jwt": 5}, {}, "nonsense"]
    told = post(gate, batch).get_json()["notices"]
    outcomes = [each["outcome"] for each in told]
    assert (outcomes[0], outcomes[-1], set(outcomes[1:-1])) == ("accepted", "accepted", {"lti.token_malformed"})
    assert gate.count(notices) == 2
    found = find_launch(gate.store, told[1]["reference"])
    assert found is not None
    assert found.outcome == "lti.token_malformed"


# A13
def test_a_batch_of_forged_notices_costs_one_row(quick_gate: Launching) -> None:
    claims = [copied(quick_gate) for _ in range(50)]
    status, outcomes = send(quick_gate, *claims, key=_FORGER, header={"kid": platform_key(0).kid})
    assert (status, set(outcomes)) == (401, {"lti.signature_invalid"})
    assert quick_gate.count(refusals) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("[]", 400, "notices.unreadable"),
        ('{"notices": {}}', 400, "notices.unreadable"),
        ("nonsense", 400, "notices.unreadable"),
        ("[" * 100_000, 400, "notices.unreadable"),
        ('{"notices": [' + ",".join(["{}"] * 101) + "]}", 400, "notices.too_many"),
    ],
)
def test_what_is_no_batch_is_refused_with_a_code(quick_gate: Launching, body: str, status: int, code: str) -> None:
    address = address_of(quick_gate, quick_gate.platform)
    answer = quick_gate.browser().post(address, data=body, base_url=GATE)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_an_empty_batch_is_well(quick_gate: Launching) -> None:
    assert send(quick_gate) == (200, [])


def test_a_huge_batch_is_refused_unread(quick_gate: Launching) -> None:
    address = address_of(quick_gate, quick_gate.platform)
    assert quick_gate.browser().post(address, data=b" " * 300_000, base_url=GATE).status_code == 413


def test_an_address_of_no_registration_says_so(quick_gate: Launching) -> None:
    address = "/lti/notices/3fa85f64-5717-4562-b3fc-2c963f66afa6"
    answer = quick_gate.browser().post(address, json={"notices": [{"jwt": "a.b.c"}]}, base_url=GATE)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "lti.registration_disabled")


def test_a_platform_whose_keys_can_not_be_had_is_asked_to_send_it_again(quick_gate: Launching) -> None:
    quick_gate.platform.switch(key_set="down")
    told = copied(quick_gate)
    assert send(quick_gate, told) == (503, ["lti.key_set_unavailable"])
    quick_gate.platform.switch(key_set="ok")
    quick_gate.clock.move(seconds=60)
    assert send(quick_gate, told) == (200, ["accepted"])


def test_what_was_copied_is_in_the_audit_log(gate: Launching) -> None:
    origin, copy = gate.launch("tia", 101), gate.launch("tia", 102)
    send(gate, copied(gate))
    work(gate)
    (line,) = [row for row in gate.rows(audit) if row["action"] == "class.copied"]
    (notice,) = gate.rows(notices)
    assert (line["subject"], line["tenant_id"]) == (class_id(gate, copy), notice["tenant_id"])
    assert line["detail"] == {"notice": notice["ref"], "origins": [class_id(gate, origin)]}
    assert gate.count(contexts) == 2
