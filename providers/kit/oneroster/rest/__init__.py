"""Reads a roster from a OneRoster 1.1 or 1.2 REST provider, and stays right when that provider does not."""

from providers.kit.oneroster.rest.roster import RestRoster, check_source, read_source
from providers.kit.oneroster.rest.source import Source
from providers.kit.rest.auth import Auth, Bearer, OAuth1, OAuth2

__all__ = ["Auth", "Bearer", "OAuth1", "OAuth2", "RestRoster", "Source", "check_source", "read_source"]
