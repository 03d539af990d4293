"""Roles and enrollments: the tenant's wall by triggers, and by set for a roster's new rows (ADR 13)."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_REFERENCES = {
    "roles": {"user_sourced_id": "users", "org_sourced_id": "orgs"},
    "enrollments": {"user_sourced_id": "users", "class_sourced_id": "classes", "school_sourced_id": "orgs"},
}
_FUNCTION = """
CREATE FUNCTION wall_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {is_outside} THEN
    RAISE EXCEPTION 'a row of {table} reaches into another tenant' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$
"""
_POSTGRESQL = """
CREATE TRIGGER wall_{table}_{event} BEFORE {when} ON {table} FOR EACH ROW WHEN ({who})
EXECUTE FUNCTION wall_{table}()
"""
_SQLITE = """
CREATE TRIGGER wall_{table}_{event} BEFORE {when} ON {table} FOR EACH ROW WHEN {who}
BEGIN
  SELECT RAISE(ABORT, 'a row of {table} reaches into another tenant') WHERE {is_outside};
END
"""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, references in _REFERENCES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in references:
                batch_op.drop_constraint(f"fk_{table}_tenant_id_{column}", type_="foreignkey")
        is_outside = " OR ".join(
            f"NOT EXISTS (SELECT 1 FROM {target} WHERE tenant_id = NEW.tenant_id AND sourced_id = NEW.{column})"  # noqa: S608
            for column, target in references.items()
        )
        if is_postgresql:
            op.execute(_FUNCTION.format(table=table, is_outside=is_outside))
        # New rows of a roster are proven by set; whoever changes where a row leads is checked.
        for event, when, who in (
            ("insert", "INSERT", "NEW.source <> 'roster'"),
            ("update", f"UPDATE OF tenant_id, {', '.join(references)}", "TRUE"),
        ):
            trigger = _POSTGRESQL if is_postgresql else _SQLITE
            op.execute(trigger.format(table=table, event=event, when=when, who=who, is_outside=is_outside))
