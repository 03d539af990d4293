"""What a room may borrow: by-the-book protocol readings, simulator parts and the making of a new room."""
