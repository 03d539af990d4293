"""Moodle, wherever a school or its host runs it; Totara, Open LMS and MoodleCloud speak the same."""

from providers.contract import Provider
from providers.moodle import launch
from providers.moodle.advice import ADVICE
from providers.moodle.grades import GRADES
from providers.moodle.members import MEMBERS
from providers.moodle.registration import REGISTRATION
from providers.moodle.settings import MoodleSettings

PROVIDER = Provider(
    key="moodle",
    label="Moodle",
    settings=MoodleSettings,
    maintainer="Schoolgate",
    maturity="beta",
    launch=launch,
    members=MEMBERS,
    grades=GRADES,
    registration=REGISTRATION,
    advice=ADVICE,
    family_codes=("moodle",),
)
