"""Looks for people who may be a roster's: by id, username, e-mail, or name and class; set by set, inside the database.

Nothing here joins anybody. Keys of both sides are laid beside each other in temporary tables, so that memory stays the
same for a class and for a district; only what is new or no longer holds is written to the house's tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from gateway.store.engine import Store
from gateway.store.matching.kinship import sorts_of
from gateway.store.matching.links import UNDONE
from gateway.store.rosters.staging import Source
from gateway.store.tables import classes, enrollments, identities, record_links, roster_records, users

REASONS = ("sis_id", "username", "email", "name_class")
_NAME = "name"  # alone it is no reason; it says whose classes need to be looked at
MOST_SHARED = 5  # a key that more people have (a family's or an office's address) says nothing
_BETWEEN = "\x1f"
_r, _i = roster_records.c, identities.c


def _text() -> Any:
    return Text().with_variant(Text(collation="C"), "postgresql")


_temporary = MetaData()
keys = Table(
    "match_keys",
    _temporary,
    Column("side", Integer, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("key", _text(), nullable=False),
    Column("user_id", String(36), nullable=False),
    Column("source_id", _text()),
    Index("ix_match_keys", "reason", "key", "side"),
    prefixes=["TEMPORARY"],
)
found = Table(
    "match_found",
    _temporary,
    Column("user_id", String(36), nullable=False),
    Column("rostered_id", String(36), nullable=False),
    Column("source_id", _text(), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("by_id", Integer, nullable=False),
    Column("sorts", Integer, nullable=False),  # of their roles; see `sorts_of`
    Column("rostered_sorts", Integer, nullable=False),
    Index("ix_match_found", "user_id", "source_id"),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Search:
    """One search, on a connection of its own, where each statement is its own transaction."""

    connection: Connection
    source: Source
    at: datetime

    @property
    def provisional(self) -> ColumnElement[bool]:
        """The people whom no roster owns."""
        mine = (users.c.tenant_id == self.source.tenant_id, users.c.status == "active")
        return and_(users.c.roster_source_id.is_(None), *mine)

    @property
    def rostered(self) -> tuple[Any, ColumnElement[bool]]:
        """The people of this roster, with their records."""
        record = and_(_r.roster_source_id == self.source.id, _r.kind == "users", _r.is_gone.is_(False))
        mine = and_(users.c.tenant_id == self.source.tenant_id, users.c.roster_source_id == self.source.id)
        owned = and_(users.c.sourced_id == _r.sourced_id, users.c.status == "active", mine)
        return roster_records.join(users, owned), record


@contextmanager
def searching(store: Store, source: Source, at: datetime) -> Iterator[Search]:
    """Look for matches; yield with `found` filled, until the block ends."""
    with store.single.connect() as connection:
        connection.detach()  # its temporary tables end with it
        search = Search(connection, source, at)
        if store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA temp_store=FILE")
            connection.exec_driver_sql("PRAGMA temp.cache_size=-32000")
        _temporary.create_all(connection, checkfirst=False)
        if connection.execute(select(users.c.sourced_id).where(search.provisional).limit(1)).first() is not None:
            _lay_keys(search)
            _match(search)
        yield search


def _lay_keys(search: Search) -> None:
    u, none = users.c, literal(None, _text())
    name: ColumnElement[str] = case(
        (and_(u.given_name.isnot(None), u.family_name.isnot(None)), _full_name()), else_=u.name
    )
    at_home = select(u.sourced_id).where(search.provisional)
    signed = select(_i.user_sourced_id, none.label("source_id"), _i.sis_id).where(_i.user_sourced_id.in_(at_home))
    _lay(search, 0, ["sis_id"], signed)
    told = (u.identifier, u.username, u.email)
    reasons = ["sis_id", "username", "email", _NAME]
    _lay(search, 0, reasons, select(u.sourced_id, none.label("source_id"), *told, name).where(search.provisional))
    _analyze(search)
    joined, record = search.rostered
    of_roster = select(u.sourced_id, _r.source_id, *told, _full_name(), _r.source_id).select_from(joined)
    _lay(search, 1, [*reasons, "sis_id"], of_roster.where(record))
    _analyze(search)
    _lay_classes(search, 0)
    _analyze(search)
    _lay_classes(search, 1, enrollments.c.status == "active")
    _analyze(search)


def _full_name() -> ColumnElement[str]:
    return users.c.given_name + literal(" ") + users.c.family_name


def _lay(search: Search, side: int, reasons: Sequence[str], question: Any) -> None:
    """Lay keys of one side, of the roster's only those that the other side has too.

    The question's columns are the person, the record and a key for each of the reasons. All keys come of one reading.
    """
    told = question.subquery("told")
    user_id, source_id, *values = told.c
    which = union_all(*(select(literal(number, Integer).label("which")) for number in range(len(values))))
    one = which.subquery("one").c.which
    key = case(*((one == number, value) for number, value in enumerate(values)))
    reason = case(*((one == number, literal(each)) for number, each in enumerate(reasons)))
    wanted = [key.isnot(None), key != ""]
    if side == 1:
        here = keys.alias("here")
        wanted.append(exists().where(here.c.reason == reason, here.c.key == key, here.c.side == 0))
    laid = select(literal(side), reason, key, user_id, source_id)
    # An outer join, so that people are read once and not once for each reason.
    laid = laid.select_from(told.outerjoin(one.table, true())).where(*wanted)
    names = ["side", "reason", "key", "user_id", "source_id"]
    search.connection.execute(insert(keys).from_select(names, laid))


def _lay_classes(search: Search, side: int, *where: ColumnElement[bool]) -> None:
    """Name and class together: the same class, or one with the same title or code; of names that both sides have.

    A launch's enrollment counts though it has ended: it ends when its class becomes a roster's.
    """
    named, across = keys.alias("named"), keys.alias("across")
    both = exists().where(across.c.reason == _NAME, across.c.key == named.c.key, across.c.side == 1 - side)
    mine = and_(named.c.side == side, named.c.reason == _NAME, both.correlate(named))
    tenant_id = search.source.tenant_id
    enrolled = and_(enrollments.c.user_sourced_id == named.c.user_id, enrollments.c.tenant_id == tenant_id, *where)
    of_class = and_(classes.c.sourced_id == enrollments.c.class_sourced_id, classes.c.tenant_id == tenant_id)
    values = (("=", classes.c.sourced_id), ("t", classes.c.title), ("c", classes.c.class_code))
    told = [(named.c.key + literal(_BETWEEN + mark) + value).label(f"by_{mark}") for mark, value in values]
    question = select(named.c.user_id, named.c.source_id, *told).select_from(
        named.join(enrollments, enrolled).join(classes, of_class)
    )
    _lay(search, side, ["name_class"] * len(told), question.where(mine))


def _analyze(search: Search, table: Table = keys) -> None:
    if search.connection.dialect.name == "postgresql":
        search.connection.exec_driver_sql(f"ANALYZE {table.name}")


def _match(search: Search) -> None:
    connection = search.connection
    shared = (
        select(keys.c.reason, keys.c.key)
        .where(keys.c.reason != _NAME)
        .group_by(keys.c.reason, keys.c.key, keys.c.side)
        .having(func.count(keys.c.user_id.distinct()) > MOST_SHARED)
    )
    connection.execute(delete(keys).where(tuple_(keys.c.reason, keys.c.key).in_(shared)))
    told = ["user_id", "rostered_id", "source_id", "reasons", "by_id", "sorts", "rostered_sorts"]
    connection.execute(insert(found).from_select(told, _pairs()))
    _analyze(search, found)
    for doubt in (_are_at_odds(), _came_already(), *_was_undone(search)):
        connection.execute(delete(found).where(doubt))


def _pairs() -> Select[Any]:
    ours, theirs = keys.alias("ours"), keys.alias("theirs")
    both = and_(ours.c.reason == theirs.c.reason, ours.c.key == theirs.c.key, theirs.c.side == 1)
    by_id = func.max(case((ours.c.reason == "sis_id", 1), else_=0))
    word = [func.max(case((ours.c.reason == each, literal(each + " ")), else_=literal(""))) for each in REASONS]
    reasons: ColumnElement[str] = word[0]
    for more in word[1:]:
        reasons = reasons + more
    pairs = (
        select(
            ours.c.user_id.label("user_id"),
            theirs.c.user_id.label("rostered_id"),
            theirs.c.source_id.label("source_id"),
            func.rtrim(reasons, type_=Text).label("reasons"),
            by_id.label("by_id"),
        )
        .select_from(ours.join(theirs, both))
        .where(ours.c.side == 0, ours.c.reason != _NAME)
        .group_by(ours.c.user_id, theirs.c.user_id, theirs.c.source_id)
        .subquery("pairs")
    )
    return select(*pairs.c, sorts_of(pairs.c.user_id), sorts_of(pairs.c.rostered_id))


def _are_at_odds() -> ColumnElement[bool]:
    return and_(found.c.sorts != 0, found.c.rostered_sorts != 0, found.c.sorts != found.c.rostered_sorts)


def _came_already() -> ColumnElement[bool]:
    """Somebody of the same integration is that person already, so that a name alone says nothing."""
    ours, theirs = identities.alias("ours"), identities.alias("theirs")
    # Not a column but a value: an index of a whole integration's people would be the wrong one here.
    place = func.coalesce(theirs.c.integration_id, "")
    both = (theirs.c.user_sourced_id == found.c.rostered_id, place == ours.c.integration_id)
    came = exists().select_from(theirs).where(*both).correlate(found, ours)
    mine = exists().select_from(ours).where(ours.c.user_sourced_id == found.c.user_id, came).correlate(found)
    return and_(found.c.by_id == 0, mine)


def _was_undone(search: Search) -> tuple[ColumnElement[bool], ...]:
    """A person took the two apart: them, or this account and this record."""
    link = record_links.c
    mine = (link.roster_source_id == search.source.id, link.tenant_id == search.source.tenant_id, link.status == UNDONE)
    of_record = (*mine, link.source_id == found.c.source_id)
    whose = or_(link.user_sourced_id == found.c.user_id, link.other_user_sourced_id == found.c.user_id)
    account = and_(_i.user_sourced_id == found.c.user_id, _i.subject == link.arrival_key)
    came = exists().select_from(identities).where(account).correlate(found, record_links)
    return tuple(exists().select_from(record_links).where(*of_record, each).correlate(found) for each in (whose, came))
