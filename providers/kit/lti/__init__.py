"""LTI 1.3 by the book, for rooms whose platform (mostly) goes by it."""

from providers.kit.lti.launch import read_launch
from providers.kit.lti.settings import LtiSettings, endpoints

__all__ = ["LtiSettings", "endpoints", "read_launch"]
