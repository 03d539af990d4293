"""Blackboard's gradebook: comments are HTML, and an unknown person is a plain 400."""

from __future__ import annotations

from typing import Final

from providers.kit.lti.ags import AssignmentsAndGrades
from providers.kit.lti.ags_answers import Refusal

# Seen by hypothesis/lms: 400 "User could not be found: …"; line breaks in a comment are lost unless they are HTML.
_REFUSALS: Final = (Refusal(frozenset({400}), r"user could not be found", "grades.student_not_in_course"),)

GRADES = AssignmentsAndGrades(refusals=_REFUSALS, new_line="<br/>")
