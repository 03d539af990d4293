"""Brightspace by D2L, each school at its own address."""

from providers.brightspace import launch
from providers.brightspace.advice import ADVICE
from providers.brightspace.grades import GRADES
from providers.brightspace.members import MEMBERS
from providers.brightspace.registration import REGISTRATION
from providers.brightspace.settings import BrightspaceSettings
from providers.contract import Provider
from providers.kit.lti.pns import NoticeHandlers

PROVIDER = Provider(
    key="brightspace",
    label="Brightspace",
    settings=BrightspaceSettings,
    maintainer="Schoolgate",
    maturity="beta",
    launch=launch,
    members=MEMBERS,
    grades=GRADES,
    notices=NoticeHandlers(),
    registration=REGISTRATION,
    advice=ADVICE,
    family_codes=("desire2learn",),
)
