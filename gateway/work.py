"""What background work there is: each kind by its name, and what runs by itself; services bring the handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.services import class_members, grade_sending, late_ids, notice_handlers, notices
from gateway.services.connecting import first_look
from gateway.services.events import sending
from gateway.services.jobs import Handler, Job, Work
from gateway.services.mail import mailing
from gateway.services.native import lost
from gateway.services.native_import import imports as student_imports
from gateway.services.schedules import RUN
from gateway.store.sessions import BACKCHANNEL_LOGOUT

if TYPE_CHECKING:
    from gateway.wiring import Gate

WATCH_SECONDS = 15  # a dropped file is taken when two looks found it the same


def work_of(gate: Gate) -> Work:
    """Return what a worker of this gate can do."""
    handlers: dict[str, Handler] = {
        "jobs.tidy": _tidy(gate),
        class_members.WORK: gate.class_lists.work,
        first_look.WORK: gate.desk.first_look.work,
        grade_sending.WORK: gate.grade_sending.work,
        grade_sending.SWEEP: gate.grade_sending.sweep,
        notices.WORK: gate.notices.work,
        notice_handlers.WORK: gate.notice_handlers.work,
        lost.CODE: gate.native.lost.find_code,
        lost.PASSWORD: gate.native.lost.find_password,
        mailing.WORK: gate.native.mailing.work,
        late_ids.WORK: gate.launches.entry.late_ids.work,
        BACKCHANNEL_LOGOUT: _tell_of_logout(gate),
        sending.WORK: gate.events.sending.work,
        RUN: gate.schedules.run,
        student_imports.WORK: gate.classrooms.writing.work,
        "syncs.schedule": _schedule(gate),
        "syncs.watch": _watch(gate),
    }
    every = {
        "jobs.tidy": 3600,
        "syncs.schedule": 60,
        "syncs.watch": WATCH_SECONDS,
        grade_sending.SWEEP: grade_sending.SWEEP_SECONDS,
    }
    return Work(handlers=handlers, every=every)


def _watch(gate: Gate) -> Handler:
    def watch(_job: Job) -> None:
        gate.watched_folders.look()

    return watch


def _schedule(gate: Gate) -> Handler:
    def schedule(_job: Job) -> None:
        gate.schedules.begin_due()

    return schedule


def _tell_of_logout(gate: Gate) -> Handler:
    def tell(job: Job) -> None:
        gate.backchannel_logout.tell(str(job.args["session_id"]))

    return tell


def _tidy(gate: Gate) -> Handler:
    def tidy(_job: Job) -> float | None:
        return 0 if gate.jobs.forget_failed() else None

    return tidy
