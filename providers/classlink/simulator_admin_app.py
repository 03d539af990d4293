"""The page of the simulated district's administrator: its Roster Console and what the Partner Portal shows."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from providers.classlink.simulator_classlink import CLIENT_ID, PARTNER_TOKEN, SimulatedClassLink
from providers.classlink.simulator_tenant import Tenant
from providers.kit.simulator.portal_pages import button, page


def admin_endpoints(classlink: SimulatedClassLink) -> Blueprint:
    """Return the page and its buttons."""
    endpoints = Blueprint("admin", __name__)

    @endpoints.get("/admin")
    def admin() -> Response:
        facts = Markup("<p>Client ID <code>{}</code>, partner token <code>{}</code>, redirect URLs <code>{}</code></p>")
        shown = [facts.format(CLIENT_ID, PARTNER_TOKEN, ", ".join(classlink.redirect_uris))]
        unenrolled = "Leave unenrolled people out" if classlink.switches.unenrolled else "Share unenrolled people"
        parts = [part for tenant in classlink.tenants.values() for part in _desk(tenant)]
        return page("Roster Console (a simulation)", [*shown, *parts, button("/admin/unenrolled", unenrolled)])

    @endpoints.post("/admin/unenrolled")
    def unenrolled() -> ResponseReturnValue:
        classlink.switch(unenrolled=not classlink.switches.unenrolled)
        return _back()

    @endpoints.post("/admin/<int:tenant_id>/<action>")
    def act(tenant_id: int, action: str) -> ResponseReturnValue:
        tenant = classlink.tenants.get(tenant_id)
        if tenant is None:
            return page("No such district", [], 404)
        if action == "enable":
            tenant.is_enabled = not tenant.is_enabled
        elif action == "status":
            tenant.status = "Inactive" if tenant.status == "Active" else "Active"
        elif action == "rotate":
            tenant.rotate()
        return _back()

    return endpoints


def _desk(tenant: Tenant) -> list[Markup]:
    enable = "Disable the application" if tenant.is_enabled else "Enable the application"
    facts = Markup("<h2>{}</h2><p>Tenant ID <code>{}</code>, {}</p><p>Roster Server key <code>{}</code></p>")
    return [
        facts.format(tenant.name, tenant.id, tenant.status, tenant.key),
        button(f"/admin/{tenant.id}/enable", enable),
        button(f"/admin/{tenant.id}/status", "Make the tenant inactive" if tenant.status == "Active" else "Activate"),
        button(f"/admin/{tenant.id}/rotate", "Give the tenant another bearer"),
    ]


def _back() -> ResponseReturnValue:
    return redirect(f"{request.script_root}/admin", 303)
