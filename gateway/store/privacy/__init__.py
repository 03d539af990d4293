"""Everything that is kept about one person: where it stands, what it says, and how it goes."""
