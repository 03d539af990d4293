"""The one place where hall, rooms and strong-room meet; time, network and keys come in here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from gateway.ground import Clock, Ground, lay_ground, utc_now
from gateway.jobs import Queue
from gateway.outbound import A_RECEIVER, WHILE_A_PERSON_WAITS, Limits, RoomHttp
from gateway.outbound.mail import FolderPost, NoPost, SmtpPost
from gateway.services.advice import administrator_sentence, provider_of
from gateway.services.api.callers import Callers
from gateway.services.api.repeating import Repeating
from gateway.services.class_members import ClassLists
from gateway.services.classes.parts import Classrooms
from gateway.services.connecting.desk import Desk, open_desk
from gateway.services.connecting.first_look import FirstLook
from gateway.services.connecting.invitations import Invitations
from gateway.services.deep_linking.answers import DeepLinkingAnswers
from gateway.services.entry import Entry
from gateway.services.events.door import Events, open_events
from gateway.services.grade_reading import GradeReading
from gateway.services.grade_sending import GradeSending
from gateway.services.grade_ways import GradeWays
from gateway.services.gradebook.gradebook import Gradebook
from gateway.services.integration_changes import IntegrationChanges
from gateway.services.integrations import Integrations
from gateway.services.jobs import Jobs
from gateway.services.ladder import Ladder
from gateway.services.late_ids import LateIds
from gateway.services.launch_record import LaunchRefused
from gateway.services.launches import Launches
from gateway.services.links import Links, RosterLock
from gateway.services.logins import Logins
from gateway.services.mail.letters import Letters
from gateway.services.mail.post import Post
from gateway.services.matches import Matches
from gateway.services.native.parts import Native
from gateway.services.native.passwords import Passwords
from gateway.services.newcomers import Newcomers
from gateway.services.notice_handlers import NoticeHandlers
from gateway.services.notices import Notices
from gateway.services.oidc.house import House
from gateway.services.oidc.logout import BackchannelLogout
from gateway.services.oidc.signer import KeyringSigner
from gateway.services.oneroster.counts import Counts
from gateway.services.oneroster.roster import RosterReading
from gateway.services.operators.sessions import OperatorSessions
from gateway.services.packages import Packages
from gateway.services.pairing import Pairing
from gateway.services.privacy import Privacy
from gateway.services.registrations import Registrations
from gateway.services.room_context import RoomContexts
from gateway.services.room_settings import RoomSettings
from gateway.services.routing import Routing
from gateway.services.schedules import Schedules
from gateway.services.shared_devices import SharedDevices
from gateway.services.sign_in_ways import SignInWays
from gateway.services.sign_ins import SignIns
from gateway.services.syncs import Syncs
from gateway.services.traces import Traces
from gateway.services.watched_folders import WatchedFolders
from gateway.settings import Settings
from gateway.store import Store, is_current
from gateway.store.backlog import Backlog, count_backlog
from keys.keyring import Keyring
from keys.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that is open while the gateway runs; web and cli take what they need from here."""

    settings: Settings
    store: Store
    now: Clock
    sealer: Sealer
    keyring: Keyring
    rooms: RoomSettings
    contexts: RoomContexts
    integrations: Integrations
    registrations: Registrations
    logins: Logins
    launches: Launches
    sign_ins: SignIns
    sign_in_ways: SignInWays
    house: House
    deep_linking: DeepLinkingAnswers
    syncs: Syncs
    schedules: Schedules
    packages: Packages
    watched_folders: WatchedFolders
    backchannel_logout: BackchannelLogout
    queue: Queue
    jobs: Jobs
    class_lists: ClassLists
    gradebook: Gradebook
    grade_sending: GradeSending
    notice_handlers: NoticeHandlers
    notices: Notices
    events: Events
    desk: Desk
    native: Native

    @property
    def pairing(self) -> Pairing:
        """What operators say about shared ids."""
        return Pairing(self.store, self.rooms, RosterLock(self.store), self.now)

    @property
    def integration_changes(self) -> IntegrationChanges:
        """What an operator adds to an integration."""
        return IntegrationChanges(self.store, self.rooms, self.now)

    @property
    def matches(self) -> Matches:
        """What a person decides about doubtful matches."""
        return Matches(self.store, RosterLock(self.store), self.now)

    @property
    def classrooms(self) -> Classrooms:
        """Classes, their codes, and students by hand and by list."""
        return Classrooms(self.native, self.sealer, self.jobs)

    @property
    def links(self) -> Links:
        """What was joined, and how it comes apart."""
        return Links(self.store, RosterLock(self.store), self.now)

    @property
    def privacy(self) -> Privacy:
        """What is kept about one person."""
        return Privacy(self.store, RosterLock(self.store), self.now)

    @property
    def callers(self) -> Callers:
        """Who may call /api/v1."""
        return Callers(self.house)

    @property
    def repeating(self) -> Repeating:
        """Calls of /api/v1 that may come twice."""
        return Repeating(self.store, self.sealer, self.now)

    @property
    def invitations(self) -> Invitations:
        """Invites as callers of /api/v1 make them."""
        return Invitations(self.store, self.desk.links, self.now)

    @property
    def roster_reading(self) -> RosterReading:
        """The roster as applications read it."""
        return RosterReading(self.store, self.settings.public_url, Counts(time.monotonic))

    @property
    def grade_reading(self) -> GradeReading:
        """What LMSs say of line items."""
        return GradeReading(self.store, self.grade_sending.ways)

    def backlog(self) -> Backlog:
        """Return how much work and how many scores wait."""
        return count_backlog(self.store, self.now())

    @property
    def traces(self) -> Traces:
        """Launches as operators read them."""
        return Traces(self.store, self.registrations, self.rooms)

    @property
    def operator_sessions(self) -> OperatorSessions:
        """Operators' way into the console."""
        return OperatorSessions(self.store, self.now)

    def is_ready(self) -> bool:
        """Return whether launches can be served: the database answers and has this version's tables."""
        try:
            return is_current(self.store)
        except Exception:
            return False

    def advise(self, refused: LaunchRefused) -> str:
        """Return what the administrator changes in the LMS that this launch came from."""
        provider = provider_of(refused.registration_id, self.registrations)
        return administrator_sentence(refused.failure.code, provider, self.rooms)

    def close(self) -> None:
        """Close the database, the queue and idle connections."""
        self.queue.close()
        self.events.close()
        self.store.close()


