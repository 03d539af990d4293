"""Any LTI 1.3 platform that has no room of its own."""

from providers.contract import Provider
from providers.kit.lti.ags import AssignmentsAndGrades
from providers.kit.lti.course_groups import CourseGroups
from providers.kit.lti.nrps import NamesAndRoles
from providers.kit.lti.pns import NoticeHandlers
from providers.lti import launch
from providers.lti.advice import ADVICE
from providers.lti.registration import REGISTRATION
from providers.lti.settings import LtiSettings

PROVIDER = Provider(
    key="lti",
    label="LTI 1.3 platform",
    settings=LtiSettings,
    maintainer="Schoolgate",
    maturity="beta",
    launch=launch,
    members=NamesAndRoles(),
    groups=CourseGroups(),
    grades=AssignmentsAndGrades(),
    notices=NoticeHandlers(),
    registration=REGISTRATION,
    advice=ADVICE,
)
