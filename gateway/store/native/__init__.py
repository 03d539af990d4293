"""Schools without an integration: the questions and writes of native accounts and what hangs on them."""
