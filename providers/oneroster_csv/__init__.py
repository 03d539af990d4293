"""OneRoster CSV, the files that nearly every student information system can export."""

from providers.contract import Provider
from providers.oneroster_csv import roster
from providers.oneroster_csv.settings import OneRosterCsvSettings

PROVIDER = Provider(
    key="oneroster_csv",
    label="OneRoster CSV",
    settings=OneRosterCsvSettings,
    maintainer="Schoolgate",
    maturity="beta",
    roster=roster,
)
