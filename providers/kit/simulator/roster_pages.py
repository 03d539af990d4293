"""The body of a page as a simulated OneRoster provider sends it: right, or wrong in one named way."""

from __future__ import annotations

import json
from typing import Any

from providers.kit.simulator.roster_data import Record
from providers.kit.simulator.roster_switches import Page

_SIGN_IN = b"<!doctype html><title>Sign in</title><form method=post><input name=user></form>"
_ERROR = {
    "imsx_codeMajor": "failure",
    "imsx_severity": "error",
    "imsx_CodeMinor": {"imsx_codeMinorField": [{"imsx_codeMinorFieldValue": "internal_server_error"}]},
}
_ERROR_1_1 = {
    "statusInfoSet": [{"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_codeMinor": "unauthorized"}]
}
_SUCCESS = {"statusInfoSet": [{"imsx_codeMajor": "success", "imsx_severity": "status"}]}


def shaped(name: str, page: list[Record], kind: Page, *, is_last: bool) -> bytes:
    """Return the page's body."""
    if kind == "short" and is_last:
        page = page[: len(page) // 2]
    whole = json.dumps({name: page}).encode()
    if kind == "torn" and is_last:
        return whole[: len(whole) // 2]
    if kind == "html":
        return _SIGN_IN
    if kind == "marked":
        return b"\xef\xbb\xbf" + whole + b"\n\xef\xbb\xbf"
    bodies: dict[str, Any] = {
        "empty": {name: []},
        "empty_object": {},
        "bare_list": page,
        "other_envelope": {"data": page},
        "null_envelope": {name: None},
        "error": _ERROR,
        "error_1_1": _ERROR_1_1,
        "status_beside": _SUCCESS | {name: page},
    }
    return json.dumps(bodies[kind]).encode() if kind in bodies else whole
