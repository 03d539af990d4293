"""OneRoster's error body, imsx_StatusInfo; its description leads with our own code."""

from __future__ import annotations

from typing import Final

from flask import Response, jsonify

from gateway.errors import answer_of
from providers.contract import Failure

_UNPROCESSABLE: Final = 422
_MINORS: Final = {
    400: "invaliddata",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    422: "invaliddata",
    429: "server_busy",
    500: "internal_server_error",
    503: "server_busy",
}
# OneRoster's own words for some reasons.
_MINOR_OF: Final = {
    "oneroster.filter_invalid": "invalid_filter_field",
    "oneroster.fields_invalid": "invalid_selection_field",
    "gradebook.in_use": "deletefailure",
}


def status_of(failure: Failure) -> tuple[Response, int]:
    """Return the answer for a failure."""
    answer = answer_of(failure)
    return status_with(_status(failure, answer.status), failure.code, answer.sentence)


def _status(failure: Failure, usual: int) -> int:
    """Of what is written, OneRoster knows no 400: a body that can't be taken is a 422."""
    if failure.code == "oneroster.unknown":
        return 404
    is_written = failure.code.startswith(("gradebook.", "api.idempotency"))
    return _UNPROCESSABLE if is_written and usual == 400 else usual


def status_with(status: int, code: str, sentence: str) -> tuple[Response, int]:
    """Return the answer for a status; one that OneRoster has no word for has no minor code."""
    body = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": f"{code}: {sentence}"}
    minor = _MINOR_OF.get(code) or _MINORS.get(status)
    field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
    minors = {"imsx_CodeMinor": {"imsx_codeMinorField": [field]}} if minor else {}
    return jsonify(body | minors), status
