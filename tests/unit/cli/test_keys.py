"""`schoolgate keys`, as an operator types it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway import ground
from keys.keyring import Keyring

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _keys_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lent key may be one that the template of all commands has already: a rotation would bring it again."""
    monkeypatch.setattr(ground, "Keyring", Keyring)


def _kids(read: Call, state: str) -> dict[str, str]:
    return {key["use"]: key["kid"] for key in read("keys", "list")["keys"] if key["state"] == state}


def test_list_shows_both_uses_and_nothing_private(read: Call, run: Call) -> None:
    keys = read("keys", "list")["keys"]
    assert {(key["use"], key["state"]) for key in keys} == {
        (use, state) for use in ("lti", "oidc") for state in ("active", "next")
    }
    assert all(set(key) == {"kid", "use", "state", "since"} for key in keys)
    assert keys[0]["kid"] in run("keys", "list")


def test_rotate_signs_with_the_next_key(read: Call, run: Call) -> None:
    active, following = _kids(read, "active"), _kids(read, "next")
    assert active["lti"] in run("keys", "rotate", "--use", "lti")
    assert _kids(read, "active") == {"lti": following["lti"], "oidc": active["oidc"]}
    assert _kids(read, "retiring") == {"lti": active["lti"]}


def test_rotate_without_a_use_changes_both(read: Call) -> None:
    following = _kids(read, "next")
    read("keys", "rotate")
    assert _kids(read, "active") == following
