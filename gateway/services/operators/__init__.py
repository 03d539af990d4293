"""Operators: their keys for the API, and their way into the console."""
