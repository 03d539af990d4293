"""Class members after a launch and on demand: asked for by a job, read through the room, applied when proven whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog

from gateway.services.class_plan import Counts, Seen, apply
from gateway.services.group_plan import apply_groups
from gateway.services.jobs import Job, Jobs
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_context import RoomContexts
from gateway.store import Store
from gateway.store.arrivals import Known
from gateway.store.class_services import Course, ask_members, courses_of, find_course, newest_link, note_reading
from gateway.store.integrations import find_integration
from gateway.store.people import Collision
from providers.contract import (
    BadData,
    ClassGroups,
    ClassMembers,
    Context,
    Failure,
    Launch,
    LtiService,
    Member,
    Members,
    MembersFinished,
    Misconfigured,
    Unavailable,
)
from providers.kit.lti import claims as names

WORK: Final = "classes.members"
FULL_EVERY: Final = timedelta(days=1)  # differences speed it up between whole readings, which are the truth
MOST_MEMBERS: Final = 200_000
TRIES: Final = 5
_log = structlog.get_logger("schoolgate.classes")


class ClassReading(NamedTuple):
    """How one reading of a class ended. `fault` is None, or why a part of it waits for a person."""

    course: str
    mode: str
    read: int
    skipped: int
    counts: Counts
    fault: str | None
    as_of: datetime

    def document(self) -> dict[str, Any]:
        """Return it for `--json`."""
        told = self._asdict()
        return told | asdict(told.pop("counts"))


@dataclass(frozen=True, slots=True)
class ClassLists:
    """Thread-safe. `every` is how old a class's member list may be when somebody launches from it."""

    store: Store
    jobs: Jobs
    contexts: RoomContexts
    registrations: Registrations
    now: Callable[[], datetime]
    every: timedelta

    def after_launch(self, launch: Launch, known: Known) -> None:
        """Ask for the class's members unless that was done lately. Never stops a launch."""
        if launch.context is None or known.class_roster is not None or names.NAMES_ROLES not in launch.services:
            return
        now, asked_at = self.now(), known.members_asked_at
        if asked_at is not None and now - asked_at < self.every:
            return
        try:
            place = {"deployment_row_id": str(known.deployment_row_id), "context_id": launch.context.id}
            row_id = ask_members(self.store, before=now - self.every, at=now, **place)
            if row_id is not None:
                self.jobs.enqueue(WORK, {"course": row_id}, key=f"{WORK}:{row_id}")
        except Exception as fault:
            _log.warning("class members were not asked for", fault=type(fault).__name__)

    def work(self, job: Job) -> None:
        """Read the members of one course; a failure that a person must mend is kept with the course."""
        course = find_course(self.store, str(job.args["course"]))
        if course is None or course.class_roster is not None:
            return
        with suppress(Misconfigured):  # kept with the course, for a person to see
            self.read(course)

    def sync(self, class_id: str, *, force: bool = False) -> list[ClassReading]:
        """Read the members of a class here and now. `force` ends also what would be held.

        Raises:
            Misconfigured: ``class.unknown``, ``class.rostered``, ``class.no_member_list``; and what a reading raises.
        """
        courses = courses_of(self.store, class_id)
        if not courses:
            raise Misconfigured("class.unknown", f"There is no class {class_id!r} that came from an LMS.")
        if courses[0].class_roster is not None:
            raise Misconfigured("class.rostered", "This class's members come from a roster; sync that instead.")
        return [self.read(course, force=force) for course in courses if course.members_url or len(courses) == 1]

    def read(self, course: Course, *, force: bool = False) -> ClassReading:
        """Read one course's members and apply what is proven."""
        try:
            return self._read(course, force)
        except Failure as failure:
            if not isinstance(failure, Unavailable):
                self._note(course, members_fault=failure.code)
            raise

    def _read(self, course: Course, force: bool) -> ClassReading:
        room, context, service = self._open(course)
        began = self.now()
        groups = self._groups(context, service, course)
        seen, end = self._changes(room, context, service, course, began, force, with_groups=groups is not None)
        counts = self._apply(course, seen, groups, force)
        fault = "members.held" if counts.held else "members.records_skipped" if seen.skipped else None
        told: dict[str, Any] = {"members_read_at": began, "members_fault": fault}
        if not counts.held:  # else the next reading is whole again
            told |= {"members_since": end.since} | ({"members_full_at": began} if end.mode == "full" else {})
        self._note(course, **told)
        return ClassReading(course.row_id, end.mode, len(seen.members), seen.skipped, counts, fault, began)

    def _open(self, course: Course) -> tuple[ClassMembers, Context[Any], LtiService]:
        integration = find_integration(self.store, course.integration_id) if course.integration_id else None
        if integration is None or integration.status != "active" or course.deployment_status != "active":
            raise Misconfigured("class.integration_off", "The integration of this class is switched off.")
        room = self.contexts.rooms.room(integration.provider).members
        if room is None or course.members_url is None:
            sentence = "This LMS offers no member list for the class: switch on names and roles for the tool there."
            raise Misconfigured("class.no_member_list", sentence)
        registration = self.registrations.with_id(course.registration_id)
        return room, self.contexts.open(integration), LtiService(endpoints_of(registration), course.deployment_id)

    def _changes(
        self,
        room: ClassMembers,
        context: Context[Any],
        service: LtiService,
        course: Course,
        began: datetime,
        force: bool,
        *,
        with_groups: bool,
    ) -> tuple[Seen, MembersFinished]:
        """Read the changes where the LMS tells them and the last whole reading is fresh; else everything.

        Who is in which group is told of everybody or not at all: changes leave it out.
        """
        full_at = course.members_full_at
        if (
            course.members_since
            and not with_groups
            and not force
            and full_at is not None
            and began - full_at < FULL_EVERY
        ):
            with suppress(BadData, Misconfigured):
                return _collect(room, context, service, course, began, since=course.members_since)
        return _collect(
            room, context, service, course, began, link_id=newest_link(self.store, course), groups=with_groups
        )

    def _groups(self, context: Context[Any], service: LtiService, course: Course) -> ClassGroups | None:
        """Read the groups of a class; a failure costs the member list nothing, changes no group and is kept."""
        room = self.contexts.rooms.room(str(course.provider)).groups if course.groups_url else None
        if room is None:
            return None
        try:
            found = room.read_groups(context, service, str(course.groups_url), course.group_sets_url)
        except Failure as failure:
            self._note(course, groups_fault=failure.code)
            return None
        return found

    def _apply(self, course: Course, seen: Seen, groups: ClassGroups | None, force: bool) -> Counts:
        for _ in range(TRIES):
            try:
                with self.store.transaction() as connection:
                    counts = apply(connection, course, seen, force=force, at=self.now())
                    if groups is not None:
                        apply_groups(connection, course, groups, seen, self.now())
                        note_reading(connection, course.row_id, groups_read_at=seen.began, groups_fault=None)
                    return counts
            except Collision:
                continue
        raise Unavailable("class.busy", "The class changes too often just now.", f"{TRIES} collisions in a row")

    def _note(self, course: Course, **told: Any) -> None:
        with self.store.statements() as connection:
            note_reading(connection, course.row_id, **told)


def _collect(
    room: ClassMembers,
    context: Context[Any],
    service: LtiService,
    course: Course,
    began: datetime,
    *,
    link_id: str | None = None,
    since: str | None = None,
    groups: bool = False,
) -> tuple[Seen, MembersFinished]:
    members: list[Member] = []
    skipped, end = 0, None
    asked = room.read_class(
        context, service, str(course.members_url), resource_link_id=link_id, since=since, groups=groups
    )
    for part in asked:
        if isinstance(part, MembersFinished):
            end = part
            continue
        assert isinstance(part, Members)
        members += part.members
        skipped += len(part.faults)
        if len(members) > MOST_MEMBERS:
            raise BadData("class.too_large", "The LMS's member list is longer than any class.")
    if end is None:
        raise BadData("class.list_unfinished", "The LMS's member list came to no end.")
    return Seen(members, end.mode == "full" and not skipped, began, skipped), end
