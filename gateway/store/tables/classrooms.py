"""Classes where there is no integration: codes that let students in, who waits for approval, lists on their way in."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

class_codes = Table(
    "class_codes",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("class_sourced_id", String(36), nullable=False),
    Column("code", String(8), unique=True, nullable=False),  # shown to the class's teachers for as long as it is open
    Column("needs_approval", Boolean, nullable=False, server_default="0"),
    Column("made_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("locks_at", Moment, nullable=False),
    Column("closed_at", Moment),
    tenant_reference("class_sourced_id", "classes"),
    Index(None, "class_sourced_id"),
)

# A student who came by a code that needs approval; the row stays as the record of who let them in.
class_joins = Table(
    "class_joins",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("class_sourced_id", String(36), nullable=False),
    Column("user_sourced_id", String(36), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("decided_by", Text),
    Column("decided_at", Moment),
    tenant_reference("class_sourced_id", "classes"),
    tenant_reference("user_sourced_id", "users"),
    Index(None, "class_sourced_id", "user_sourced_id", unique=True),
)

student_imports = Table(
    "student_imports",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("school_sourced_id", String(36), nullable=False),
    Column("uploader_sourced_id", String(36), nullable=False),  # nobody else sees it
    Column("file_name", Text, nullable=False),
    Column("sealed_file", Text),  # it may hold passwords; forgotten after a day
    Column("encoding", String(32)),
    Column("mapping", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("digest", Text),  # of the plan that the person saw
    Column("counts", JSON, nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("code", String(64)),  # why it could not be read
    Column("sentence", Text),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("passwords_at", Moment),  # when the made passwords were handed out, once
    tenant_key("id"),
    tenant_reference("school_sourced_id", "orgs"),
    tenant_reference("uploader_sourced_id", "users"),
    Index(None, "uploader_sourced_id"),
    Index(None, "changed_at"),
)

student_import_rows = Table(
    "student_import_rows",
    metadata,
    Column("import_id", String(36), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    tenant_id(),
    Column("action", String(16), nullable=False),
    Column("user_sourced_id", String(36)),
    Column("told", JSON, nullable=False),  # cells as understood, changes, faults: what the preview shows
    Column("decision", String(8)),  # of a row in doubt: same, other; None leaves it out
    Column("password_hash", Text),  # made little by little, so that a worker which dies begins again where it was
    Column("sealed_password", Text),  # made by us; forgotten when it was handed out
    tenant_reference("import_id", "student_imports", "id"),
    Index(None, "import_id", "action", "row"),
)
