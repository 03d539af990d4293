"""The only folder that knows SQL: tables, engine, migrations and the questions services may ask."""

from sqlalchemy import Connection
from sqlalchemy.exc import DataError as Unstorable
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.store.engine import Store, database_url, open_store
from gateway.store.schema import is_current, upgrade

__all__ = ["Connection", "Store", "StoreDown", "Unstorable", "database_url", "is_current", "open_store", "upgrade"]

# What a statement raises when the database can't be reached, is locked for too long, or has no connection to spare.
StoreDown = (OperationalError, InterfaceError, PoolTimeout)
