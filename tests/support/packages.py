"""A small good OneRoster CSV package as text, to be spoiled in one way at a time, and what a reading of it tells."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from providers.contract import BadData, Batch, Fault, Finished, Kind
from providers.kit.oneroster.csv.columns import Version, files_of
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import open_package
from providers.kit.oneroster.csv.reader import Reading
from providers.kit.oneroster.csv.writer import manifest_rows

Files = dict[str, bytes]
CASE = f"urn:uuid:{UUID(int=1)}"
MOMENT = "2026-09-01T06:00:00.000Z"

# One or two records of each file, by column; columns that are not named are blank.
RECORDS: dict[str, list[dict[str, str]]] = {
    "orgs": [
        {"sourcedId": "d1", "name": "District", "type": "district"},
        {"sourcedId": "s1", "name": "School", "type": "school", "parentSourcedId": "d1"},
    ],
    "academicSessions": [
        {
            "sourcedId": "y1", "title": "2026-27", "type": "schoolYear", "startDate": "2026-08-01",
            "endDate": "2027-08-01", "schoolYear": "2027",
        },
        {
            "sourcedId": "t1", "title": "Fall", "type": "term", "startDate": "2026-08-01", "endDate": "2027-01-01",
            "parentSourcedId": "y1", "schoolYear": "2027",
        },
    ],
    "courses": [
        {
            "sourcedId": "c1", "schoolYearSourcedId": "y1", "title": "Algebra", "orgSourcedId": "d1",
            "subjects": "Math", "subjectCodes": "02", "grades": "09,10",
        }
    ],
    "classes": [
        {
            "sourcedId": "k1", "title": "Algebra, 1st period", "courseSourcedId": "c1", "classType": "scheduled",
            "schoolSourcedId": "s1", "termSourcedIds": "y1,t1",
        }
    ],
    "users": [
        {
            "sourcedId": "u1", "enabledUser": "true", "username": "ada", "userIds": "{SIS:1},{LDAP:a}",
            "givenName": "Ada", "familyName": 'L"ace', "primaryOrgSourcedId": "s1",
        },
        {
            "sourcedId": "u2", "enabledUser": "false", "username": "bob", "givenName": "Bób", "familyName": "Å",
            "agentSourcedIds": "u1",
        },
    ],
    "roles": [
        {
            "sourcedId": "r1", "userSourcedId": "u1", "roleType": "primary", "role": "teacher", "orgSourcedId": "s1",
            "userProfileSourcedId": "p1",
        },
        {
            "sourcedId": "r2", "userSourcedId": "u2", "roleType": "primary", "role": "ext:visitor",
            "orgSourcedId": "s1",
        },
    ],
    "enrollments": [
        {
            "sourcedId": "e1", "classSourcedId": "k1", "schoolSourcedId": "s1", "userSourcedId": "u1",
            "role": "teacher", "primary": "true", "beginDate": "2026-08-01",
        }
    ],
    "demographics": [{"sourcedId": "u1", "birthDate": "2012-02-29", "sex": "ext:x", "asian": "true"}],
    "userProfiles": [
        {
            "sourcedId": "p1", "userSourcedId": "u1", "profileType": "LMS", "vendorId": "v", "credentialType": "pw",
            "username": "ada", "password": "secret-word",
        }
    ],
    "categories": [{"sourcedId": "g1", "title": "Homework", "weight": "50"}],
    "lineItems": [
        {
            "sourcedId": "l1", "title": "Essay", "assignDate": "2026-09-01", "dueDate": "2026-09-08",
            "classSourcedId": "k1", "categorySourcedId": "g1", "academicSessionSourcedId": "t1",
            "resultValueMin": "0", "resultValueMax": "10.5", "schoolSourcedId": "s1",
        }
    ],
    "results": [
        {
            "sourcedId": "x1", "lineItemSourcedId": "l1", "studentSourcedId": "u1", "scoreStatus": "fully graded",
            "score": "9", "scoreDate": "2026-09-09", "late": "false",
        }
    ],
    "scoreScales": [
        {
            "sourcedId": "h1", "title": "A-F", "type": "t", "orgSourcedId": "s1", "courseSourcedId": "c1",
            "classSourcedId": "k1", "scoreScaleValue": "{A:90},{B:80}",
        }
    ],
    "lineItemLearningObjectiveIds": [
        {"sourcedId": "o1", "lineItemSourcedId": "l1", "source": "case", "learningObjectiveId": CASE}
    ],
    "lineItemScoreScales": [{"sourcedId": "i1", "lineItemSourcedId": "l1", "scoreScaleSourcedId": "h1"}],
    "resultLearningObjectiveIds": [
        {"sourcedId": "o2", "resultSourcedId": "x1", "source": "unknown", "learningObjectiveId": "2", "score": "1"}
    ],
    "resultScoreScales": [{"sourcedId": "i2", "resultSourcedId": "x1", "scoreScaleSourcedId": "h1"}],
    "resources": [{"sourcedId": "m1", "vendorResourceId": "b", "roles": "student,teacher", "importance": "primary"}],
    "classResources": [{"sourcedId": "m2", "classSourcedId": "k1", "resourceSourcedId": "m1"}],
    "courseResources": [{"sourcedId": "m3", "courseSourcedId": "c1", "resourceSourcedId": "m1"}],
    "userResources": [{"sourcedId": "m4", "userSourcedId": "u1", "resourceSourcedId": "m1"}],
}  # fmt: skip
RECORDS_1_1: dict[str, list[dict[str, str]]] = {
    "users": [
        {
            "sourcedId": "u1", "enabledUser": "true", "orgSourcedIds": "s1,d1", "role": "administrator",
            "username": "ada", "givenName": "Ada", "familyName": "Lace",
        },
        {
            "sourcedId": "u2", "enabledUser": "true", "orgSourcedIds": "s1", "role": "student", "username": "bob",
            "givenName": "Bob", "familyName": "B",
        },
    ],
    "demographics": [{"sourcedId": "u1", "sex": "female"}],
    "lineItems": [
        {
            "sourcedId": "l1", "title": "Essay", "assignDate": "2026-09-01", "dueDate": "2026-09-08",
            "classSourcedId": "k1", "categorySourcedId": "g1", "gradingPeriodSourcedId": "t1",
            "resultValueMin": "0", "resultValueMax": "10",
        }
    ],
}  # fmt: skip
ROSTER = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")


def cell(text: str) -> str:
    """Return a cell as CSV wants it."""
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if any(sign in text for sign in ',"\n\r') else text


def good(
    version: Version = "1.2", *, names: tuple[str, ...] | None = None, deltas: tuple[str, ...] = (), end: str = "\n"
) -> Files:
    """Return the files of a package without a fault. `names` are those it has (all), `deltas` those of changes."""
    columns = files_of(version)
    records = RECORDS if version == "1.2" else {**RECORDS, **RECORDS_1_1}
    held = [name for name in columns if names is None or name in names]
    files = {}
    for name in held:
        own = {"status": "active", "dateLastModified": MOMENT} if name in deltas else {}
        header = [column.name for column in columns[name]]
        rows = [",".join(cell((each | own).get(column, "")) for column in header) for each in records[name]]
        files[f"{name}.csv"] = "".join(line + end for line in (",".join(header), *rows)).encode()
    modes = {name: "delta" if name in deltas else "bulk" for name in held}
    rows = ["propertyName,value", *(",".join(row) for row in manifest_rows(modes, version))]
    return {"manifest.csv": "".join(row + end for row in rows).encode(), **files}


def replaced(files: Mapping[str, bytes], name: str, old: str, new: str) -> Files:
    """Return the files with one text in one of them replaced; it must be there."""
    assert old.encode() in files[name], f"{old!r} is not in {name}"
    return {**files, name: files[name].replace(old.encode(), new.encode(), 1)}


def spoiled(files: Mapping[str, bytes], name: str, column: str, value: str, *, row: int = 2) -> Files:
    """Return the files with another value in one cell, of the second row unless told otherwise."""
    import csv

    lines = files[name].decode().splitlines()
    header, cells = next(csv.reader([lines[0]])), next(csv.reader([lines[row - 1]]))
    cells[header.index(column)] = value
    lines[row - 1] = ",".join(map(cell, cells))
    return {**files, name: "".join(f"{line}\n" for line in lines).encode()}


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def zipped(files: Mapping[str, bytes], path: Path) -> Path:
    """Write the files into a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return path


@dataclass
class Told:
    """All that a reading told. `refused` is the code with which the whole was refused, if it was."""

    faults: list[Fault] = field(default_factory=list)
    records: dict[Kind, list[Any]] = field(default_factory=dict)
    finished: Finished | None = None
    refused: str | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """Return the codes of all faults."""
        return {fault.code for fault in self.faults}

    @property
    def lost(self) -> set[str]:
        """Return the codes of the faults that cost a record."""
        return {fault.code for fault in self.faults if fault.is_skipped}

    def ids(self, kind: Kind) -> list[str]:
        """Return the ids of a kind."""
        return [record.source_id for record in self.records.get(kind, [])]


def tell(path: Path, mode: Literal["strict", "liberal"] = "strict", **options: Any) -> Told:
    """Read the package at a path to its end."""
    told = Told()
    try:
        with open_package(path, 10**9) as package:
            for part in Reading(package, Options(mode=mode, **options)):
                told.faults += part.faults
                if isinstance(part, Batch):
                    told.records.setdefault(part.kind, []).extend(part.records)
                    told.unread += part.unread
                else:
                    told.finished = part
    except BadData as refused:
        told.refused = refused.code
    return told
