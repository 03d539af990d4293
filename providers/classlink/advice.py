"""Per error code, what to change on ClassLink's own screens."""

from __future__ import annotations

ADVICE = {
    "sso.client_unknown": "In the Partner Portal, your application, OAuth2 configuration: the redirect URL must be the"
    " one that schoolgate integrations add printed, letter by letter.",
    "sso.client_refused": "In the Partner Portal, your application, OAuth2 configuration: copy client ID and client"
    " secret again.",
    "sso.code_refused": "In the Partner Portal, your application, OAuth2 configuration: compare the redirect URL letter"
    " by letter; a code is good for one address and five minutes.",
    "sso.provider_error": "Whoever declined on ClassLink's page of consent opens the tile again and agrees; the"
    " district chooses in its LaunchPad management console who has the tile.",
    "sso.district_missing": "The profile names no tenant: let the district look at this account in its console.",
    "sso.subject_missing": "The profile has neither SourcedId nor UserId: let the district look at this account in its"
    " console.",
    "sso.district_pending": "An operator accepts the district once; its tenant ID is under Clients, View By Tenant in"
    " the Partner Portal.",
    "sso.id_token_untrusted": "ClassLink's ID token does not fit our request; site_url must be the address at which its"
    " own discovery document names the issuer.",
}
