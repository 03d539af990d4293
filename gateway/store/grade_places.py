"""Where a class stands in the roster that brought it, and what that roster calls the people who are or were in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import and_, select

from gateway.store.engine import Store
from gateway.store.tables import classes, enrollments, roster_records, roster_sources


class RosterPlace(NamedTuple):
    """A class as its roster knows it. `people`: our sourcedId of each member -> the roster's id."""

    integration_id: str
    class_id: str
    people: Mapping[str, str]


_c, _e, _r, _s = classes.c, enrollments.c, roster_records.c, roster_sources.c


def roster_place(store: Store, class_id: str) -> RosterPlace | None:
    """Return where a class stands in its roster; None where no roster brought it.

    Records are found by the roster's ids alone, so each of these two questions walks through one kind of one roster:
    ask once for each run over a class, not for each score.
    """
    source = and_(_s.id == _c.roster_source_id, _s.tenant_id == _c.tenant_id)
    own = and_(_r.roster_source_id == _s.id, _r.kind == "classes", _r.sourced_id == _c.sourced_id)
    place = (
        select(_s.id, _s.tenant_id, _s.integration_id, _r.source_id)
        .select_from(classes.join(roster_sources, source).join(roster_records, own))
        .where(_c.sourced_id == class_id)
    )
    with store.statements() as connection:
        found = connection.execute(place).first()
        if found is None:
            return None
        members = select(_e.user_sourced_id).where(_e.class_sourced_id == class_id, _e.tenant_id == found.tenant_id)
        people = select(_r.sourced_id, _r.source_id).where(
            _r.roster_source_id == found.id, _r.kind == "users", _r.sourced_id.in_(members)
        )
        known = {str(row[0]): str(row[1]) for row in connection.execute(people)}
    return RosterPlace(str(found.integration_id), str(found.source_id), known)
