"""`schoolgate grades` on a gate whose LMS has refused one score."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from gateway.cli import schoolgate
from providers.contract import Misconfigured
from tests.support.classes import classroom
from tests.support.grading import Grading
from tests.support.launching import GATE, SECRET_KEY


@pytest.fixture
def grading(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grading]:
    for name, value in {
        "DATABASE_URL": sqlite_url,
        "PUBLIC_URL": GATE,
        "SECRET_KEY": SECRET_KEY,
        "ALLOW_HOSTS": "127.0.0.1",
    }.items():
        monkeypatch.setenv(f"SCHOOLGATE_{name}", value)
    with classroom(sqlite_url) as room:
        room.launch("sam")
        grading = Grading(room)
        grading.put_item()
        grading.put(8)
        room.platform.switch(course_ended=True)
        grading.send()
        room.platform.switch(course_ended=False)
        yield grading


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(schoolgate, ["grades", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("grading")
def test_scores_are_listed_and_shown_with_their_reason() -> None:
    assert "grades.course_ended" in _run("list", "--state", "failed")
    assert json.loads(_run("list", "--state", "sent", "--json"))["scores"] == []
    assert "reason: grades.course_ended" in _run("show", "1")
    with pytest.raises(Misconfigured, match=r"score\.unknown"):
        _run("show", "99")


def test_a_score_is_sent_again(grading: Grading) -> None:
    assert "1 classes" in _run("resend", "1")
    grading.room.world.clock.move(minutes=5)  # the command's clock goes on, ours stood still
    grading.send()
    assert grading.states() == [("sent", None)]


def test_what_the_lms_has_is_shown_beside_what_was_sent(grading: Grading) -> None:  # H7
    grading.room.world.gate.gradebook.resend(ids=[1], reason=None)
    grading.send()
    (found,) = json.loads(_run("results", "app", "quiz-1", "--json"))["results"]
    assert (found["score"], found["maximum"], found["sent"]) == (8, 10, 8)
