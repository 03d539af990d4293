"""What each worker of `schoolgate serve` loads: the open gate, its clock, and the application."""

from __future__ import annotations

import gc
import os

from flask import Flask

from gateway import create_app
from gateway.housekeeper import start_housekeeper
from gateway.logs import set_up_logs
from gateway.settings import load_settings
from gateway.web.measures import Measures
from gateway.wiring import open_gate


def application() -> Flask:
    """Return the application of one worker process."""
    settings = load_settings(os.environ)
    set_up_logs(as_json=settings.is_production)
    measures = Measures(shared=os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
    gate = open_gate(settings, on_call=measures.outbound)
    gate.keyring.ensure()
    start_housekeeper(gate)
    app = create_app(gate, measures)
    gc.collect()
    gc.freeze()  # what was loaded by now stays for good: the collector need not look at it again
    gc.set_threshold(20_000, 20, 20)
    return app
