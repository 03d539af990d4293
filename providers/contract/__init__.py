"""The promise between the hall and every provider's room: frozen dataclasses and Protocols, standard library only."""

from providers.contract.claims import UnverifiedClaims, VerifiedClaims
from providers.contract.failures import BadData, Failure, Misconfigured, Refused, Unavailable, Untrusted
from providers.contract.launch import (
    EnrollmentRole,
    Launch,
    LaunchContext,
    LaunchPerson,
    LaunchResourceLink,
    LaunchRoles,
    LtiEndpoints,
    LtiLaunch,
    Role,
)
from providers.contract.plate import Maturity, Provider
from providers.contract.settings import Declared, declared, read_settings, setting

__all__ = [
    "BadData",
    "Declared",
    "EnrollmentRole",
    "Failure",
    "Launch",
    "LaunchContext",
    "LaunchPerson",
    "LaunchResourceLink",
    "LaunchRoles",
    "LtiEndpoints",
    "LtiLaunch",
    "Maturity",
    "Misconfigured",
    "Provider",
    "Refused",
    "Role",
    "Unavailable",
    "Untrusted",
    "UnverifiedClaims",
    "VerifiedClaims",
    "declared",
    "read_settings",
    "setting",
]
