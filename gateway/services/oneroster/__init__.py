"""OneRoster 1.2's Rostering service: what is asked, what may be seen, and how it is written."""
