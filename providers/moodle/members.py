"""Moodle's class members: short role names and a login name of their own, for the rest by the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from providers.contract import Member
from providers.kit.lti.nrps import NamesAndRoles
from providers.kit.lti.shapes import text


def _refine(member: Member, record: Mapping[str, Any], _custom: Mapping[str, str]) -> Member:
    """Take the idnumber from the record alone, as in a launch, and the login name that goes with the name."""
    return member._replace(person=replace(member.person, username=text(record.get("ext_user_username"))))


# What a link's custom parameters say proves nothing here (launch.py), so they are not asked for.
MEMBERS = NamesAndRoles(asks_for_link=False, refine=_refine)
