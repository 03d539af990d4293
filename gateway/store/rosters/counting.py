"""Counts what a plan would do, per kind, school and class, and answers what the guards ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, select

from gateway.store.rosters.shapes import SHAPES, Shape
from gateway.store.rosters.staging import ADDED, CHANGED, DANGLING, HELD, RETURNED, Area
from gateway.store.tables import classes, enrollments, orgs, roster_records, users
from providers.contract import KINDS, Kind

_r = roster_records.c


class Counts(NamedTuple):
    """Records of a kind: `known` stood before the sync; the rest is what the plan makes of them."""

    known: int = 0
    added: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0
    dangling: int = 0

    @property
    def untouched(self) -> int:
        """Records that stand as before."""
        return self.known - self.changed - self.gone


class Thinned(NamedTuple):
    """A school or a class that would lose `gone` of its `known` records of a kind."""

    kind: Kind
    sourced_id: str
    name: str
    gone: int
    known: int


def count(connection: Connection, area: Area) -> dict[Kind, Counts]:
    """Return the counts of each kind."""
    stands = (_r.roster_source_id == area.source.id, _r.is_gone.is_(False))
    known = _by_first(connection, select(_r.kind, func.count()).where(*stands).group_by(_r.kind))
    gone_table = area.tables.gone
    gone = _by_first(connection, select(gone_table.c.kind, func.count()).group_by(gone_table.c.kind))
    found: dict[Kind, Counts] = {}
    for kind in KINDS:
        staged = area.tables.records[kind]
        by_action = _by_first(connection, select(staged.c.action, func.count()).group_by(staged.c.action))
        found[kind] = Counts(
            known=known.get(kind, 0),
            added=by_action.get(ADDED, 0) + by_action.get("linked", 0),
            changed=by_action.get(CHANGED, 0),
            gone=gone.get(kind, 0),
            returned=by_action.get(RETURNED, 0),
            dangling=by_action.get(DANGLING, 0),
        )
    return found


def _by_first(connection: Connection, question: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(question)}


def school_names(connection: Connection, area: Area) -> dict[str, str]:
    """Return the names of the roster's orgs, those that are only staged too, by the source's id."""
    staged = area.tables.records["orgs"]
    known = select(_r.source_id, orgs.c.name).join(orgs, orgs.c.sourced_id == _r.sourced_id)
    mine = (_r.roster_source_id == area.source.id, _r.kind == "orgs", orgs.c.tenant_id == area.source.tenant_id)
    names = dict(connection.execute(known.where(*mine)).all())
    return names | dict(
        connection.execute(select(staged.c.source_id, staged.c.name).where(staged.c.name.isnot(None))).all()
    )


def by_school(connection: Connection, area: Area) -> dict[str, dict[Kind, dict[str, int]]]:
    """Return, by the school's source id, how many of each kind are added, changed, returned or gone."""
    schools, found = _source_ids(connection, area), dict[str, dict[Kind, dict[str, int]]]()
    for kind, shape in SHAPES.items():
        if shape.school is None:
            continue
        staged = area.tables.records[kind]
        school = staged.c[shape.school.named]
        counted = (
            select(school, staged.c.action, func.count()).where(school.isnot(None)).group_by(school, staged.c.action)
        )
        for source_id, action, number in connection.execute(counted):
            found.setdefault(source_id, {}).setdefault(kind, {})[action] = number
        for source_id, number in _gone_by_school(connection, area, shape, schools).items():
            found.setdefault(source_id, {}).setdefault(kind, {})["gone"] = number
    return found


def _source_ids(connection: Connection, area: Area) -> dict[str, str]:
    """Return the source's ids of its orgs by ours: there are few, so that big joins can do without them."""
    mine = (_r.roster_source_id == area.source.id, _r.kind == "orgs")
    return {row[0]: row[1] for row in connection.execute(select(_r.sourced_id, _r.source_id).where(*mine))}


def _gone_by_school(connection: Connection, area: Area, shape: Shape, schools: Mapping[str, str]) -> dict[str, int]:
    assert shape.school is not None
    table, gone = shape.table, area.tables.gone
    school = table.c[shape.school.column]
    counted = (
        select(school, func.count())
        .select_from(gone.join(table, table.c.sourced_id == gone.c.sourced_id))
        .where(gone.c.kind == shape.kind, table.c.tenant_id == area.source.tenant_id)
        .group_by(school)
    )
    return {schools[row[0]]: row[1] for row in connection.execute(counted) if row[0] in schools}


