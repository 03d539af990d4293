"""Canvas's class members: the school's own ids come in the key's custom fields, asked for by the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from providers.contract import Member
from providers.kit.lti.nrps import NamesAndRoles


def _refine(member: Member, _record: Mapping[str, Any], custom: Mapping[str, str]) -> Member:
    person = member.person
    sis_id = person.sourced_id or custom.get("canvas_user_sis_id") or None
    login_id = custom.get("canvas_user_login_id") or None
    return member._replace(person=replace(person, sourced_id=sis_id, username=login_id))


MEMBERS = NamesAndRoles(limit=100, refine=_refine)
