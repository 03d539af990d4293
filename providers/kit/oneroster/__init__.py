"""What rooms that speak OneRoster share: its words, the shapes of its values, and its CSV binding."""
