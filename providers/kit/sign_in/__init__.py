"""Sign-ins by the book: OAuth 2's authorization code, as portals speak it."""

from providers.kit.sign_in.asking import ask
from providers.kit.sign_in.checking import check_secret
from providers.kit.sign_in.code_flow import ClientAuth, authorize_address, redeem
from providers.kit.sign_in.reading import id_of, named, optional_text

__all__ = ["ClientAuth", "ask", "authorize_address", "check_secret", "id_of", "named", "optional_text", "redeem"]
