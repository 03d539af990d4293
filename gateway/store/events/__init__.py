"""What applications are told: each change of the roster, in one order, as a feed and by webhooks (ADR 17)."""
