"""`/api/v1/applications`: registering applications and looking after them, by operators' programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, jsonify

from gateway.services.api.callers import Caller
from gateway.services.api.scopes import APPLICATIONS, APPLICATIONS_READ
from gateway.services.application_changes import ApplicationChanges
from gateway.services.applications import Wanted
from gateway.store import Connection
from gateway.store.applications import Application, find_application, load_applications
from gateway.web.api.guard import Api, read_body
from providers.contract import Misconfigured, Refused

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=720)]


class NewApplication(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What a POST asks for. Without orgs it sees every district; with `jwks` it signs and has no secret."""

    name: Text
    redirect_uris: list[Text]
    login_uri: Text
    is_public: bool = False
    is_pairwise: bool = False
    org_sourced_ids: list[Text] = []
    session_hours: Hours = 12
    post_logout_redirect_uris: list[Text] = []
    backchannel_logout_uri: Text | None = None
    jwks: dict[str, Any] | None = None


class Changes(msgspec.Struct, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What a PATCH changes: what it names, and nothing else. Orgs are all of them, null is every district."""

    name: Text | msgspec.UnsetType = msgspec.UNSET
    redirect_uris: list[Text] | msgspec.UnsetType = msgspec.UNSET
    login_uri: Text | msgspec.UnsetType = msgspec.UNSET
    session_hours: Hours | msgspec.UnsetType = msgspec.UNSET
    post_logout_redirect_uris: list[Text] | msgspec.UnsetType = msgspec.UNSET
    backchannel_logout_uri: Text | msgspec.UnsetType | None = msgspec.UNSET
    jwks: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    org_sourced_ids: list[Text] | msgspec.UnsetType | None = msgspec.UNSET
    is_active: bool | msgspec.UnsetType = msgspec.UNSET


class Rotation(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """How long the old secret counts beside the new one; 0 after it was stolen."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


def application_endpoints(api: Api, changes: ApplicationChanges) -> Blueprint:
    """Return the endpoints."""
    endpoints = api.room("applications")

    @endpoints.post("")
    @api.guard(APPLICATIONS)
    def make(caller: Caller) -> Response:
        wanted = _wanted(read_body(NewApplication))

        def made(connection: Connection) -> dict[str, Any]:
            registered = changes.register(wanted, actor=_operator(caller), connection=connection)
            secret = {"clientSecret": registered.client_secret} if registered.client_secret else {}
            return {"application": {**_document(registered.application), **secret}}

        return api.once(caller, 201, made)

    @endpoints.post("/<client_id>/secret")
    @api.guard(APPLICATIONS)
    def rotate(caller: Caller, client_id: str) -> Response:
        overlap = timedelta(hours=read_body(Rotation).overlap_hours)
        _operator(caller)
        _find(changes, client_id)

        def made(connection: Connection) -> dict[str, Any]:
            actor = _operator(caller)
            secret = changes.rotate_secret(client_id, overlap=overlap, actor=actor, connection=connection)
            return {"clientId": client_id, "clientSecret": secret, "overlapHours": overlap // timedelta(hours=1)}

        return api.once(caller, 200, made)

    _add_looking(endpoints, api, changes)
    return endpoints


def _add_looking(endpoints: Blueprint, api: Api, changes: ApplicationChanges) -> None:
    @endpoints.get("")
    @api.guard(APPLICATIONS_READ)
    def every(caller: Caller) -> Response:
        _operator(caller)
        return jsonify({"applications": [_document(each) for each in load_applications(changes.store)]})

    @endpoints.get("/<client_id>")
    @api.guard(APPLICATIONS_READ)
    def one(caller: Caller, client_id: str) -> Response:
        _operator(caller)
        return jsonify({"application": _document(_find(changes, client_id))})

    @endpoints.patch("/<client_id>")
    @api.guard(APPLICATIONS)
    def change(caller: Caller, client_id: str) -> Response:
        actor, asked = _operator(caller), msgspec.structs.asdict(read_body(Changes))
        _find(changes, client_id)
        told = {name: value for name, value in asked.items() if value is not msgspec.UNSET}
        orgs, is_active = told.pop("org_sourced_ids", ()), told.pop("is_active", None)
        changes.change(client_id, told, actor=actor, tenants=orgs or ())
        if orgs != ():
            changes.grant(client_id, orgs, actor=actor)
        if is_active is not None:
            changes.switch(client_id, on=is_active, actor=actor)
        return jsonify({"application": _document(changes.find(client_id))})


def _operator(caller: Caller) -> str:
    """Return who calls. Raises Refused (``api.operators_only``): an application makes no others, nor itself more."""
    if caller.application is not None:
        raise Refused("api.operators_only", "This needs a key of an operator's.")
    return caller.actor


def _find(changes: ApplicationChanges, client_id: str) -> Application:
    """Return the application at an address. Raises Misconfigured (``application.unknown_id``)."""
    found = find_application(changes.store, client_id)
    if found is None:
        raise Misconfigured("application.unknown_id", "There is no such application.")
    return found


def _wanted(asked: NewApplication) -> Wanted:
    told = msgspec.structs.asdict(asked)
    return Wanted(tenants=told.pop("org_sourced_ids"), **told)


def _document(application: Application) -> dict[str, Any]:
    until = application.previous_secret_until
    return {
        "clientId": application.id,
        "name": application.name,
        "isActive": application.is_active,
        "isPublic": application.is_public,
        "isPairwise": application.pairwise_salt is not None,
        "redirectUris": list(application.redirect_uris),
        "loginUri": application.login_uri,
        "postLogoutRedirectUris": list(application.post_logout_redirect_uris),
        "backchannelLogoutUri": application.backchannel_logout_uri,
        "sessionHours": application.session_hours,
        "scopes": list(application.api_scopes),
        "orgSourcedIds": None if application.all_tenants else sorted(application.tenants),
        "jwks": application.jwks,
        "previousSecretUntil": None if until is None else until.isoformat(),
    }
