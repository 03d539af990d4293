"""A school's list of students as a CSV file: read, recognised, compared with who is there, written (ADR 16)."""
