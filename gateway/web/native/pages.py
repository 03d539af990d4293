"""The native pages that everybody has: sign-in, sign-out, home, and the way into the application."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.native.visits import Visitor
from gateway.store import Store
from gateway.store.native.home import classes_of
from gateway.web.native.doors import Doors


def native_endpoints(doors: Doors, store: Store) -> Blueprint:
    """Return the endpoints."""
    endpoints = doors.room("native")
    doors.add(endpoints)
    pages = NativePages(doors, store)
    endpoints.get("/home")(doors.signed_in(pages.home))
    endpoints.get("/open/<application_id>")(doors.signed_in(pages.open))
    endpoints.get("/")(pages.front)
    return endpoints


@dataclass(frozen=True, slots=True)
class NativePages:
    """The pages; each gets who is signed in."""

    doors: Doors
    store: Store

    def front(self) -> AnyResponse:
        """Send who types in the gateway's bare address to the sign-in, which knows who is signed in."""
        return redirect("/sign-in", 303)

    def home(self, visitor: Visitor) -> str:
        """Show the classes of who is signed in, and what they may open."""
        with self.store.statements() as connection:
            found = classes_of(connection, visitor.tenant_id, visitor.user_id)
        applications = self.doors.opening.applications(visitor)
        return render_template(
            "native/home.html", visitor=visitor, found=found, applications=applications, here="/home"
        )

    def open(self, visitor: Visitor, application_id: str) -> AnyResponse:
        """Send somebody into an application. A picture or frame elsewhere that names this address opens nothing."""
        if request.method == "HEAD" or request.headers.get("Sec-Fetch-Dest", "document") != "document":
            abort(405)
        return redirect(self.doors.opening.open(visitor, application_id), 303)
