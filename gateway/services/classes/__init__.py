"""Classes of schools without an integration: made by teachers, joined with a class code."""
