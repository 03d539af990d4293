"""What an administrator fills in for any LTI 1.3 platform: exactly what the book asks for."""

from providers.kit.lti import LtiSettings

__all__ = ["LtiSettings"]
