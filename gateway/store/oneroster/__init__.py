"""The roster as OneRoster's collections: what may be filtered and sorted, pages by key, and the rows behind a page."""
