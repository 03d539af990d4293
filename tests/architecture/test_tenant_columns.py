"""Every column that names a row of a tenant is bound to it by the database, or says here why it is not (F8)."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Table

from gateway.store.tables import metadata

_ROSTER = (
    "a district writes a million of these at once: walls and triggers hold them, see tests/unit/rosters/test_walls.py"
)
_FOREIGN = "somebody else's id, looked up within its integration, deployment or roster"
_TRACE = "what happened, kept when the row it names is not; read by tenant"
_HALL = "written beside a row that is bound, in one transaction; no question joins over it without the tenant"
_ITS_OWN = "its own id, as applications know it"
_CHECKED = "found in the tenant in the transaction that writes it; a session's row is never deleted"

# table.column -> why no reference binds it. An entry that is no longer needed fails, too.
UNBOUND: dict[str, str] = {
    **dict.fromkeys(("enrollments.class_sourced_id", "enrollments.school_sourced_id"), _ROSTER),
    **dict.fromkeys(("enrollments.user_sourced_id", "roles.org_sourced_id", "roles.user_sourced_id"), _ROSTER),
    **dict.fromkeys(("users.primary_org_sourced_id", "users.roster_source_id", "classes.roster_source_id"), _ROSTER),
    **dict.fromkeys(("roster_changes.sourced_id", "roster_changes.sync_id", "syncs.of_sync_id"), _TRACE),
    **dict.fromkeys((f"launches.{name}_sourced_id" for name in ("user", "class")), _TRACE),
    **dict.fromkeys((f"launches.{name}_row_id" for name in ("deployment", "resource_link")), _TRACE),
    **dict.fromkeys(("launches.integration_id", "launches.application_id", "notices.integration_id"), _TRACE),
    **dict.fromkeys((f"webhook_messages.{name}" for name in ("change_id", "sourced_id")), _TRACE),
    **dict.fromkeys(("record_links.change_id", "record_links.sync_id", "link_traces.row_id"), _TRACE),
    **dict.fromkeys(("roster_waiting.sourced_id", "roster_waiting.sync_id"), _ROSTER),
    **dict.fromkeys(("deployments.deployment_id", "deep_linking_requests.deployment_id"), _FOREIGN),
    **dict.fromkeys(("identities.roster_id", "identities.sis_id", "contexts.context_id", "contexts.sis_id"), _FOREIGN),
    **dict.fromkeys(("course_copies.context_id", "course_copies.origin_context_id", "notices.notice_id"), _FOREIGN),
    **dict.fromkeys(("class_groups.group_id", "class_groups.set_id", "resource_links.resource_link_id"), _FOREIGN),
    **dict.fromkeys(("legacy_ids.legacy_id", "scores.result_id"), _FOREIGN),
    **dict.fromkeys(("record_links.source_id", "match_proposals.source_id", "roster_waiting.source_id"), _FOREIGN),
    **dict.fromkeys(("orgs.parent_sourced_id", "sessions.user_sourced_id", "class_groups.context_row_id"), _HALL),
    **dict.fromkeys(("line_items.resource_link_row_id", "scores.application_id"), _HALL),
    **dict.fromkeys((f"{name}.sourced_id" for name in ("line_items", "results", "score_scales")), _ITS_OWN),
    **dict.fromkeys((f"line_items.{name}_sourced_id" for name in ("grading_period", "academic_session")), _CHECKED),
    "results.score_id": _HALL,
    "student_import_rows.user_sourced_id": "a plan, made again and compared, with the tenant, before it is written",
}

# Tables without a tenant: each belongs to the house, or hangs on a row that has one.
HOUSE = {
    "grade_categories",
    *("access_tokens", "api_answers", "application_tokens", "applications", "attempts", "authorization_codes", "jobs"),
    *("event_marks", "webhooks"),
    *("operator_keys", "operator_sessions", "operator_sign_ins", "refusals", "registrations", "remote_key_sets"),
    *("roster_records", "signing_keys", "tokens"),
}


def _bound(table: Table) -> set[str]:
    """Return the columns that a reference binds together with the tenant."""
    references = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
    return {
        column.name
        for reference in references
        if "tenant_id" in reference.column_keys
        for column in reference.columns
        if column.name != "tenant_id"
    }


def _naming(table: Table) -> set[str]:
    """Return the columns that name a row of a tenant, or may."""
    keys = {column.name for column in table.primary_key.columns if column.name in ("id", "sourced_id")}
    of_house = {
        column.name for column in table.columns for key in column.foreign_keys if key.column.table.name in HOUSE
    }
    return {column.name for column in table.columns if column.name.endswith("_id")} - keys - of_house - {"tenant_id"}


def test_every_column_that_names_a_row_is_bound_to_its_tenant_or_says_why_not() -> None:
    tables = [table for table in metadata.sorted_tables if "tenant_id" in table.c]
    found = {f"{table.name}.{column}" for table in tables for column in _naming(table) - _bound(table)}
    assert found == set(UNBOUND)


def test_a_table_without_a_tenant_belongs_to_the_house() -> None:
    assert {table.name for table in metadata.sorted_tables if "tenant_id" not in table.c} == HOUSE


def test_only_what_has_no_school_yet_may_lack_its_tenant() -> None:
    loose = {table.name for table in metadata.sorted_tables if "tenant_id" in table.c and table.c.tenant_id.nullable}
    assert loose == {"audit", "deployments", "launches"}
