"""Per error code, what to change on Clever's own screens."""

from __future__ import annotations

ADVICE = {
    "sso.client_unknown": "In your Clever dashboard, Settings, Instant Login: the first redirect URL must be the one"
    " that schoolgate integrations add printed, letter by letter.",
    "sso.client_refused": "In your Clever dashboard, Settings, General: copy client ID and client secret again.",
    "sso.code_refused": "In your Clever dashboard, Settings, Instant Login: put our redirect URL first in the list;"
    " Clever sends portal sign-ins to the first one alone.",
    "sso.provider_error": "The district chooses in its own dashboard, under the application's sharing rules, who may"
    " use it; let it add this person.",
    "sso.district_missing": "Only people of a district come in: a teacher who took the application from Clever's"
    " library alone belongs to none.",
    "sso.district_pending": "An operator accepts the district once; its ID is on the district's page in your Clever"
    " dashboard.",
    "sso.id_token_untrusted": "Clever signs ID tokens once its support has enabled OpenID Connect for your application;"
    " ask it which issuer it uses.",
}
