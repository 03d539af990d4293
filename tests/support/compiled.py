"""SQL that is compiled once in a worker: stores of tests share what SQLAlchemy learnt, as a server's requests do."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import URL, Engine, event

# A worker meets more statements than any one process does, and what is forgotten is compiled again.
_STATEMENTS = 4000
_learnt: dict[tuple[str, str], Engine] = {}


def create_engine(url: URL, **options: Any) -> Engine:
    """Return a new engine with connections of its own, and the dialect and statements of the first of its kind."""
    engine = sqlalchemy.create_engine(url, query_cache_size=_STATEMENTS, **options)
    kind = (url.drivername, repr(sorted(options.items())))
    if first := _learnt.get(kind):
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    else:
        # Not before its first connection: only then has the dialect asked what server that is.
        event.listen(engine, "connect", lambda *_: _learnt.setdefault(kind, engine), once=True)
    return engine
