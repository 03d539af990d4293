"""Schoology's class members: at most a hundred at a time; the district's own ids come with the link's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from providers.contract import Member
from providers.kit.lti.nrps import NamesAndRoles


def _refine(member: Member, _record: Mapping[str, Any], custom: Mapping[str, str]) -> Member:
    person = member.person
    unique_id = (custom.get("user_unique_id") or "").strip() or None
    username = (custom.get("user_username") or "").strip() or None
    return member._replace(person=replace(person, sourced_id=person.sourced_id or unique_id, username=username))


MEMBERS = NamesAndRoles(limit=100, refine=_refine)
