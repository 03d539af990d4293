"""Mails to people: what they say, and the work that sends them."""
