"""Content items against a request: what is kept, completed, dropped and refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.services.deep_linking.items import MOST, Check
from gateway.services.deep_linking.markup import has_script
from providers.contract import BadData, DeepLinkingRequest

ALL = ("link", "file", "html", "image", "ltiResourceLink")
ASKED = DeepLinkingRequest("https://lms.example/r", ALL, ("iframe", "window", "embed"), accept_multiple=True)
OURS = "https://gate.example"
LINK = {"type": "ltiResourceLink"}


def check(*items: Any, request: DeepLinkingRequest = ASKED, only_https: bool = True) -> list[dict[str, Any]]:
    origins = frozenset({f"{OURS}:443", "https://app.example:443"})
    return Check(request, launch_url=f"{OURS}/lti/launch", origins=origins, only_https=only_https).items(list(items))


def fault(*items: Any, **changes: Any) -> tuple[str, str]:
    with pytest.raises(BadData) as refused:
        check(*items, **changes)
    return refused.value.code.partition(".")[2], refused.value.detail


@pytest.mark.parametrize(
    "item",
    [
        {
            "type": "link",
            "url": "https://a.example/x",
            "title": "A",
            "iframe": {"src": "https://a.example", "width": 1},
        },
        {"type": "link", "url": "https://a.example/x", "window": {"targetName": "w", "windowFeatures": "a=b"}},
        {
            "type": "file",
            "url": "https://a.example/x.pdf",
            "mediaType": "application/pdf",
            "expiresAt": "2026-09-01T00:00:00Z",
        },
        {"type": "image", "url": "https://a.example/x.png", "width": 10, "height": 10},
        {"type": "html", "html": "<p>Hello <a href='https://a.example'>you</a></p>"},
        {"type": "link", "url": "https://a.example", "thumbnail": {"url": "https://a.example/t.png", "width": 9}},
        {"type": "link", "url": "https://a.example", "https://vendor.example/own": {"x": 1}},
        {"type": "ltiResourceLink", "url": "https://app.example/lessons/1", "custom": {"a": "$User.id"}},
    ],
)
def test_an_item_by_the_book_is_kept_as_it_is(item: dict[str, Any]) -> None:
    assert check(item) == [item]


def test_a_link_without_an_address_gets_ours() -> None:
    assert check(LINK)[0]["url"] == f"{OURS}/lti/launch"


def test_nulls_and_empty_objects_are_left_out() -> None:
    (kept,) = check({**LINK, "title": None, "custom": {}, "iframe": {"width": None, "height": 5}})
    assert kept == {**LINK, "url": f"{OURS}/lti/launch", "iframe": {"height": 5}}


LINE = {"scoreMaximum": 10, "label": "Quiz", "gradesReleased": True}


def test_a_line_item_is_dropped_where_the_platform_ignores_it() -> None:
    assert "lineItem" not in check({**LINK, "lineItem": LINE}, request=replace(ASKED, accept_line_item=False))[0]
    assert check({**LINK, "lineItem": LINE}, request=replace(ASKED, accept_line_item=None))[0]["lineItem"] == LINE


@pytest.mark.parametrize("most", [0, -1, None, "10", True, float("nan"), float("inf")])
def test_a_line_item_needs_a_highest_score(most: Any) -> None:
    assert fault({**LINK, "lineItem": {"scoreMaximum": most}}) == (
        "item_invalid",
        "item 1: lineItem needs a scoreMaximum above 0",
    )


@pytest.mark.parametrize(
    ("item", "code", "detail"),
    [
        ({}, "type_not_accepted", "item 1: its type"),
        ({"type": "quiz"}, "type_not_accepted", "item 1: its type"),
        ({"type": 7}, "type_not_accepted", "item 1: its type"),
        ({"type": "link"}, "item_invalid", "item 1: url is missing"),
        ({"type": "html", "html": 7}, "item_invalid", "item 1: html is missing"),
        ({"type": "link", "url": "https://a.example", "colour": "red"}, "item_invalid", "item 1: colour is no member"),
        ({**LINK, "lineItem": {"scoreMaximum": 1, "x": 1}}, "item_invalid", "item 1: x is no member of lineItem"),
        ({**LINK, "lineItem": []}, "item_invalid", "item 1: lineItem needs"),
        ({**LINK, "custom": {"a": 1}}, "item_invalid", "item 1: custom must be"),
        ({**LINK, "custom": {"a": None}}, "item_invalid", "item 1: custom must be"),
        ({**LINK, "custom": "a"}, "item_invalid", "item 1: custom must be"),
        ({**LINK, "title": 7}, "item_invalid", "item 1: title: has another form"),
        ({**LINK, "url": 7}, "address_refused", "item 1: url"),
        ({**LINK, "url": "https://app.example.evil"}, "address_refused", "item 1: a launch leads"),
        ({**LINK, "available": {"startDateTime": "tomorrow"}}, "item_invalid", "item 1: available.startDateTime"),
        ({**LINK, "submission": {"endDateTime": "2026-09-01T00:00:00"}}, "item_invalid", "item 1: submission.end"),
        ({**LINK, "iframe": {"width": "100%"}}, "item_invalid", "item 1: iframe.width"),
        ({"type": "html", "html": "<script>x</script>"}, "item_invalid", "item 1: html"),
        ({"type": "image", "url": "http://a.example/x.png"}, "address_refused", "item 1: url"),
    ],
)
def test_what_is_wrong_with_an_item_is_named(item: dict[str, Any], code: str, detail: str) -> None:
    found = fault(item)
    assert found[0] == code
    assert found[1].startswith(detail)


def test_the_second_item_is_named_as_such() -> None:
    assert fault(LINK, {"type": "quiz"})[1].startswith("item 2")


@pytest.mark.parametrize("target", ["iframe", "window"])
def test_a_presentation_that_the_platform_does_not_take_is_refused(target: str) -> None:
    only_embed = replace(ASKED, accept_targets=("embed",))
    assert fault({**LINK, target: {"width": 5}}, request=only_embed)[0] == "presentation_not_accepted"


def test_plain_http_is_for_development() -> None:
    item = {"type": "link", "url": "http://localhost:9000/x"}
    assert check(item, only_https=False) == [item]


def test_the_number_of_items_is_bounded() -> None:
    assert fault(*[LINK] * (MOST + 1))[0] == "too_many_items"
    assert len(check(*[LINK] * MOST)) == MOST
    assert fault(LINK, LINK, request=replace(ASKED, accept_multiple=False))[0] == "too_many_items"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)
MEMBERS = ("title", "url", "html", "icon", "iframe", "custom", "lineItem", "available", "embed", "expiresAt")


@given(st.fixed_dictionaries({"type": st.sampled_from(ALL)}, optional=dict.fromkeys(MEMBERS, JSON)))
def test_any_item_is_kept_or_refused_by_name(item: dict[str, Any]) -> None:
    assert _outcome(item).partition(".")[0] in {"kept", "deep_linking"}


def _outcome(item: dict[str, Any]) -> str:
    try:
        check(item)
    except BadData as refused:
        return refused.code
    return "kept"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=x>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java&#10;script:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<iframe srcdoc='<b>'></iframe>",
        "<form action='https://a.example'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<object data=x>",
        "<svg><a xlink:href='javascript:1'>",
        "<b <script>",
    ],
)
def test_markup_that_would_run_is_noticed(html: str) -> None:  # A22
    assert has_script(html)


@pytest.mark.parametrize(
    "html", ["<p>a &lt; b</p>", "<a href='/x?y:z'>x</a>", "<img src='https://a.example/x.png' alt='on'>", "plain: text"]
)
def test_plain_markup_is_let_through(html: str) -> None:
    assert not has_script(html)
