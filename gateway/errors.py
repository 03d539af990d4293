"""The one map from a failure's family to an HTTP status and a safe sentence."""

from __future__ import annotations

from typing import NamedTuple

from providers.contract import BadData, Failure, Misconfigured, Refused, Unavailable, Untrusted


class Answer(NamedTuple):
    """What a failure's family means over HTTP; `sentence` stands in when the failure has none of its own."""

    status: int
    sentence: str


ANSWERS: dict[type[Failure], Answer] = {
    BadData: Answer(400, "What arrived could not be read."),
    Misconfigured: Answer(400, "This connection is not set up rightly yet."),
    Untrusted: Answer(401, "This could not be trusted."),
    Refused: Answer(403, "This is not allowed."),
    Unavailable: Answer(503, "This is not available at the moment. Please try again in a minute."),
}


def answer_of(failure: Failure) -> Answer:
    """Return the answer for a failure."""
    answer = ANSWERS[type(failure)]
    return answer._replace(sentence=failure.sentence or answer.sentence)
