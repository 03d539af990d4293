"""`/api/v1/invites`: invite links for schools, made by applications and operators' programs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, jsonify

from gateway.services.api.callers import Caller
from gateway.services.api.scopes import INVITES, INVITES_READ
from gateway.services.connecting.invitations import Invitations, state_of
from gateway.store import Connection
from gateway.store.invites import Invite
from gateway.web.api.guard import Api, read_body, read_query
from gateway.web.api.paging import Page, listed


class NewInvite(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What a POST asks for."""

    org_sourced_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    provider: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    application_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 14


def invite_endpoints(api: Api, invitations: Invitations, public_url: str) -> Blueprint:
    """Return the endpoints."""
    endpoints = api.room("invites")

    @endpoints.post("")
    @api.guard(INVITES)
    def make(caller: Caller) -> Response:
        wanted = read_body(NewInvite)

        def made(connection: Connection) -> dict[str, Any]:
            invite, token = invitations.make(
                caller,
                connection,
                org_id=wanted.org_sourced_id,
                provider=wanted.provider,
                application_id=wanted.application_id,
                expires_in=timedelta(days=wanted.expires_in_days),
            )
            return {"invite": {**_document(invite, invitations.now()), "link": f"{public_url}/connect/{token}"}}

        response = api.once(caller, 201, made)
        response.headers["Location"] = f"{public_url}/api/v1/invites/{response.get_json()['invite']['id']}"
        return response

    _add_looking(endpoints, api, invitations)
    return endpoints


def _add_looking(endpoints: Blueprint, api: Api, invitations: Invitations) -> None:
    """Add what shows invites and takes them back."""

    @endpoints.get("")
    @api.guard(INVITES_READ)
    def every(caller: Caller) -> Response:
        page = read_query(Page)
        found = invitations.every(caller, org_id=page.org_sourced_id, before=page.before, limit=page.limit + 1)
        return listed("invites", found, page, lambda each: _document(each, invitations.now()))

    @endpoints.get("/<invite_id>")
    @api.guard(INVITES_READ)
    def one(caller: Caller, invite_id: str) -> Response:
        return jsonify({"invite": _document(invitations.find(caller, invite_id), invitations.now())})

    @endpoints.post("/<invite_id>/revoke")
    @api.guard(INVITES)
    def revoke(caller: Caller, invite_id: str) -> Response:
        return jsonify({"invite": _document(invitations.revoke(caller, invite_id), invitations.now())})


def _document(invite: Invite, now: datetime) -> dict[str, Any]:
    return {
        "id": invite.id,
        "state": state_of(invite, now),
        "orgSourcedId": invite.org_sourced_id,
        "orgName": invite.org_name,
        "provider": invite.provider,
        "applicationId": invite.application_id,
        "createdAt": invite.created_at.isoformat(),
        "expiresAt": invite.expires_at.isoformat(),
        "integrationId": invite.integration_id,
        "problem": invite.problem["code"] if invite.problem else None,
    }
