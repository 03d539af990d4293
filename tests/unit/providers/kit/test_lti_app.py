"""The simulated platform's pages and endpoints over HTTP."""

from __future__ import annotations

import re

import httpx
import pytest
from flask.testing import FlaskClient

from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.serving import running

KEY = SigningKey.generate()
LOGIN, LAUNCH = "http://localhost:8000/lti/login", "http://localhost:8000/lti/launch"


def _platform(base_url: str = "http://127.0.0.1:9001", login_url: str = LOGIN) -> SimulatedPlatform:
    return SimulatedPlatform(SimulatorConfig(base_url, "10", "1:ab", login_url, LAUNCH, LAUNCH), key=KEY)


@pytest.fixture
def platform() -> SimulatedPlatform:
    return _platform()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(platform: SimulatedPlatform, slept: list[float]) -> FlaskClient:
    return create_app(platform, sleep=slept.append).test_client()


def test_start_page_lists_people_and_their_courses(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Robin Vega" in page
    assert 'href="/courses/102?as=robin"' in page


def test_course_page_frames_the_tool_from_its_own_origin(client: FlaskClient) -> None:
    page = client.get("/courses/101?as=sam").text
    assert re.search(r'<iframe title="Number lines" src="/courses/101/launch\?as=sam"', page)


@pytest.mark.parametrize("path", ["/courses/101", "/courses/9?as=sam", "/courses/102?as=ada", "/courses/101/launch"])
def test_unknown_person_or_course_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_launch_posts_to_the_tools_login(client: FlaskClient) -> None:
    page = client.get("/courses/101/launch?as=sam").text
    assert f'action="{LOGIN}"' in page
    assert 'name="iss" value="http://127.0.0.1:9001"' in page


@pytest.mark.parametrize(("login_url", "start"), [(LOGIN, LOGIN + "?iss="), (LOGIN + "?x=1", LOGIN + "?x=1&iss=")])
def test_launch_may_redirect_instead(login_url: str, start: str) -> None:
    platform = _platform(login_url=login_url)
    platform.switch(login_method="GET")
    answer = create_app(platform).test_client().get("/courses/101/launch?as=sam")
    assert answer.status_code == 302
    assert answer.location.startswith(start)


@pytest.mark.parametrize("method", ["get", "post"])
def test_authorization_posts_the_token_to_the_tool(
    client: FlaskClient, platform: SimulatedPlatform, method: str
) -> None:
    login = platform.login_parameters("sam")
    request = {name: login[name] for name in ("client_id", "login_hint", "lti_message_hint")}
    request |= {"nonce": "n", "prompt": "none", "response_mode": "form_post", "state": "<s>"}
    request |= {"response_type": "id_token", "scope": "openid", "redirect_uri": LAUNCH}
    answer = client.get("/auth", query_string=request) if method == "get" else client.post("/auth", data=request)
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="id_token"' in answer.text
    assert 'name="state" value="&lt;s&gt;"' in answer.text


def test_unregistered_redirect_shows_a_page(client: FlaskClient) -> None:
    answer = client.get("/auth?redirect_uri=http://evil.example/")
    assert answer.status_code == 400
    assert "not registered" in answer.text
    assert "evil.example" not in answer.text


def test_key_set_says_how_long_it_lasts(client: FlaskClient, platform: SimulatedPlatform) -> None:
    answer = client.get("/jwks")
    assert answer.json == platform.key_set()
    assert answer.headers["Cache-Control"] == "max-age=300, public"
    assert platform.requests["key_set"] == 1


def test_key_set_may_say_nothing_of_its_age(client: FlaskClient, platform: SimulatedPlatform) -> None:
    platform.switch(key_set_max_age=None)
    assert "Cache-Control" not in client.get("/jwks").headers


def test_key_set_wants_a_user_agent(client: FlaskClient, platform: SimulatedPlatform) -> None:
    assert client.get("/jwks", headers={"User-Agent": ""}).status_code == 403
    platform.switch(user_agent_needed=False)
    assert client.get("/jwks", headers={"User-Agent": ""}).status_code == 200


@pytest.mark.parametrize(("fault", "status"), [("down", 503), ("error", 500), ("nonsense", 200)])
def test_key_set_can_fail(client: FlaskClient, platform: SimulatedPlatform, fault: str, status: int) -> None:
    platform.switch(key_set=fault)
    answer = client.get("/jwks")
    assert answer.status_code == status
    assert "keys" not in answer.text


def test_key_set_can_be_slow(client: FlaskClient, platform: SimulatedPlatform, slept: list[float]) -> None:
    platform.switch(key_set="slow", key_set_seconds=3.0)
    assert client.get("/jwks").status_code == 200
    assert slept == [3.0]


def test_simulator_runs_on_a_free_port() -> None:
    with running(lambda base_url: create_app(_platform(base_url))) as base_url:
        answer = httpx.get(base_url + "/jwks", headers={"User-Agent": "test"}, trust_env=False)
    assert answer.json()["keys"][0]["kid"] == KEY.kid


def test_the_same_launch_can_be_sent_a_second_time(client: FlaskClient, platform: SimulatedPlatform) -> None:
    request = platform.login_parameters("sam") | {"nonce": "n", "prompt": "none", "response_mode": "form_post"}
    request |= {"response_type": "id_token", "scope": "openid", "redirect_uri": LAUNCH}
    first = client.get("/auth", query_string=request).text
    assert client.get("/courses/101/again?as=sam").text == first


def test_nothing_is_sent_again_before_the_first_launch(client: FlaskClient) -> None:
    assert client.get("/courses/101/again?as=sam").status_code == 404


def test_a_course_may_have_a_deployment_of_its_own(platform: SimulatedPlatform) -> None:
    assert platform.login_parameters("sam", 103)["lti_deployment_id"] == "103:added-by-a-teacher"
    assert platform.launch_claims("sam", 103)[names.DEPLOYMENT_ID] == "103:added-by-a-teacher"
