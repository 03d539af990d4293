"""The rooms of /api/v1, and what they share: one guard, one way to read a body, one way to say no."""
