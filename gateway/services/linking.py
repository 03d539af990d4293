"""Finds or makes the person, class, link, roles and enrollment that a launch speaks of; a launch only ever adds.

Where a roster owns the person or the class, names and enrollments are the roster's alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from gateway.services.service_claims import service_changes
from gateway.store import Connection, people
from gateway.store.arrivals import Known
from providers.contract import Launch, LaunchContext, LaunchPerson


class Arrival(NamedTuple):
    """The rows a launch stands on; None where it names none (an anonymous person, a launch outside any class)."""

    user_id: str | None
    class_id: str | None
    link_row_id: str | None


class Changes(NamedTuple):
    """What the launch tells that is not stored yet."""

    profile: dict[str, Any]
    class_fields: dict[str, Any]
    link_fields: dict[str, Any]
    context_fields: dict[str, Any]
    ids: dict[str, str]
    roles: list[str]
    enrollments: list[str]
    needs_rows: bool

    @property
    def is_nothing(self) -> bool:
        """Return whether everything is stored already: the warm launch, which writes no roster row."""
        return not self.needs_rows and not any(self[:-1])


_OURS = {"name", "locale", "picture"}  # no roster tells these


def changes_of(launch: Launch, known: Known) -> Changes:
    """Compare a launch with what is stored. What the launch withholds is kept, never emptied."""
    if known.user_roster is not None or known.class_roster is not None:
        return _beside_a_roster(launch, known)
    return _told(launch, known)


def _beside_a_roster(launch: Launch, known: Known) -> Changes:
    changes = _told(launch, known)
    if known.user_roster is not None:
        changes = changes._replace(profile={name: changes.profile[name] for name in _OURS & changes.profile.keys()})
    if known.class_roster is not None:
        changes = changes._replace(class_fields={}, enrollments=[])
    return changes


def _told(launch: Launch, known: Known) -> Changes:
    context, link = launch.context, launch.resource_link
    class_told = {"title": context.title, "class_code": context.label} if context else {}
    link_told: dict[str, Any] = {"title": link.title} if link else {}
    of_course, of_link = service_changes(launch, known)
    stored_class = {"title": known.class_title, "class_code": known.class_code}
    return Changes(
        profile=_news_of_person(launch.person, known) if launch.subject else {},
        class_fields=_differing(class_told, stored_class),
        link_fields=_differing(link_told, {"title": known.link_title}) | of_link,
        context_fields=of_course | _late_id(launch, known),
        ids=_ids(launch, known),
        roles=_missing([str(role) for role in launch.roles.person], known.role_names) if launch.subject else [],
        enrollments=_missing_enrollments(launch, known),
        needs_rows=_needs_rows(launch, known),
    )


def _ids(launch: Launch, known: Known) -> dict[str, str]:
    """Return what the provider's own roster calls this person, where that is news."""
    told = launch.person.roster_id if launch.subject else None
    return {"roster_id": told} if told and told != known.roster_id else {}


def _late_id(launch: Launch, known: Known) -> dict[str, Any]:
    """Return the school's id of a class that its launches did not sign before, or signed otherwise."""
    if launch.context is None or known.has_context is None:
        return {}
    return _differing({"sis_id": sis_id_of(launch.context)}, {"sis_id": known.context_sis_id})


def tells_new_id(launch: Launch, known: Known) -> bool:
    """Return whether somebody, or a class, who was there without a roster comes with a signed id that is new."""
    person = known.user_id is not None and known.user_roster is None
    is_news = bool(launch.subject and launch.person.sourced_id and launch.person.sourced_id != known.identifier)
    is_news = is_news or bool(_ids(launch, known))
    return (person and is_news) or (known.class_roster is None and bool(_late_id(launch, known)))


def profile_of(person: LaunchPerson) -> dict[str, str | None]:
    """Return what is told of a person, by the columns of users; None where it is withheld."""
    return {
        "given_name": person.given_name,
        "middle_name": person.middle_name,
        "family_name": person.family_name,
        "name": person.name,
        "email": person.email,
        "identifier": person.sourced_id,
        "username": person.username,
        "locale": person.locale,
        "picture": person.picture,
    }


def _news_of_person(person: LaunchPerson, known: Known) -> dict[str, Any]:
    told = profile_of(person)
    return {name: value for name, value in told.items() if value is not None and value != getattr(known, name)}


def _differing(told: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None and value != stored[name]}


def _missing(wanted: list[str], stored: str | None) -> list[str]:
    have = stored.split(",") if stored else []
    return [role for role in wanted if role not in have]


