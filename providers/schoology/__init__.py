"""Schoology by PowerSchool: one platform for all districts, whose contexts are sections."""

from providers.contract import Provider
from providers.schoology import deep_linking, launch, roster, roster_grades
from providers.schoology.advice import ADVICE
from providers.schoology.grades import GRADES
from providers.schoology.members import MEMBERS
from providers.schoology.registration import REGISTRATION
from providers.schoology.settings import SchoologySettings

PROVIDER = Provider(
    key="schoology",
    label="Schoology",
    settings=SchoologySettings,
    maintainer="Schoolgate",
    maturity="beta",
    launch=launch,
    roster=roster,
    members=MEMBERS,
    grades=GRADES,
    roster_grades=roster_grades,
    registration=REGISTRATION,
    deep_linking=deep_linking,
    advice=ADVICE,
    family_codes=("schoology",),
)
