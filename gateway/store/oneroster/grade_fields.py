"""What the gradebook's objects may be filtered and sorted by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.store.oneroster.field import Field, base, dates, numbers, reference, texts
from gateway.store.tables import classes, grade_categories, line_items, results, score_scales, scores

_ITEM = line_items.c.id == results.c.line_item_id
_SENT = scores.c.id == results.c.score_id

GRADE_FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "categories": {
        **base(grade_categories),
        **texts(grade_categories, title="title"),
        **numbers(grade_categories, weight="weight"),
    },
    "scoreScales": {
        **base(score_scales),
        **texts(score_scales, title="title", type="type"),
        **reference("class", score_scales.c.class_sourced_id),
    },
    "lineItems": {
        **base(line_items),
        **texts(line_items, title="title", description="description"),
        "assignDate": Field("moment", line_items.c.assign_date),
        "dueDate": Field("moment", line_items.c.due_date),
        **reference("class", line_items.c.class_sourced_id),
        **reference("school", classes.c.school_sourced_id, classes.c.sourced_id == line_items.c.class_sourced_id),
        **reference("category", line_items.c.category),
        **reference("scoreScale", line_items.c.score_scale),
        **reference("gradingPeriod", line_items.c.grading_period_sourced_id),
        **reference("academicSession", line_items.c.academic_session_sourced_id),
        **numbers(line_items, resultValueMin="result_value_min", resultValueMax="score_maximum"),
    },
    "results": {
        **base(results),
        **reference("lineItem", line_items.c.sourced_id, _ITEM),
        **reference("student", results.c.user_sourced_id),
        **reference("class", results.c.class_sourced_id),
        **reference("scoreScale", results.c.score_scale),
        **texts(results, scoreStatus="score_status", textScore="text_score", comment="comment"),
        **dates(results, scoreDate="score_date"),
        **numbers(results, score="score"),
        **{name: Field("boolean", results.c[name]) for name in ("incomplete", "late", "missing")},
        "inProgress": Field("boolean", results.c.in_progress),
        "metadata.lms.state": Field("text", scores.c.state, (_SENT,)),
        "metadata.lms.reason": Field("text", scores.c.reason, (_SENT,)),
    },
}
