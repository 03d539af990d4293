"""Log lines: JSON in production, text for a developer, and quiet libraries."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from gateway.logs import keep_libraries_quiet, set_up_logs


@pytest.fixture(autouse=True)
def _own_configuration() -> Iterator[None]:
    """Leave the logging of this process as it was."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_line_in_production_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(as_json=True)
    structlog.get_logger().warning("refused", ref="ABC", kind=ValueError)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["ref"], line["level"]) == ("refused", "ABC", "warning")
    assert line["timestamp"].endswith("Z")


def test_a_developer_reads_text_and_no_debugging(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(as_json=False)
    structlog.get_logger().debug("unseen")
    structlog.get_logger().info("seen", ref="ABC")
    text = capsys.readouterr().err
    assert "seen" in text
    assert "unseen" not in text


def test_a_library_that_writes_tokens_stays_quiet() -> None:
    logging.getLogger("authlib").setLevel(logging.DEBUG)
    keep_libraries_quiet()
    assert not logging.getLogger("authlib").isEnabledFor(logging.DEBUG)
