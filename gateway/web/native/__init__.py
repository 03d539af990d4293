"""Pages for schools without an integration: sign-in, home, account, and how staff get one."""
