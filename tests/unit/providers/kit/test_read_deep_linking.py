"""Deep linking settings as platforms send them, by the book and otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadData
from providers.kit.lti.deep_linking import read_deep_linking

CLAIM = {"deep_link_return_url": "https://lms.example/r", "accept_types": ["link"]}


def test_what_the_platform_says_is_read() -> None:
    told = {
        **CLAIM,
        "accept_presentation_document_targets": ["iframe"],
        "accept_media_types": "image/png, text/html",
        "accept_multiple": True,
        "accept_lineitem": False,
        "auto_create": True,
        "title": " A ",
        "text": "B",
        "data": "d",
    }
    read = read_deep_linking(told)
    assert (read.accept_types, read.accept_targets) == (("link",), ("iframe",))
    assert read.accept_media_types == ("image/png", "text/html")
    assert (read.accept_multiple, read.accept_line_item, read.auto_create) == (True, False, True)
    assert (read.title, read.text, read.data) == ("A", "B", "d")


def test_what_is_not_said_is_the_least() -> None:
    read = read_deep_linking(CLAIM)
    assert (read.accept_multiple, read.accept_line_item, read.auto_create) == (False, None, False)
    assert (read.accept_targets, read.accept_media_types, read.data) == ((), (), None)


@pytest.mark.parametrize(("sent", "read"), [("true", True), ("False", False), ("yes", None), (1, None)])
def test_flags_as_text_are_read(sent: Any, read: bool | None) -> None:
    assert read_deep_linking({**CLAIM, "accept_lineitem": sent}).accept_line_item is read


def test_media_types_as_a_list_are_read() -> None:
    assert read_deep_linking({**CLAIM, "accept_media_types": ["a/b", 7, ""]}).accept_media_types == ("a/b",)


@pytest.mark.parametrize(
    "claim",
    [None, [], "x", {}, {"accept_types": ["link"]}, {**CLAIM, "accept_types": []}, {**CLAIM, "accept_types": 7}],
)
def test_a_claim_without_the_needful_is_refused(claim: Any) -> None:
    with pytest.raises(BadData, match=r"lti\.deep_linking_invalid"):
        read_deep_linking(claim)


@given(
    st.dictionaries(
        st.sampled_from([*CLAIM, "accept_multiple", "data", "title"]), st.none() | st.text() | st.lists(st.text())
    )
)
def test_any_claim_is_read_or_refused(claim: dict[str, Any]) -> None:
    assert _outcome(claim) in {"read", "lti.deep_linking_invalid"}


def _outcome(claim: dict[str, Any]) -> str:
    try:
        read_deep_linking(claim)
    except BadData as refused:
        return refused.code
    return "read"
