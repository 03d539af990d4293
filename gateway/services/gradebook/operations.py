"""The 27 operations of OneRoster 1.2's Gradebook service, without those of assessments, which nobody hands in."""

from __future__ import annotations

from typing import Final

from gateway.services.oneroster.service import SCOPE, Operation, Service

BASE: Final = "/ims/oneroster/gradebook/v1p2"
CORE: Final = SCOPE + "gradebook-core.readonly"
READ: Final = SCOPE + "gradebook.readonly"
PUT: Final = SCOPE + "gradebook.createput"
POST: Final = SCOPE + "gradebook.createpost"
DELETE: Final = SCOPE + "gradebook.delete"

_OWN: Final = {
    "categories": ("getAllCategories", "getCategory", "putCategory", "deleteCategory"),
    "lineItems": ("getAllLineItems", "getLineItem", "putLineItem", "deleteLineItem"),
    "results": ("getAllResults", "getResult", "putResult", "deleteResult"),
    "scoreScales": ("getAllScoreScales", "getScoreScale", "putScoreScale", "deleteScoreScale"),
}
_WITHIN: Final = {
    "getCategoriesForClass": "/classes/{classSourcedId}/categories",
    "getLineItemsForClass": "/classes/{classSourcedId}/lineItems",
    "getResultsForLineItemForClass": "/classes/{classSourcedId}/lineItems/{lineItemSourcedId}/results",
    "getResultsForClass": "/classes/{classSourcedId}/results",
    "getScoreScalesForClass": "/classes/{classSourcedId}/scoreScales",
    "getResultsForStudentForClass": "/classes/{classSourcedId}/students/{studentSourcedId}/results",
    "getScoreScalesForSchool": "/schools/{schoolSourcedId}/scoreScales",
}
_POSTS: Final = {
    "postResultsForAcademicSessionForClass": (
        "/classes/{classSourcedId}/academicSessions/{academicSessionSourcedId}/results"
    ),
    "postLineItemsForClass": "/classes/{classSourcedId}/lineItems",
    "postResultsForLineItem": "/lineItems/{lineItemSourcedId}/results",
    "postLineItemsForSchool": "/schools/{schoolSourcedId}/lineItems",
}


def _of_own(collection: str) -> list[Operation]:
    every, one, put, delete = _OWN[collection]
    path = f"/{collection}/{{sourcedId}}"
    return [
        Operation(every, f"/{collection}", (READ, CORE)),
        Operation(one, path, (READ, CORE)),
        Operation(put, path, (PUT,), "PUT"),
        Operation(delete, path, (DELETE,), "DELETE"),
    ]


GRADEBOOK: Final = Service(
    title="OneRoster Gradebook Service",
    base=BASE,
    names=("onerosterv1p2gradebookservice_openapi3_v1p0.json", "imsorv1p2_gradebook_openapi3_v1p0.json"),
    scopes={
        CORE: "Read whole collections and single objects.",
        READ: "Read everything.",
        PUT: "Make and replace objects under ids of your own.",
        POST: "Make objects whose ids are given to them.",
        DELETE: "Delete objects.",
    },
    operations=(
        *(operation for collection in _OWN for operation in _of_own(collection)),
        *(Operation(id, path, (READ,)) for id, path in _WITHIN.items()),
        *(Operation(id, path, (POST,), "POST") for id, path in _POSTS.items()),
    ),
    among={"students": "members"},  # who has left has results, too
    own_ids=frozenset({"sourcedId", "lineItemSourcedId"}),
)