def open_gate(settings: Settings, *, now: Clock = utc_now, on_call: Callable[[str], None] | None = None) -> Gate:
    """Open everything. `on_call` is told the host of each outbound call."""
    ground = lay_ground(settings, now, on_call or (lambda _host: None))
    store, house = ground.store, House(ground.store, settings.public_url, now, KeyringSigner(ground.keyring))
    integrations = Integrations(store, ground.rooms, ground.key_sets, ground.contexts, now)
    queue, folder = Queue(settings.database_url, Path(settings.var)), Path(settings.var).absolute() / "packages"
    syncs, jobs = Syncs(store, ground.contexts, now, time.sleep), Jobs(store, now, queue.push)
    entry, packages = _open_entry(ground, jobs), Packages(store, ground.contexts, syncs, folder, now)
    return Gate(
        settings=settings,
        store=store,
        now=now,
        sealer=ground.sealer,
        keyring=ground.keyring,
        rooms=ground.rooms,
        contexts=ground.contexts,
        integrations=integrations,
        registrations=ground.registrations,
        logins=_open_logins(ground),
        launches=_open_launches(ground, entry),
        sign_ins=_open_sign_ins(ground, entry),
        sign_in_ways=SignInWays(store, ground.rooms),
        class_lists=entry.class_lists,
        gradebook=Gradebook(store, jobs, Repeating(store, ground.sealer, now), now),
        grade_sending=GradeSending(store, jobs, GradeWays(store, ground.contexts, ground.registrations), now),
        notice_handlers=entry.notice_handlers,
        notices=Notices(store, ground.registrations, ground.key_sets, jobs, now),
        house=house,
        deep_linking=_open_deep_linking(ground, house),
        backchannel_logout=BackchannelLogout(house, RoomHttp(ground.outbound, Limits())),
        syncs=syncs,
        schedules=Schedules(store, syncs, jobs, now),
        packages=packages,
        watched_folders=WatchedFolders(store, packages, now),
        events=open_events(jobs, ground.sealer, RoomHttp(ground.outbound, A_RECEIVER), settings.is_production),
        queue=queue,
        jobs=jobs,
        desk=_open_desk(ground, integrations, FirstLook(store, ground.contexts, syncs, jobs, now)),
        native=_open_native(ground, jobs, entry.routing),
    )


