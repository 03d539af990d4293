"""The demo: a simulated school system, the gateway, an application and a start page, on this machine only."""

from gateway.demo.failure import DemoFailed
from gateway.demo.show import run_demo

__all__ = ["DemoFailed", "run_demo"]
