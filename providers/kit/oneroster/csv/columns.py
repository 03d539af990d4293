"""The columns of every file of both versions, in the specification's order (1.1.1 and 1.2.1 of 22 August 2023).

One text for each file: `name`, then `*` where a value is required (`!` where even a liberal reader can't do without
it), then `:shape` where it isn't plain text, then `>file` where it refers to records of that file. Every file begins
with sourcedId, status and dateLastModified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Version = Literal["1.1", "1.2"]

MANIFEST: Final = "manifest"
METADATA: Final = "metadata."
_SHARED: Final = "sourcedId!:guid status:status dateLastModified:dateTime"

_BOTH: Final = {
    "academicSessions": "title! type!:sessionType startDate!:date endDate!:date"
    " parentSourcedId:guid>academicSessions schoolYear*:year",
    "orgs": "name! type!:orgType identifier parentSourcedId:guid>orgs",
    "courses": "schoolYearSourcedId:guid>academicSessions title! courseCode grades:list orgSourcedId*:guid>orgs"
    " subjects:list subjectCodes:list",
    "classes": "title! grades:list courseSourcedId*:guid>courses classCode classType*:classType location"
    " schoolSourcedId!:guid>orgs termSourcedIds*:guids>academicSessions subjects:list subjectCodes:list periods:list",
    "enrollments": "classSourcedId!:guid>classes schoolSourcedId*:guid>orgs userSourcedId!:guid>users"
    " role!:enrollmentRole primary:boolean beginDate:date endDate:date",
    "resources": "vendorResourceId* title roles:resourceRoles importance:importance vendorId applicationId",
    "classResources": "title classSourcedId*:guid>classes resourceSourcedId*:guid>resources",
    "courseResources": "title courseSourcedId*:guid>courses resourceSourcedId*:guid>resources",
}
_RACES: Final = (
    "americanIndianOrAlaskaNative:boolean asian:boolean blackOrAfricanAmerican:boolean"
    " nativeHawaiianOrOtherPacificIslander:boolean white:boolean demographicRaceTwoOrMoreRaces:boolean"
    " hispanicOrLatinoEthnicity:boolean countryOfBirthCode stateOfBirthAbbreviation cityOfBirth"
    " publicSchoolResidenceStatus"
)
_NAMES: Final = (
    "enabledUser*:boolean {roles}username* userIds:userIds givenName* familyName* middleName identifier email"
)
_CONTACT: Final = " sms phone agentSourcedIds:guids>users grades:list password"

_OF_1_1: Final = {
    "users": _NAMES.replace("{roles}", "orgSourcedIds*:guids>orgs role*:role1 ") + _CONTACT,
    "demographics": f"birthDate:date sex:sex1 {_RACES}",
    "categories": "title*",
    "lineItems": "title* description assignDate*:date dueDate*:date classSourcedId*:guid>classes"
    " categorySourcedId*:guid>categories gradingPeriodSourcedId*:guid>academicSessions"
    " resultValueMin*:float resultValueMax*:float",
    "results": "lineItemSourcedId*:guid>lineItems studentSourcedId*:guid>users scoreStatus*:scoreStatus score*:float"
    " scoreDate*:date comment",
}
_OF_1_2: Final = {
    "users": _NAMES.replace("{roles}", "")
    + _CONTACT
    + " userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName"
    " primaryOrgSourcedId:guid>orgs pronouns",
    "roles": "userSourcedId!:guid>users roleType*:roleType role!:role beginDate:date endDate:date"
    " orgSourcedId!:guid>orgs userProfileSourcedId:guid>userProfiles",
    "demographics": f"birthDate:date sex:sex {_RACES}",
    "userProfiles": "userSourcedId*:guid>users profileType* vendorId* applicationId description credentialType*"
    " username* password",
    "categories": "title* weight:integer",
    "lineItems": "title* description assignDate*:date dueDate*:date classSourcedId*:guid>classes"
    " categorySourcedId*:guid>categories academicSessionSourcedId*:guid>academicSessions"
    " resultValueMin:float resultValueMax:float schoolSourcedId*:guid>orgs",
    "results": "lineItemSourcedId*:guid>lineItems studentSourcedId*:guid>users scoreStatus*:scoreStatus score:float"
    " scoreDate*:date comment textScore classSourcedId:guid>classes inProgress:boolean incomplete:boolean"
    " late:boolean missing:boolean",
    "scoreScales": "title* type* orgSourcedId*:guid>orgs courseSourcedId*:guid>courses classSourcedId*:guid>classes"
    " scoreScaleValue*:pairs",
    "lineItemLearningObjectiveIds": "lineItemSourcedId*:guid>lineItems source*:objectiveSource learningObjectiveId*",
    "lineItemScoreScales": "title lineItemSourcedId*:guid>lineItems scoreScaleSourcedId*:guid>scoreScales",
    "resultLearningObjectiveIds": "resultSourcedId*:guid>results source*:objectiveSource learningObjectiveId*"
    " score:float textScore",
    "resultScoreScales": "title resultSourcedId*:guid>results scoreScaleSourcedId*:guid>scoreScales",
    "userResources": "userSourcedId*:guid>users orgSourcedId:guid>orgs classSourcedId:guid>classes"
    " resourceSourcedId*:guid>resources",
}

# Each file may refer to those before it (and to itself): the order in which packages are read.
ORDER: Final = (
    "orgs", "academicSessions", "courses", "classes", "users", "userProfiles", "roles", "enrollments", "demographics",
    "resources", "classResources", "courseResources", "userResources", "categories", "lineItems", "scoreScales",
    "results", "lineItemScoreScales", "resultScoreScales", "lineItemLearningObjectiveIds", "resultLearningObjectiveIds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One standard column: whether a value is required, by the book or by need, its shape, its target."""

    name: str
    is_required: bool
    is_vital: bool
    shape: str
    refers_to: str | None


def _column(text: str) -> Column:
    name, _, shape = text.partition(":")
    shape, _, target = shape.partition(">")
    return Column(name.rstrip("*!"), name[-1] in "*!", name.endswith("!"), shape or "text", target or None)


@cache
def files_of(version: Version) -> Mapping[str, tuple[Column, ...]]:
    """Return the columns of each file that a version of the specification has, in reading order."""
    texts = _BOTH | (_OF_1_1 if version == "1.1" else _OF_1_2)
    return {
        name: tuple(_column(text) for text in f"{_SHARED} {texts[name]}".split()) for name in ORDER if name in texts
    }
