"""A district's Roster Server: OneRoster 1.1 with headers and habits of its own."""

from __future__ import annotations

from providers.classlink.simulator_switches import ClassLinkSwitches
from providers.kit.simulator.roster_data import Record, Roster
from providers.kit.simulator.roster_provider import SimulatedRosterProvider


class RosterServer(SimulatedRosterProvider):
    """The kit's provider, as ClassLink runs it. `revision` stands for the permissioned data set as it is now."""

    def __init__(self, roster: Roster, switches: ClassLinkSwitches) -> None:
        super().__init__(roster, switches.of_server())
        self.own, self.revision = switches, 1000

    def follow(self, switches: ClassLinkSwitches) -> None:
        """Behave as the switches say."""
        self.own, self.switches = switches, switches.of_server()

    def count_request(self) -> int:
        """Return the number of the request that is about to be answered; the roster may move just now."""
        number = len(self.requests) + 1
        if number == self.own.moves_at:
            self.roster["users"][0]["givenName"] = "Renamed"
            self.roster["enrollments"].pop(0)
            self.revision += 1
        return number

    def visible(self) -> Roster:
        """Return what is shared with the application."""
        if self.own.unenrolled:
            return self.roster
        enrolled = {each["user"]["sourcedId"] for each in self.roster["enrollments"]}
        return self.roster | {"users": [each for each in self.roster["users"] if each["sourcedId"] in enrolled]}

    def _records(self, name: str) -> list[Record] | None:
        if name == "users":
            return self.visible()["users"]
        if name == "students" and self.own.teachers_in_students:
            return [each for each in self.roster["users"] if each["roles"][0]["role"] in {"student", "teacher"}]
        return super()._records(name)

    def _headers(self, url: str, offset: int, limit: int, total: int, is_struck: bool) -> dict[str, str]:
        headers = super()._headers(url, offset, limit, total, is_struck)
        headers |= {"x-count": str(max(min(limit, total - offset), 0)), "x-page-generation-time-ms": "365"}
        headers |= {"x-obfuscated": "false", "x-endpoint": url.rpartition("/")[2].partition("?")[0]}
        if self.own.perm_rev != "absent":
            moved = len(self.requests) if self.own.perm_rev == "changes" else 0
            headers["x-perm-rev"] = str(self.revision + moved)
        return headers
