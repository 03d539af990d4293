"""Moodle's gradebook: by the book; mod/lti/service/gradebookservices."""

from __future__ import annotations

from typing import Final

from providers.kit.lti.ags import AssignmentsAndGrades
from providers.kit.lti.ags_answers import Refusal

# It refuses a person whom the course does not grade with 400 alone, and words depend on the site's language.
_REFUSALS: Final = (Refusal(frozenset({400}), r"grad(e|able|ed)\b", "grades.student_not_in_course"),)

GRADES = AssignmentsAndGrades(refusals=_REFUSALS)
