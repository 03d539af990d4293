"""A simulated OneRoster REST provider: a foreign house whose every quirk of paging, load and writing is a switch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from providers.kit.simulator.roster_auth import Doorkeeper
from providers.kit.simulator.roster_data import Record, Roster, made_up_roster
from providers.kit.simulator.roster_nested import kind_of, nested_records
from providers.kit.simulator.roster_pages import shaped
from providers.kit.simulator.roster_switches import RosterSwitches
from providers.kit.simulator.roster_writing import written

ROOTS: Final = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}
TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - a path
_FILTER: Final = re.compile(r"dateLastModified\s*>\s*'([^']+)'")
_PARTS: Final = {
    "schools": ("orgs", "type", {"school"}),
    "terms": ("academicSessions", "type", {"term"}),
    "gradingPeriods": ("academicSessions", "type", {"gradingPeriod"}),
    "students": ("users", "role", {"student"}),
    "teachers": ("users", "role", {"teacher"}),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider sends back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class SimulatedRosterProvider:
    """Serves `roster` by the book, but for what `switches` say. `requests` keeps what it was asked: path and query."""

    def __init__(self, roster: Roster | None = None, switches: RosterSwitches | None = None) -> None:
        self.roster = roster if roster is not None else made_up_roster()
        self._switches = switches or RosterSwitches()
        self.doorkeeper = Doorkeeper(self._switches)
        self.requests: list[str] = []
        self._has_shifted = False

    @property
    def switches(self) -> RosterSwitches:
        """How it behaves."""
        return self._switches

    @switches.setter
    def switches(self, switches: RosterSwitches) -> None:
        self._switches = self.doorkeeper.switches = switches
        self.requests.clear()

    def answer(self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> Sent:
        """Answer one request for an absolute address."""
        parts = urlsplit(url)
        if parts.path == TOKEN_PATH and method == "POST":
            status, body = self.doorkeeper.token(url, headers, form)
            return _json(status, body)
        self.requests.append(f"{parts.path}?{parts.query}")
        root = f"{ROOTS[self.switches.version]}/"
        if not parts.path.startswith(root):
            return Sent(404, b"<html><title>Not found</title></html>")
        name = parts.path.removeprefix(root)
        if refusal := self._refusal(method, url, headers, {name, kind_of(name)}):
            return refusal
        if missing := self.switches.missing.get(name) or self.switches.missing.get(kind_of(name)):
            return _error(missing, "unknownobject")
        records = nested_records(self.roster, name) if "/" in name else self._records(name)
        if records is None:
            return _error(404, "unknownobject")
        return self._collection(name, records, url)

    def _refusal(self, method: str, url: str, headers: Mapping[str, str], names: set[str]) -> Sent | None:
        number, switches = len(self.requests), self.switches
        if number <= len(switches.busy):
            status, retry_after = switches.busy[number - 1]
            return Sent(status, b"busy", {"Retry-After": retry_after} if retry_after else {})
        if not self.doorkeeper.lets_in(method, url, headers) or 0 < switches.refuses_from <= number:
            return _error(401, "unauthorisedrequest")
        if names & switches.forbidden:
            return _error(403, "forbidden")
        if 0 < switches.bad_gateway_above < int(dict(parse_qsl(urlsplit(url).query)).get("limit", 100)):
            return Sent(502, b"<html><title>502 Bad Gateway</title></html>")
        return None

    def _records(self, name: str) -> list[Record] | None:
        if name in self.roster:
            return self.roster[name]
        if name not in _PARTS:
            return None
        whole, member, wanted = _PARTS[name]
        if member == "role":
            return [each for each in self.roster[whole] if {role["role"] for role in each["roles"]} & wanted]
        return [each for each in self.roster[whole] if each[member] in wanted]

    def _collection(self, name: str, records: list[Record], url: str) -> Sent:
        query, switches = dict(parse_qsl(urlsplit(url).query)), self.switches
        if "filter" in query and switches.filter == "refused":
            return _error(400, "invalid_filter_field")
        if "filter" in query and switches.filter == "right" and (found := _FILTER.search(query["filter"])):
            records = [each for each in records if each.get("dateLastModified", "") > found[1]]
        is_struck = switches.fault_in in (name, kind_of(name))
        offset = 0 if switches.ignores_offset and is_struck else int(query.get("offset", 0))
        limit = min(int(query.get("limit", switches.default_page)), switches.page_cap)
        if switches.shifts and is_struck and offset and "filter" not in query:
            if switches.shifts == "once" and not self._has_shifted:
                del self.roster[name][0]
            self._has_shifted = True
            records = self.roster[name] if switches.shifts == "once" else records[1:]
        if offset >= len(records) and offset and switches.beyond_the_end != "empty":
            return _error(int(switches.beyond_the_end), "invaliddata")
        page = [written(each, switches) for each in records[offset : offset + limit]]
        if switches.page == "repeated" and is_struck and limit <= offset < 2 * limit:
            page = [written(each, switches) for each in records[:limit]]
        is_last = offset + limit >= len(records)
        body = shaped(_envelope(name), page, switches.page if is_struck else "whole", is_last=is_last)
        return Sent(200, body, {**self._headers(url, offset, limit, len(records), is_struck), **_type(switches.page)})

    def _headers(self, url: str, offset: int, limit: int, total: int, is_struck: bool) -> dict[str, str]:
        switches, headers = self.switches, {}
        counts = {"right": total, "high": total + 7, "low": max(total - 7, 1), "first_page": limit}
        if not is_struck and switches.count not in ("none", "right"):
            counts[switches.count] = total
        if switches.count != "none":
            headers["X-Total-Count"] = str(counts[switches.count])
        if switches.revision_changes:
            headers["x-perm-rev"] = str(len(self.requests))
        if link := self._link(url, offset, limit, total):
            headers["Link"] = f'<{link}>; rel="next", <{url}>; rel="first"'
        return headers

    def _link(self, url: str, offset: int, limit: int, total: int) -> str:
        links, following = self.switches.links, offset + limit
        if links == "none" or (following >= total and links not in ("loop", "same")):
            return ""
        if links == "cut" and offset:
            return ""
        if links == "same":
            return url
        if links == "loop" and following >= total:
            following = 0
        parts = urlsplit(url)
        query = urlencode({**dict(parse_qsl(parts.query)), "limit": limit, "offset": following})
        starts = {
            "relative": parts.path,
            "http": f"http://{parts.hostname}{parts.path}",
            "other_host": f"https://elsewhere.example{parts.path}",
        }
        return f"{starts.get(links, f'{parts.scheme}://{parts.netloc}{parts.path}')}?{query}"


def _envelope(name: str) -> str:
    last = name.rpartition("/")[2]
    return _PARTS[last][0] if last in _PARTS else last


def _type(page: str) -> dict[str, str]:
    return {"Content-Type": "text/html" if page in ("html", "marked") else "application/json"}


def _json(status: int, body: Any) -> Sent:
    return Sent(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: str) -> Sent:
    minor = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": code}
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_CodeMinor": {"imsx_codeMinorField": [minor]},
    }
    return _json(status, body)
