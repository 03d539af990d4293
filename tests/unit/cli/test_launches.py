"""`schoolgate launches`: a launch's trace, as an operator reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providers.contract import Misconfigured
from tests.support.launching import SECRET_KEY, Outcome, launching

Call = Callable[..., Any]


@pytest.fixture
def outcomes(command_folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """One accepted launch and one that was refused."""
    with launching(f"sqlite:///{command_folder / 'launches.db'}", joined=False) as empty:
        from gateway.store import upgrade

        upgrade(empty.store)
    monkeypatch.setenv("SCHOOLGATE_DATABASE_URL", f"sqlite:///{command_folder / 'launches.db'}")
    monkeypatch.setenv("SCHOOLGATE_SECRET_KEY", SECRET_KEY)
    with launching(f"sqlite:///{command_folder / 'launches.db'}") as world:
        first = world.launch()
        world.clock.move(seconds=1)
        return [first, world.launch(header={"kid": "nobody"})]


def test_list_shows_the_newest_first(read: Call, run: Call, outcomes: list[Outcome]) -> None:
    listed = read("launches", "list")["launches"]
    assert [each["outcome"] for each in listed] == ["lti.kid_unknown", "accepted"]
    assert [each["ref"] for each in read("launches", "list", "--limit", "1")["launches"]] == [outcomes[1].ref]
    assert outcomes[0].ref in run("launches", "list")


def test_show_has_every_check_of_an_accepted_launch(read: Call, outcomes: list[Outcome]) -> None:
    document = read("launches", "show", outcomes[0].ref)
    assert document["outcome"] == "accepted"
    assert document["user"]
    assert document["checks"]
    assert all(check["advice"] == "" for check in document["checks"])


def test_show_says_what_to_change_after_a_refusal(read: Call, run: Call, outcomes: list[Outcome]) -> None:
    failed = [check for check in read("launches", "show", outcomes[1].ref)["checks"] if check["advice"]]
    assert len(failed) == 1
    assert failed[0]["spec"]
    assert f"What to change: {failed[0]['advice']}" in run("launches", "show", outcomes[1].ref)


def test_a_reference_may_be_typed_in_any_case_without_dash(read: Call, outcomes: list[Outcome]) -> None:
    typed = outcomes[0].ref.lower().replace("-", "")
    assert read("launches", "show", typed)["ref"] == outcomes[0].ref


def test_an_unknown_reference_is_named(run: Call) -> None:
    with pytest.raises(Misconfigured, match="There is no launch 'ABCDE-FGHJK'"):
        run("launches", "show", "ABCDE-FGHJK")
