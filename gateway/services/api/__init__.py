"""What every room of /api/v1 stands on: who calls, what they may, and calls that may be repeated."""
