"""The sample's three lessons, and how a chosen one is offered to a school as a content item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
_CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


class Lesson(NamedTuple):
    """One lesson; `key` comes back in each launch of its link."""

    key: str
    title: str
    about: str


LESSONS = (
    Lesson("fractions", "Fractions on a number line", "Where does three quarters live?"),
    Lesson("negative", "Below zero", "Thermometers, debts and lifts that go down."),
    Lesson("decimals", "Between 0 and 1", "Tenths, hundredths, and how to zoom in."),
)


def answer_url(claims: Mapping[str, Any]) -> str | None:
    """Return where an answer goes, when this launch asks for content."""
    settings = claims.get(_SETTINGS)
    return settings.get("deep_link_return_url") if isinstance(settings, dict) else None


def content_item(key: str) -> dict[str, Any] | None:
    """Return the lesson as a content item (Deep Linking 3). Its key is in `custom`, which the school keeps for us."""
    lesson = next((each for each in LESSONS if each.key == key), None)
    if lesson is None:
        return None
    return {
        "type": "ltiResourceLink",
        "title": lesson.title,
        "text": lesson.about,
        "custom": {"lesson": lesson.key},
        "lineItem": {"scoreMaximum": 10, "label": lesson.title, "resourceId": lesson.key},
    }


def lesson_of(claims: Mapping[str, Any]) -> Lesson | None:
    """Return the lesson that this launch opens."""
    custom = claims.get(_CUSTOM) or {}
    return next((each for each in LESSONS if each.key == custom.get("lesson")), None)
