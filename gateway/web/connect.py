"""`/connect`: the pages behind an invite link, for an administrator without an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.connecting.connections import Origin
from gateway.services.connecting.desk import Desk
from gateway.services.connecting.links import Visit, is_form_of
from gateway.services.connecting.pages import WayPage
from gateway.services.connecting.progress import Progress
from gateway.services.joining import prepare
from gateway.web.guides import draw
from gateway.web.headers import with_forms
from providers.contract import Failure, Misconfigured, Refused, setting_faults
from providers.kit.room_files import read_icon


def connect_endpoints(desk: Desk, *, is_https: bool, now: Callable[[], datetime]) -> Blueprint:
    """Return the wizard's pages. The link's token leaves the address bar with the first answer."""
    endpoints = Blueprint("connect", __name__)
    pages = ConnectPages(desk, is_https, now)
    endpoints.after_request(with_forms)
    endpoints.get("/connect/<token>")(pages.open_link)
    endpoints.get("/connect")(pages.choose)
    endpoints.get("/connect/with/<provider>")(pages.steps)
    endpoints.post("/connect/with/<provider>")(pages.fill_in)
    endpoints.get("/connect/waiting")(pages.waiting)
    endpoints.get("/connect/status")(pages.status)
    endpoints.post("/connect/again")(pages.again)
    endpoints.post("/connect/look")(pages.look)
    endpoints.get("/connect/icons/<provider>.svg")(pages.icon)
    return endpoints


@dataclass(frozen=True, slots=True)
class ConnectPages:
    """The pages; a browser that opened a link is known by its cookie."""

    desk: Desk
    is_https: bool
    now: Callable[[], datetime]

    def open_link(self, token: str) -> AnyResponse:
        """Exchange the link for a cookie. Opening uses nothing up: a mail scanner may do it, too."""
        try:
            invite = self.desk.links.open(token)
        except Refused:
            if self._is_known(token):  # the link is used up, by this very browser
                return redirect(url_for("connect.waiting"), 303)
            raise
        response = redirect(url_for("connect.choose"), 303)
        response.set_cookie(
            self._cookie,
            self.desk.links.session(invite),
            max_age=int((invite.expires_at - self.now()).total_seconds()),
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="Lax",
        )
        return response

    def choose(self) -> AnyResponse | str:
        """Show the systems, or go on where the browser left off."""
        invite = self._visit().invite
        if self.desk.watching.progress(invite).state != "open":
            return redirect(url_for("connect.waiting"), 303)
        systems = self.desk.pages.systems(invite)
        if len(systems) == 1:
            return redirect(url_for("connect.steps", provider=systems[0].key), 303)
        return render_template("connect/choose.html", invite=invite, tool=self.desk.tools.of(invite), systems=systems)

    def steps(self, provider: str) -> AnyResponse | str:
        """Show one way's steps."""
        visit = self._visit()
        if self.desk.watching.progress(visit.invite).state != "open":
            return redirect(url_for("connect.waiting"), 303)
        return self._page(visit, self.desk.pages.way(visit.invite, provider, request.args.get("way")))

    def fill_in(self, provider: str) -> AnyResponse | tuple[str, int]:
        """Take what was typed in, or show it again with what is wrong."""
        visit = self._visit_with_form()
        page = self.desk.pages.way(visit.invite, provider, request.args.get("way"))
        given = {field.name: request.form.get(field.name, "").strip() for field in page.fields}
        borrowed = self.desk.clients.borrowed(page.plate)
        faults = setting_faults(page.plate.settings, {**borrowed, **given})
        if faults:
            return self._page(visit, page, given=given, faults=faults), 422
        try:
            prepared = prepare(self.desk.rooms, page.plate.key, {**borrowed, **given})
            done = self.desk.connections.connect(visit.invite, prepared, Origin(page.way))
        except Misconfigured as fault:
            return self._page(visit, page, given=given, fault=fault.sentence), 422
        if done.integration_id is not None and page.plate.roster is not None and page.plate.launch is None:
            self.desk.first_look.ask(visit.invite)
        return redirect(url_for("connect.waiting"), 303)

    def waiting(self) -> AnyResponse | str:
        """Show how far it is."""
        visit = self._visit()
        progress = self.desk.watching.progress(visit.invite)
        if progress.state == "open":
            return redirect(url_for("connect.choose"), 303)
        return render_template("connect/waiting.html", **self._shown(visit, progress))

    def status(self) -> dict[str, str]:
        """Answer the page's script: a stamp that changes when something has happened, and what to show then."""
        visit = self._visit()
        progress = self.desk.watching.progress(visit.invite)
        if progress.state == "open":
            return {"stamp": (visit.invite.problem or {}).get("code", "")}
        part = render_template("connect/progress.html", **self._shown(visit, progress))
        return {"stamp": progress.stamp, "html": part, "address": url_for("connect.waiting")}

    def look(self) -> AnyResponse:
        """Look again, after something was changed in that system."""
        invite = self._visit_with_form().invite
        if self.desk.watching.progress(invite).state == "unready":
            self.desk.first_look.ask(invite)
        return redirect(url_for("connect.waiting"), 303)

    def again(self) -> AnyResponse:
        """Start over."""
        self.desk.connections.start_over(self._visit_with_form().invite)
        return redirect(url_for("connect.choose"), 303)

    def icon(self, provider: str) -> Response:
        """Return a system's picture."""
        try:
            text = read_icon(self.desk.rooms.room(provider).key)
        except Failure:
            abort(404)
        return Response(text, mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})

    @property
    def _cookie(self) -> str:
        return "__Host-connect" if self.is_https else "connect"

    def _is_known(self, token: str) -> bool:
        """Whether this browser opened the link before."""
        invite = self.desk.links.of_link(token)
        try:
            return invite is not None and self._visit().invite.id == invite.id
        except Refused:
            return False

    def _visit(self) -> Visit:
        return self.desk.links.visit(request.cookies.get(self._cookie))

    def _visit_with_form(self) -> Visit:
        visit = self._visit()
        if not is_form_of(visit, request.form.get("form_token")):
            raise Refused("invite.form", "This form is not from the page you have open. Go back and try again.")
        return visit

    def _page(
        self,
        visit: Visit,
        page: WayPage,
        *,
        given: dict[str, str] | None = None,
        faults: dict[str, str] | None = None,
        fault: str = "",
    ) -> str:
        return render_template(
            "connect/steps.html",
            invite=visit.invite,
            form_token=visit.form_token,
            tool=self.desk.tools.of(visit.invite),
            page=page,
            intro=draw(page.guide.intro, page.values),
            steps=[(step.title, draw(step.text, page.values)) for step in page.guide.ways[page.way]],
            given=given or {},
            faults=faults or {},
            fault=fault,
            alone=len(self.desk.pages.systems(visit.invite)) == 1,
        )

    def _shown(self, visit: Visit, progress: Progress) -> dict[str, object]:
        text, values = self.desk.pages.try_it(visit.invite, progress.plate) if progress.plate else ("", {})
        return {
            "invite": visit.invite,
            "form_token": visit.form_token,
            "tool": self.desk.tools.of(visit.invite),
            "progress": progress,
            "try_it": draw(text, values),
        }
