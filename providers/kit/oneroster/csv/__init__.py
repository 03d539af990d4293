"""OneRoster's CSV binding, 1.1 and 1.2.1: packages are read, judged and written, in constant memory."""
