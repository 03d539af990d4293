"""Proves LTI 1.3 launches: login requests, state, id_tokens; knows no database, no Flask and no vendor."""
