"""The console's pages: what waits, connections, invites, launches."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.api.repeating import Repeating
from gateway.services.connecting.desk import Desk
from gateway.services.connecting.evidence import facts_of
from gateway.services.connecting.invitations import Invitations, state_of
from gateway.services.operators.sessions import AtTheConsole
from gateway.services.traces import Traces
from gateway.store import Connection, Store
from gateway.store.applications import load_applications
from gateway.store.integrations import deployments_of, list_integrations
from gateway.store.launches import list_launches
from gateway.store.orgs import Org, list_orgs
from gateway.web.console.doors import Doors
from gateway.web.headers import with_forms
from providers.contract import Misconfigured

NEWEST = 50
MOST_CHOICES = 500  # orgs in a list to choose from; with more, their id is typed in
DAYS = (1, 7, 14, 30, 90)


def console_endpoints(
    doors: Doors, desk: Desk, invitations: Invitations, repeating: Repeating, traces: Traces
) -> Blueprint:
    """Return the console; every page but its doors is for operators who are signed in."""
    endpoints = Blueprint("console", __name__, url_prefix="/console")
    endpoints.after_request(_as_console)
    endpoints.add_app_template_filter(moment)
    doors.add(endpoints)
    pages = ConsolePages(doors.public_url, desk, invitations, repeating, traces)
    endpoints.get("/signed-out", endpoint="left")(lambda: render_template("console/left.html"))
    for path, methods, view in (
        ("", ["GET"], pages.approvals),
        ("/approvals/<waiting_id>", ["POST"], pages.decide),
        ("/connections", ["GET"], pages.connections),
        ("/invites", ["GET", "POST"], pages.invites),
        ("/invites/<invite_id>/revoke", ["POST"], pages.revoke),
        ("/launches", ["GET"], pages.launches),
        ("/launches/<reference>", ["GET"], pages.launch),
    ):
        endpoints.route(path, methods=methods)(doors.guard(view))
    return endpoints


@dataclass(frozen=True, slots=True)
class ConsolePages:
    """The pages; each gets the operator who looks at it."""

    public_url: str
    desk: Desk
    invitations: Invitations
    repeating: Repeating
    traces: Traces

    @property
    def store(self) -> Store:
        """The database."""
        return self.desk.store

    def approvals(self, operator: AtTheConsole, **more: Any) -> str:
        """Show what waits, oldest first, with its evidence."""
        found = [(each, facts_of(self.store, each)) for each in self.desk.approvals.waiting()]
        orgs = self._orgs() if any(each.kind == "deployment" for each, _ in found) else []
        done = request.args.get("done", "")
        return render_template("console/approvals.html", operator=operator, found=found, orgs=orgs, done=done, **more)

    def decide(self, operator: AtTheConsole, waiting_id: str) -> AnyResponse | str:
        """Approve or refuse one, and say so on the list; what can't be done is said there, too."""
        actor, org_id = operator.caller.actor, request.form.get("org") or None
        try:
            if request.form.get("decision") == "approve":
                self.desk.approvals.approve(waiting_id, actor=actor, org_id=org_id)
                return redirect(url_for("console.approvals", done="approved"), 303)
            if request.form.get("decision") == "refuse":
                self.desk.approvals.reject(waiting_id, actor=actor)
                return redirect(url_for("console.approvals", done="refused"), 303)
        except Misconfigured as fault:
            return self.approvals(operator, fault=fault, at=waiting_id)
        return redirect(url_for("console.approvals"), 303)

    def connections(self, operator: AtTheConsole) -> str:
        """Show every integration with its state."""
        found = [
            (each, self.desk.rooms.room(each.provider).label, [name for name, _ in deployments_of(self.store, each.id)])
            for each in reversed(list_integrations(self.store))
        ]
        return render_template("console/connections.html", operator=operator, found=found)

    def invites(self, operator: AtTheConsole) -> str:
        """Show the newest invites and a form for another; a link is shown on the answer to its form alone."""
        link, fault = "", None
        if request.method == "POST":
            try:
                link = self._invite(operator)
            except Misconfigured as failure:
                fault = failure
        newest = self.invitations.every(operator.caller, org_id=None, before=None, limit=NEWEST)
        return render_template(
            "console/invites.html",
            operator=operator,
            found=[(each, state_of(each, self.invitations.now())) for each in newest],
            link=link,
            fault=fault,
            given=request.form if fault else {},
            orgs=self._orgs(),
            systems=self.desk.pages.connectable(),
            applications=load_applications(self.store),
            days=DAYS,
            once=secrets.token_hex(16),
        )

    def _invite(self, operator: AtTheConsole) -> str:
        """Make an invite; the same form sent twice makes one."""
        form = request.form
        days = form.get("days", "")
        if not form.get("org"):
            raise Misconfigured("org.missing", "Choose the school or district first.")

        def make(connection: Connection) -> dict[str, Any]:
            made = self.invitations.make(
                operator.caller,
                connection,
                org_id=form.get("org", ""),
                provider=form.get("provider") or None,
                application_id=form.get("application") or None,
                expires_in=timedelta(days=int(days) if days.isdecimal() and len(days) < 4 else 0),
            )
            return {"link": f"{self.public_url}/connect/{made.token}"}

        asked = "\n".join(form.get(name, "") for name in ("org", "provider", "application", "days"))
        return str(self.repeating.once(operator.caller, form.get("once") or None, asked, make)["link"])

    def revoke(self, operator: AtTheConsole, invite_id: str) -> AnyResponse:
        """Make a link worthless."""
        self.invitations.revoke(operator.caller, invite_id)
        return redirect(url_for("console.invites"), 303)

    def launches(self, operator: AtTheConsole) -> AnyResponse | str:
        """Show the newest launches and refusals, or go to the one whose reference was typed in."""
        reference = request.args.get("reference", "").strip()
        if reference:
            return redirect(url_for("console.launch", reference=reference), 303)
        return render_template(
            "console/launches.html", operator=operator, found=list_launches(self.store, limit=NEWEST)
        )

    def launch(self, operator: AtTheConsole, reference: str) -> AnyResponse | str:
        """Show one launch's trace."""
        try:
            record = self.traces.find(reference)
        except Misconfigured as fault:
            found = list_launches(self.store, limit=NEWEST)
            return render_template(
                "console/launches.html", operator=operator, found=found, fault=fault, given=reference
            )
        checks = self.traces.checks(record)
        return render_template("console/launch.html", operator=operator, record=record, checks=checks)

    def _orgs(self) -> list[Org]:
        found = list_orgs(self.store)
        return found if len(found) <= MOST_CHOICES else []


def _as_console(response: Response) -> Response:
    """Without `no-referrer` browsers say where a form comes from; other sites learn nothing all the same."""
    response.headers["Referrer-Policy"] = "same-origin"
    return with_forms(response)


def moment(at: datetime | None) -> str:
    """Return a time as the console writes it."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