def _missing_enrollments(launch: Launch, known: Known) -> list[str]:
    has_class = launch.context is not None or known.class_id is not None
    if launch.subject is None or launch.roles.is_test_user or not has_class:
        return []
    return _missing([str(role) for role in launch.roles.enrollment], known.enrollment_roles)


def _needs_rows(launch: Launch, known: Known) -> bool:
    return bool(
        (launch.subject is not None and known.user_id is None)
        or (launch.context is not None and known.has_context is None)
        or (launch.resource_link is not None and known.link_row_id is None)
    )


def arrive(connection: Connection, launch: Launch, known: Known, at: datetime) -> Arrival:
    """Write what is new, in the caller's transaction.

    Raises:
        people.Collision: another launch made the same row just now; roll back and do it all again.
    """
    tenant_id, org_id = known.tenant_id, known.org_id
    assert tenant_id is not None  # the launch's deployment was accepted into an integration
    assert org_id is not None
    changes = changes_of(launch, known)
    user_id = _user(connection, launch, known, changes, at)
    class_id = _class(connection, launch, known, changes, at)
    if launch.context is not None and changes.context_fields:
        people.change_context(
            connection, tenant_id, str(known.deployment_row_id), launch.context.id, changes.context_fields
        )
    link_row_id = _link(connection, launch, known, changes, class_id, at)
    if user_id is not None:
        for role in changes.roles:
            is_primary = not known.role_names and role == changes.roles[0]
            people.add_role(
                connection, tenant_id=tenant_id, user_id=user_id, org_id=org_id, role=role, is_primary=is_primary,
                is_told=known.user_id is not None, at=at,
            )  # fmt: skip
    if user_id is not None and class_id is not None:
        for role in changes.enrollments:
            people.add_enrollment(
                connection,
                tenant_id=tenant_id,
                user_id=user_id,
                class_id=class_id,
                school_id=org_id,
                role=role,
                at=at,
            )
    return Arrival(user_id, class_id, link_row_id)


def _user(connection: Connection, launch: Launch, known: Known, changes: Changes, at: datetime) -> str | None:
    if launch.subject is None:
        return None
    if known.user_id is None:
        return people.add_user(
            connection,
            tenant_id=str(known.tenant_id),
            integration_id=str(known.integration_id),
            subject=launch.subject,
            profile=changes.profile,
            roster_id=launch.person.roster_id,
            at=at,
        )
    if changes.profile:
        people.change_user(connection, str(known.tenant_id), known.user_id, changes.profile, at)
    sis_id = changes.profile.get("identifier")
    if ids := changes.ids | ({"sis_id": sis_id} if sis_id else {}):
        people.change_ids(connection, str(known.tenant_id), str(known.integration_id), launch.subject, ids)
    return known.user_id


def sis_id_of(context: LaunchContext) -> str | None:
    """Return the school's own id of a launch's class: its section, or else its course."""
    return context.section_sourced_id or context.course_sourced_id


def record_ref_of(context: LaunchContext) -> str | None:
    """Return what its own roster calls a launch's class: ``classes/7``, or ``courses/5`` for its only one."""
    if context.roster_class_id is not None:
        return f"classes/{context.roster_class_id}"
    return None if context.roster_course_id is None else f"courses/{context.roster_course_id}"


def _class(connection: Connection, launch: Launch, known: Known, changes: Changes, at: datetime) -> str | None:
    if launch.context is None:
        return known.class_id  # a withheld context: the link remembers its class
    if known.has_context is None:
        return people.add_class(
            connection,
            tenant_id=str(known.tenant_id),
            school_id=str(known.org_id),
            deployment_row_id=str(known.deployment_row_id),
            context_id=launch.context.id,
            fields=changes.class_fields,
            sis_id=sis_id_of(launch.context),
            record_ref=record_ref_of(launch.context),
            at=at,
        )
    if changes.class_fields:
        people.change_class(connection, str(known.tenant_id), str(known.class_id), changes.class_fields, at)
    return known.class_id


def _link(
    connection: Connection, launch: Launch, known: Known, changes: Changes, class_id: str | None, at: datetime
) -> str | None:
    if launch.resource_link is None:
        return None
    if known.link_row_id is None:
        return people.add_link(
            connection,
            tenant_id=str(known.tenant_id),
            deployment_row_id=str(known.deployment_row_id),
            resource_link_id=launch.resource_link.id,
            fields=changes.link_fields,
            class_id=class_id,
            at=at,
        )
    if changes.link_fields:
        people.change_link(connection, str(known.tenant_id), known.link_row_id, changes.link_fields)
    return known.link_row_id
