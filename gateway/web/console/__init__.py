"""`/console`: the operator's pages."""
