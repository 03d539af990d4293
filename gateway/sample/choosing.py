"""A teacher has chosen a lesson: one call to the gateway, and the browser goes where it says."""

from __future__ import annotations

from typing import Any

import httpx
from flask import Flask, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from gateway.sample.answering import page
from gateway.sample.lessons import answer_url, content_item
from gateway.sample.people import Remembered


def add_choosing(app: Flask, people: Remembered) -> None:
    """Add the address to which the choice is posted."""

    @app.post("/choose")
    def choose() -> AnyResponse:
        """Answer the school's request (docs/connect-an-application.md, step 5)."""
        visit = people.recall(session.get("person"))
        address = answer_url(visit.claims) if visit else None
        item = content_item(request.form.get("lesson", ""))
        if visit is None or address is None or item is None:
            return page("sorry.html", 400, why="nothing_asked")
        try:
            answer: dict[str, Any] = httpx.post(
                address,
                json={"content_items": [item], "msg": f"{item['title']} was added."},
                headers={"Authorization": f"Bearer {visit.access_token}"},
                timeout=10,
            ).json()
        except (httpx.HTTPError, ValueError):
            answer = {}
        if "location" not in answer:
            return page("sorry.html", 502, why="not_added", description=answer.get("detail"))
        return redirect(answer["location"], 303)
