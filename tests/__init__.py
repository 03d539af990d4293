"""What Schoolgate promises, as tests; `support` holds what they share."""
