"""The column kinds that every table shares: ids, moments, OneRoster's status, tenant-bound references."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time: `timestamptz` on PostgreSQL, sortable ISO 8601 text on SQLite (which has no time type)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that this database stores."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware time into what the database stores."""
        if value is None:
            return None
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn what the database stored into an aware time."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        moment: datetime = value.astimezone(UTC)
        return moment


def bytewise() -> TypeEngine[str]:
    """Return the type of ids that are compared byte for byte, on every database and in every locale."""
    return Text().with_variant(Text(collation="C"), "postgresql")


def sourced_id() -> Column[str]:
    """Return the primary key of a roster table: our own sourcedId, a UUID in text form."""
    return Column("sourced_id", String(36), primary_key=True)


def tenant_id() -> Column[str]:
    """Return the tenant column: the sourcedId of the org at the root of the tree."""
    return Column("tenant_id", String(36), nullable=False)


def oneroster_base() -> tuple[Column[Any], ...]:
    """Return what every OneRoster object has: status (`active` or `tobedeleted`) and dateLastModified."""
    return (
        Column("status", String(16), nullable=False, server_default="active"),
        Column("date_last_modified", Moment, nullable=False),
    )


def tenant_key(*columns: str) -> UniqueConstraint:
    """Return the key that tenant-bound references point at."""
    return UniqueConstraint("tenant_id", *(columns or ("sourced_id",)))


def tenant_reference(column: str, table: str, key: str = "sourced_id") -> ForeignKeyConstraint:
    """Return a reference that can't leave the tenant: the database refuses a row of another one (attack F8)."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.{key}"])


def source() -> Column[str]:
    """Return who told of a role or an enrollment: `launch`, `nrps`, `roster` or `native`."""
    return Column("source", String(16), nullable=False, server_default="launch")


NOT_ROSTERED = Column("source", String(16)) != literal_column("'roster'")


def unique_unless_rostered(*columns: str) -> Index:
    """Return a key for what launches and NRPS tell; a roster may say the same twice, under two ids of its own."""
    return Index(None, *columns, unique=True, sqlite_where=NOT_ROSTERED, postgresql_where=NOT_ROSTERED)