def _stands(area: Area, shape: Shape) -> list[ColumnElement[bool]]:
    """Rows of this kind that this source's roster keeps."""
    table = shape.table
    stands = [table.c.tenant_id == area.source.tenant_id, table.c.status == "active"]
    if shape.is_owned:
        stands.append(table.c.roster_source_id == area.source.id)
    if shape.is_told:
        stands.append(table.c.source == "roster")
    return stands


def thinned_schools(connection: Connection, area: Area, floor: int) -> list[Thinned]:
    """Return the schools that would lose more than `floor` records of a kind."""
    schools, names = _source_ids(connection, area), school_names(connection, area)
    found: list[Thinned] = []
    for shape in SHAPES.values():
        if shape.school is None:
            continue
        gone = _gone_by_school(connection, area, shape, schools)
        losing = {source_id: number for source_id, number in gone.items() if number > floor}
        if losing:
            school = shape.table.c[shape.school.column]
            known = select(school, func.count()).where(*_stands(area, shape)).group_by(school)
            found += [
                Thinned(shape.kind, source_id, names.get(source_id, ""), losing[source_id], number)
                for sourced_id, number in connection.execute(known)
                if (source_id := schools.get(sourced_id, "")) in losing
            ]
    return found


def thinned_classes(connection: Connection, area: Area, least: int) -> list[Thinned]:
    """Return the classes that stay, have `least` students or more and would lose some of them."""
    gone = area.tables.gone
    lost = (
        select(enrollments.c.class_sourced_id, func.count().label("gone"))
        .join(gone, and_(gone.c.kind == "enrollments", gone.c.sourced_id == enrollments.c.sourced_id))
        .where(enrollments.c.role == "student", enrollments.c.tenant_id == area.source.tenant_id)
        .group_by(enrollments.c.class_sourced_id)
        .having(func.count() * 2 > least)
        .subquery("lost")
    )
    goes = exists().where(gone.c.kind == "classes", gone.c.sourced_id == lost.c.class_sourced_id)
    whole = (
        select(classes.c.sourced_id, classes.c.title, lost.c.gone, func.count())
        .select_from(
            lost.join(classes, classes.c.sourced_id == lost.c.class_sourced_id).join(
                enrollments, enrollments.c.class_sourced_id == classes.c.sourced_id
            )
        )
        .where(*_stands(area, SHAPES["enrollments"]), enrollments.c.role == "student", ~goes)
        .group_by(classes.c.sourced_id, classes.c.title, lost.c.gone)
        .having(func.count() >= least)
    )
    return [Thinned("enrollments", row[0], row[1] or "", row[2], row[3]) for row in connection.execute(whole)]


def renamed(connection: Connection, area: Area, kind: Kind) -> int:
    """Return how many users or classes would get another name altogether."""
    staged, table = area.tables.records[kind], SHAPES[kind].table
    return connection.execute(
        select(func.count())
        .select_from(staged.join(table, table.c.sourced_id == staged.c.sourced_id))
        .where(
            table.c.tenant_id == area.source.tenant_id,
            staged.c.action.in_((CHANGED, RETURNED)),
            _renames(staged, table),
        )
    ).scalar_one()


def _renames(staged: Table, table: Table) -> ColumnElement[bool]:
    names = ("given_name", "family_name") if table is users else ("title",)
    return and_(*(staged.c[name].is_distinct_from(table.c[name]) for name in names))


def rekeyed(connection: Connection, area: Area, kind: Kind) -> int:
    """Return how many of those who would go are the same, by name, as somebody who would be added."""
    staged, table, gone = area.tables.records[kind], SHAPES[kind].table, area.tables.gone
    names = ("given_name", "family_name") if table is users else ("title",)
    again = exists().where(staged.c.action == ADDED, *(staged.c[name] == table.c[name] for name in names))
    return connection.execute(
        select(func.count())
        .select_from(gone.join(table, table.c.sourced_id == gone.c.sourced_id))
        .where(gone.c.kind == kind, table.c.tenant_id == area.source.tenant_id, again)
    ).scalar_one()


def hold_renames(connection: Connection, area: Area, kind: Kind) -> None:
    """Keep back the changes of a kind."""
    staged = area.tables.records[kind]
    connection.execute(staged.update().where(staged.c.action == CHANGED).values(action=HELD))


def hold_from(connection: Connection, area: Area, kind: Kind) -> None:
    """Keep back what is new of a kind, and everything of those kinds that may stand on it."""
    for each in KINDS[KINDS.index(kind) :]:
        staged = area.tables.records[each]
        new = (ADDED, RETURNED) if each == kind else (ADDED, RETURNED, CHANGED)
        connection.execute(staged.update().where(staged.c.action.in_(new)).values(action=HELD))
