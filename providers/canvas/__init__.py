"""Canvas by Instructure, hosted or run by the school itself."""

from providers.canvas import launch, roster, roster_grades
from providers.canvas.advice import ADVICE
from providers.canvas.grades import GRADES
from providers.canvas.members import MEMBERS
from providers.canvas.registration import REGISTRATION
from providers.canvas.settings import CanvasSettings
from providers.contract import Provider
from providers.kit.lti.pns import NoticeHandlers

PROVIDER = Provider(
    key="canvas",
    label="Canvas",
    settings=CanvasSettings,
    maintainer="Schoolgate",
    maturity="beta",
    launch=launch,
    roster=roster,
    members=MEMBERS,
    grades=GRADES,
    roster_grades=roster_grades,
    notices=NoticeHandlers(),
    registration=REGISTRATION,
    advice=ADVICE,
    family_codes=("canvas",),
)
