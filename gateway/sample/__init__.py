"""The demo's sample application: a stock OpenID Connect client, as any product has one; no code of ours."""

from gateway.sample.application import create_sample

__all__ = ["create_sample"]
