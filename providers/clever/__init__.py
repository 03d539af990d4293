"""Clever: single sign-on for schools, and rosters by Secure Sync."""

from providers.clever.advice import ADVICE
from providers.clever.registration import REGISTRATION
from providers.clever.roster import ROSTER
from providers.clever.settings import CleverSettings
from providers.clever.sign_in import SIGN_IN
from providers.contract import Provider

PROVIDER = Provider(
    key="clever",
    label="Clever",
    settings=CleverSettings,
    maintainer="Schoolgate",
    maturity="beta",
    sign_in=SIGN_IN,
    roster=ROSTER,
    registration=REGISTRATION,
    advice=ADVICE,
)
