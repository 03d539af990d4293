"""ClassLink: sign-in from LaunchPad, and rosters by Roster Server."""

from providers.classlink.advice import ADVICE
from providers.classlink.registration import REGISTRATION
from providers.classlink.roster import ROSTER
from providers.classlink.settings import ClassLinkSettings
from providers.classlink.sign_in import SIGN_IN
from providers.contract import Provider

PROVIDER = Provider(
    key="classlink",
    label="ClassLink",
    settings=ClassLinkSettings,
    maintainer="Schoolgate",
    maturity="beta",
    sign_in=SIGN_IN,
    roster=ROSTER,
    registration=REGISTRATION,
    advice=ADVICE,
)
