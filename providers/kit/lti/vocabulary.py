"""The role and context vocabularies of LTI 1.3 (core specification, appendix A) as data, old spellings included."""

from __future__ import annotations

from typing import Final

LIS: Final = "http://purl.imsglobal.org/vocab/lis/v2/"  # http, not https: they are names, not addresses
CONTEXT: Final = LIS + "membership"
INSTITUTION: Final = LIS + "institution/person#"
SYSTEM: Final = LIS + "system/person#"
LEGACY_PERSON: Final = LIS + "person#"
TEST_USER: Final = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"  # vocab/lti, not vocab/lis

TEACHING_ASSISTANTS: Final = (
    "TeachingAssistant",
    "TeachingAssistantGroup",
    "TeachingAssistantOffering",
    "TeachingAssistantSection",
    "TeachingAssistantSectionAssociation",
    "TeachingAssistantTemplate",
)

# https://www.imsglobal.org/spec/lti/v1p3#lis-vocabulary-for-context-roles and -sub-roles
CONTEXT_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "Administrator": (
        "Administrator",
        "Developer",
        "ExternalDeveloper",
        "ExternalSupport",
        "ExternalSystemAdministrator",
        "Support",
        "SystemAdministrator",
    ),
    "ContentDeveloper": ("ContentDeveloper", "ContentExpert", "ExternalContentExpert", "Librarian"),
    "Instructor": (
        "ExternalInstructor",
        "Grader",
        "GuestInstructor",
        "Lecturer",
        "PrimaryInstructor",
        "SecondaryInstructor",
        *TEACHING_ASSISTANTS,
    ),
    "Learner": ("ExternalLearner", "GuestLearner", "Instructor", "Learner", "NonCreditLearner"),
    "Manager": ("AreaManager", "CourseCoordinator", "ExternalObserver", "Manager", "Observer"),
    "Member": ("Member",),
    "Mentor": (
        "Advisor",
        "Auditor",
        "ExternalAdvisor",
        "ExternalAuditor",
        "ExternalLearningFacilitator",
        "ExternalMentor",
        "ExternalReviewer",
        "ExternalTutor",
        "LearningFacilitator",
        "Mentor",
        "Reviewer",
        "Tutor",
    ),
    "Officer": ("Chair", "Communications", "Secretary", "Treasurer", "Vice-Chair"),
}

CONTEXT_TYPES: Final = ("CourseTemplate", "CourseOffering", "CourseSection", "Group")


def principal_uri(principal: str) -> str:
    """Full form of a context role: ``…/membership#Instructor``."""
    return f"{CONTEXT}#{principal}"


def sub_role_uri(principal: str, sub_role: str) -> str:
    """Full form of a context sub-role: ``…/membership/Instructor#TeachingAssistant``."""
    return f"{CONTEXT}/{principal}#{sub_role}"


def _spellings() -> dict[str, tuple[str, str | None]]:
    """Every accepted spelling of every context role -> (principal, sub-role)."""
    known: dict[str, tuple[str, str | None]] = {}
    for principal, sub_roles in CONTEXT_ROLES.items():
        urn = f"urn:lti:role:ims/lis/{principal}"
        known |= dict.fromkeys((principal_uri(principal), principal, urn), (principal, None))
        for sub_role in sub_roles:
            known[sub_role_uri(principal, sub_role)] = (principal, sub_role)
            # An LMS once wrote its path segment in lower case: membership/instructor#TeachingAssistant.
            known[sub_role_uri(principal.lower(), sub_role)] = (principal, sub_role)
            known[f"{urn}/{sub_role}"] = (principal, sub_role)
    # In LTI 1.1 the teaching assistant was a role of its own, with the others below it.
    for sub_role in TEACHING_ASSISTANTS:
        known[f"urn:lti:role:ims/lis/TeachingAssistant/{sub_role}"] = ("Instructor", sub_role)
    for short in ("TeachingAssistant", "urn:lti:role:ims/lis/TeachingAssistant"):
        known[short] = ("Instructor", "TeachingAssistant")
    return known


SPELLINGS: Final = _spellings()

CONTEXT_TYPE_SPELLINGS: Final[dict[str, str]] = {
    spelling: f"{LIS}course#{name}"
    for name in CONTEXT_TYPES
    for spelling in (f"{LIS}course#{name}", name, f"urn:lti:context-type:ims/lis/{name}")
}
