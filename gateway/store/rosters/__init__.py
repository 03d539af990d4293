"""A roster's way into the tables: staged outside the write lock, compared set by set, merged in one transaction."""
