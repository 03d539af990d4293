"""The 5 operations of OneRoster 1.2's Resources service, whose lists are empty: nobody's resources are kept."""

from __future__ import annotations

from typing import Final

from gateway.services.oneroster.service import SCOPE, Operation, Service

BASE: Final = "/ims/oneroster/resources/v1p2"
CORE: Final = SCOPE + "resource-core.readonly"
READ: Final = SCOPE + "resource.readonly"

RESOURCES: Final = Service(
    title="OneRoster Resources Service",
    base=BASE,
    names=("onerosterv1p2resourcesservice_openapi3_v1p0.json", "imsorv1p2_resources_openapi3_v1p0.json"),
    scopes={CORE: "Read all resources and single ones.", READ: "Read everything."},
    operations=(
        Operation("getResourcesForClass", "/classes/{classSourcedId}/resources", (READ,)),
        Operation("getResourcesForCourse", "/courses/{courseSourcedId}/resources", (READ,)),
        Operation("getAllResources", "/resources", (READ, CORE)),
        Operation("getResource", "/resources/{sourcedId}", (READ, CORE)),
        Operation("getResourcesForUser", "/users/{userSourcedId}/resources", (READ,)),
    ),
)
