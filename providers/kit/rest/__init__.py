"""What a client of anybody's REST interface needs: credentials, patience, and care with pages."""

from providers.kit.rest.asking import Asker, Manners
from providers.kit.rest.auth import Auth, Bearer, OAuth1, OAuth2

__all__ = ["Asker", "Auth", "Bearer", "Manners", "OAuth1", "OAuth2"]
