"""Settings are declared once and read from text, with every fault named at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from providers.contract import Misconfigured, declared, read_settings, setting, setting_faults


@dataclass(frozen=True)
class Sample:
    """One field of each kind."""

    address: str = setting("Address", help="Where.", kind="url")
    token: str = setting("Token", help="What.", secret=True, example="abc")
    ids: tuple[str, ...] = setting("Ids", help="Which.", kind="list", default=())
    colours: tuple[str, ...] = setting("Colours", help="Which.", kind="list", default=(), choices=("red", "blue"))
    guests: bool = setting("Guests", help="Whether.", kind="yes_no", default=False)
    seconds: int = setting("Seconds", help="How long.", kind="number", default=60, minimum=0, maximum=300)
    count: int = setting("Count", help="How many.", kind="number", default=1)
    size: str = setting("Size", help="Which.", kind="choice", choices=("small", "large"), default="small")


GOOD = {"address": "https://lms.example/x", "token": " t "}


def _fault(**values: Any) -> str:
    with pytest.raises(Misconfigured) as refused:
        read_settings(Sample, GOOD | values)
    assert refused.value.code == "settings.invalid"
    return refused.value.sentence


def test_declarations_keep_their_order_and_words() -> None:
    first, second = declared(Sample)[:2]
    assert (first.name, first.label, first.kind, first.required, first.default) == (
        "address",
        "Address",
        "url",
        True,
        None,
    )
    assert (second.secret, second.example) == (True, "abc")


def test_text_is_trimmed_and_defaults_fill_in() -> None:
    assert read_settings(Sample, GOOD) == Sample(address="https://lms.example/x", token="t")


def test_empty_optional_value_means_the_default() -> None:
    assert read_settings(Sample, GOOD | {"seconds": "", "ids": None}).seconds == 60


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as refused:
        read_settings(Sample, {"seconds": "x", "colour": "red"})
    for part in ("unknown setting 'colour'", "address (Address) is missing: Where.", "token (Token)", "seconds"):
        assert part in refused.value.sentence


@pytest.mark.parametrize("given", ["a,b", "a\nb", " a , ,b ", ["a", "b"], ("a", "b")])
def test_list_is_read_from_text_or_list(given: Any) -> None:
    assert read_settings(Sample, GOOD | {"ids": given}).ids == ("a", "b")


@pytest.mark.parametrize("given", [7, [1], {"a": 1}])
def test_list_of_anything_else_is_a_fault(given: Any) -> None:
    assert "must be a list" in _fault(ids=given)


def test_list_with_choices_takes_only_those() -> None:
    assert read_settings(Sample, GOOD | {"colours": "red"}).colours == ("red",)
    assert "may only name red, blue" in _fault(colours="red,green")


@pytest.mark.parametrize(("given", "read"), [("yes", True), ("ON", True), (True, True), ("0", False), (False, False)])
def test_yes_no_is_read(given: Any, read: bool) -> None:
    assert read_settings(Sample, GOOD | {"guests": given}).guests is read


def test_maybe_is_neither_yes_nor_no() -> None:
    assert "must be yes or no" in _fault(guests="maybe")


@pytest.mark.parametrize(("given", "read"), [("0", 0), (300, 300), (" 7 ", 7)])
def test_number_within_its_limits_is_read(given: Any, read: int) -> None:
    assert read_settings(Sample, GOOD | {"seconds": given}).seconds == read


@pytest.mark.parametrize(
    ("given", "fault"), [("-1", "at least 0"), ("301", "at most 300"), ("1.5", "whole number"), ([], "whole number")]
)
def test_number_outside_its_limits_is_a_fault(given: Any, fault: str) -> None:
    assert fault in _fault(seconds=given)


def test_number_without_limits_takes_any() -> None:
    assert read_settings(Sample, GOOD | {"count": "-99999"}).count == -99999


@pytest.mark.parametrize(
    "given",
    [
        "lms.example",
        "ftp://lms.example",
        "https://",
        "https://u:p@lms.example/",
        "https://lms.example/#x",
        "https://lms.example/a b",
        "https://[lms.example/",
        "https://lms.example:99999/",
        "https://lms.example:port/",
        7,
    ],
)
def test_incomplete_address_is_a_fault(given: Any) -> None:
    assert "address (Address)" in _fault(address=given)


def test_choice_outside_its_list_is_a_fault() -> None:
    assert read_settings(Sample, GOOD | {"size": "large"}).size == "large"
    assert "must be one of small, large" in _fault(size="huge")


def test_faults_are_told_setting_by_setting() -> None:
    faults = setting_faults(Sample, {"address": "x", "size": "huge", "colour": "blue"})
    assert {"address", "size", "colour"} <= set(faults)
    assert faults["size"] == "must be one of small, large"
    assert setting_faults(Sample, GOOD) == {}


@dataclass(frozen=True)
class InAFolder:
    """A setting that names a file."""

    package: str = setting("Package", help="Where.", kind="path")


def test_a_path_is_kept_whole_wherever_the_gateway_runs() -> None:
    assert read_settings(InAFolder, {"package": "rosters/today"}).package == str(Path("rosters/today").absolute())


def test_a_path_with_a_nul_is_no_path() -> None:
    with pytest.raises(Misconfigured, match="must be a path"):
        read_settings(InAFolder, {"package": "rosters\0today"})
