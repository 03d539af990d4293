"""Blackboard Learn, Ultra and Original, by Anthology."""

from providers.blackboard import launch
from providers.blackboard.advice import ADVICE
from providers.blackboard.grades import GRADES
from providers.blackboard.members import MEMBERS
from providers.blackboard.registration import REGISTRATION
from providers.blackboard.settings import BlackboardSettings
from providers.contract import Provider
from providers.kit.lti.course_groups import CourseGroups

PROVIDER = Provider(
    key="blackboard",
    label="Blackboard Learn",
    settings=BlackboardSettings,
    maintainer="Schoolgate",
    maturity="beta",
    launch=launch,
    members=MEMBERS,
    groups=CourseGroups(),
    grades=GRADES,
    registration=REGISTRATION,
    advice=ADVICE,
    family_codes=("BlackboardLearn",),
)
