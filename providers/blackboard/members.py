"""Blackboard's class members: by the book; the address brings a query of its own, which stays."""

from __future__ import annotations

from providers.kit.lti.nrps import NamesAndRoles

MEMBERS = NamesAndRoles()
