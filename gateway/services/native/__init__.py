"""Schools without an integration: accounts, orders, codes, classes and the ways in that need no provider."""
