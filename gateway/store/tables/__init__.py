"""Every table, declared with SQLAlchemy Core; one module per group."""

from gateway.store.tables.accounts import account_links, account_sessions, accounts, attempts
from gateway.store.tables.applications import (
    application_tenants,
    application_tokens,
    applications,
    authorization_codes,
    sessions,
    tokens,
)
from gateway.store.tables.classrooms import class_codes, class_joins, student_import_rows, student_imports
from gateway.store.tables.columns import metadata
from gateway.store.tables.connecting import approvals, invites
from gateway.store.tables.deep_linking import deep_linking_requests
from gateway.store.tables.events import event_marks, webhook_messages, webhooks
from gateway.store.tables.grades import grade_categories, line_items, results, score_scales, scores
from gateway.store.tables.groups import class_groups, group_members
from gateway.store.tables.house import access_tokens, audit, remote_key_sets, signing_keys
from gateway.store.tables.integrations import (
    contexts,
    deployments,
    identities,
    integrations,
    registrations,
    resource_links,
)
from gateway.store.tables.jobs import jobs
from gateway.store.tables.launches import launches, refusals
from gateway.store.tables.legacy import legacy_ids
from gateway.store.tables.matching import integration_pairs, link_traces, match_proposals, record_links
from gateway.store.tables.notices import course_copies, notices
from gateway.store.tables.operators import api_answers, operator_keys, operator_sessions, operator_sign_ins
from gateway.store.tables.orders import access_codes, orders, redemptions
from gateway.store.tables.roster import (
    academic_sessions,
    class_academic_sessions,
    classes,
    courses,
    enrollments,
    orgs,
    roles,
    users,
)
from gateway.store.tables.schedules import roster_schedules
from gateway.store.tables.syncs import roster_changes, roster_records, roster_sources, roster_waiting, syncs

__all__ = [
    "academic_sessions",
    "access_codes",
    "access_tokens",
    "account_links",
    "account_sessions",
    "accounts",
    "api_answers",
    "application_tenants",
    "application_tokens",
    "applications",
    "approvals",
    "attempts",
    "audit",
    "authorization_codes",
    "class_academic_sessions",
    "class_codes",
    "class_groups",
    "class_joins",
    "classes",
    "contexts",
    "course_copies",
    "courses",
    "deep_linking_requests",
    "deployments",
    "enrollments",
    "event_marks",
    "grade_categories",
    "group_members",
    "identities",
    "integration_pairs",
    "integrations",
    "invites",
    "jobs",
    "launches",
    "legacy_ids",
    "line_items",
    "link_traces",
    "match_proposals",
    "metadata",
    "notices",
    "operator_keys",
    "operator_sessions",
    "operator_sign_ins",
    "orders",
    "orgs",
    "record_links",
    "redemptions",
    "refusals",
    "registrations",
    "remote_key_sets",
    "resource_links",
    "results",
    "roles",
    "roster_changes",
    "roster_records",
    "roster_schedules",
    "roster_sources",
    "roster_waiting",
    "score_scales",
    "scores",
    "sessions",
    "signing_keys",
    "student_import_rows",
    "student_imports",
    "syncs",
    "tokens",
    "users",
    "webhook_messages",
    "webhooks",
]
