"""Who sees what: a teacher their own classes and their schools' students, an administrator whole schools (E5)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.services.native.visits import Visitor
from gateway.store import Store
from gateway.store.classrooms.classes import Classroom, find_class, teaches
from gateway.store.classrooms.schools import School, schools_at
from gateway.store.native.accounts import find_holder

TEACHER, SCHOOL_ADMINISTRATOR, DISTRICT_ADMINISTRATOR = "teacher", "siteAdministrator", "districtAdministrator"


class NotThere(Exception):
    """There is no such thing, or it is not this person's to see: both look the same."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What visitors may see and change, asked anew for every request."""

    store: Store

    def schools(self, visitor: Visitor) -> list[School]:
        """Return the schools at which a visitor may make classes and add students."""
        own = visitor.orgs_as(TEACHER, SCHOOL_ADMINISTRATOR)
        return schools_at(self.store, visitor.tenant_id, own, visitor.orgs_as(DISTRICT_ADMINISTRATOR))

    def school(self, visitor: Visitor, school_id: str) -> School:
        """Return one of them. Raises NotThere."""
        for school in self.schools(visitor):
            if school.school_id == school_id:
                return school
        raise NotThere

    def governs(self, visitor: Visitor, school_id: str) -> bool:
        """Return whether a visitor is an administrator of this school."""
        if school_id in visitor.orgs_as(SCHOOL_ADMINISTRATOR):
            return True
        above = visitor.orgs_as(DISTRICT_ADMINISTRATOR)
        found = schools_at(self.store, visitor.tenant_id, (), above) if above else []
        return any(school.school_id == school_id for school in found)

    def classroom(self, visitor: Visitor, class_id: str) -> Classroom:
        """Return a class that a visitor teaches or governs. Raises NotThere."""
        found = find_class(self.store, visitor.tenant_id, class_id)
        if found is None or not visitor.is_staff:
            raise NotThere
        if teaches(self.store, visitor.tenant_id, class_id, visitor.user_id) or self.governs(visitor, found.school_id):
            return found
        raise NotThere

    def governs_as(self, tenant_id: str, user_id: str, school_id: str) -> bool:
        """Return whether a person, who is not here now, is an administrator of this school."""
        with self.store.statements() as connection:
            holder = find_holder(connection, tenant_id, user_id)
        roles = holder.roles if holder else ()
        above = [org for role, org in roles if role == DISTRICT_ADMINISTRATOR]
        own = [org for role, org in roles if role == SCHOOL_ADMINISTRATOR]
        return any(s.school_id == school_id for s in schools_at(self.store, tenant_id, own, above))
