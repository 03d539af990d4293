"""Where log lines go: standard error, one JSON object a line in production, readable text otherwise."""

from __future__ import annotations

import logging
import sys

import msgspec
import structlog


def _to_json(event: object, **_options: object) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def keep_libraries_quiet() -> None:
    """Authlib writes whole token answers at DEBUG: its lines stay out whatever level an operator sets."""
    logging.getLogger("authlib").setLevel(logging.WARNING)


def set_up_logs(*, as_json: bool) -> None:
    """Configure logging for this process. Log calls pass ids and codes only, never names, e-mails or tokens."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:
        shared.append(structlog.processors.JSONRenderer(serializer=_to_json))
    else:
        shared.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
