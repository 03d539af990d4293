"""Schoology's gradebook: by the book, but a score without a comment is sent with a blank one.

It once refused a score that had none (Unicon/tool13demo); a blank one clears the comment as an absent one does.
"""

from __future__ import annotations

from providers.kit.lti.ags import AssignmentsAndGrades

GRADES = AssignmentsAndGrades(needs_comment=True)