def _open_entry(on: Ground, jobs: Jobs) -> Entry:
    settings, lms = on.settings, (on.contexts, on.registrations, on.now)
    class_lists = ClassLists(on.store, jobs, *lms, timedelta(minutes=settings.members_minutes))
    handlers = NoticeHandlers(on.store, jobs, *lms, settings.public_url, settings.lti_notices)
    routing = Routing(on.store, on.now, settings.public_url)
    late_ids = LateIds(on.store, jobs, RosterLock(on.store, wait_seconds=0), on.now)
    return Entry(on.store, routing, class_lists, handlers, late_ids, settings.public_url)


def _open_logins(on: Ground) -> Logins:
    asks_storage = on.settings.cookieless == "storage"
    return Logins(on.store, on.registrations, on.sealer, on.now, on.settings.public_url, asks_storage=asks_storage)


def _open_launches(on: Ground, entry: Entry) -> Launches:
    return Launches(
        store=on.store,
        registrations=on.registrations,
        rooms=on.rooms,
        entry=entry,
        newcomers=Newcomers(on.store),
        key_sets=on.key_sets,
        ladder=Ladder(on.store, on.sealer, on.settings.is_https),
        now=on.now,
    )


def _open_sign_ins(on: Ground, entry: Entry) -> SignIns:
    return SignIns(
        store=on.store,
        registrations=on.registrations,
        contexts=replace(on.contexts, http=RoomHttp(on.outbound, WHILE_A_PERSON_WAITS)),
        entry=entry,
        newcomers=Newcomers(on.store),
        key_sets=on.key_sets,
        devices=SharedDevices(on.store, on.sealer),
        sealer=on.sealer,
        now=on.now,
        public_url=on.settings.public_url,
    )


def _open_deep_linking(on: Ground, house: House) -> DeepLinkingAnswers:
    return DeepLinkingAnswers(house, on.registrations, on.rooms, lambda claims: on.keyring.sign("lti", claims), on.now)


def _open_desk(on: Ground, integrations: Integrations, first_look: FirstLook) -> Desk:
    http = RoomHttp(on.outbound, WHILE_A_PERSON_WAITS)
    return open_desk(on.store, on.rooms, integrations, on.sealer, http, on.now, on.settings.public_url, first_look)


def _open_native(on: Ground, jobs: Jobs, routing: Routing) -> Native:
    settings = on.settings
    post: Post = NoPost()
    if settings.smtp_url:
        post = SmtpPost(settings.smtp_url, settings.mail_sender, on.now)
    elif not settings.is_production:
        post = FolderPost(Path(settings.var).absolute() / "mail", settings.mail_sender, on.now)
    letters = Letters(Path(settings.mail_templates), settings.product_name, settings.public_url)
    parts = (jobs, on.sealer, letters, post, settings.public_url, routing)
    return Native(on.store, on.rooms, Passwords(), on.now, *parts)
