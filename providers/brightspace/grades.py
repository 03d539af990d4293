"""Brightspace's gradebook: by the book; its refusals name the person in words of their own."""

from __future__ import annotations

from typing import Final

from providers.kit.lti.ags import AssignmentsAndGrades
from providers.kit.lti.ags_answers import Refusal

# Seen by hypothesis/lms: 403 "User in requested score is not enrolled in the org unit", 404 "… does not exist".
_REFUSALS: Final = (Refusal(frozenset({403, 404}), r"user in requested score", "grades.student_not_in_course"),)

GRADES = AssignmentsAndGrades(refusals=_REFUSALS)
