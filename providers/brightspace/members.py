"""Brightspace's class members: by the book; the Org Defined ID comes as the school's own id."""

from __future__ import annotations

from providers.kit.lti.nrps import NamesAndRoles

MEMBERS = NamesAndRoles()
