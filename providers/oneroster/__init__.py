"""Any OneRoster 1.1 or 1.2 REST provider that has no room of its own."""

from providers.contract import Provider
from providers.oneroster.registration import REGISTRATION
from providers.oneroster.roster import ROSTER
from providers.oneroster.settings import OneRosterSettings

PROVIDER = Provider(
    key="oneroster",
    label="OneRoster REST provider",
    settings=OneRosterSettings,
    maintainer="Schoolgate",
    maturity="beta",
    roster=ROSTER,
    registration=REGISTRATION,
)
