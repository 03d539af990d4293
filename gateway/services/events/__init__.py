"""How applications hear of changes: the feed, and webhooks by the Standard Webhooks specification (ADR 17)."""
