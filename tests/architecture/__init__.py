"""The house's own rules as tests: arrows, budgets, names, and documents that say what the code does."""
