"""The only folder that knows SQL: tables, engine, migrations and the questions services may ask."""

from sqlalchemy import Connection
from sqlalchemy.exc import DataError as Unstorable

from gateway.store.engine import Store, open_store
from gateway.store.schema import is_current, upgrade

__all__ = ["Connection", "Store", "Unstorable", "is_current", "open_store", "upgrade"]
