"""The pages and endpoints: each view parses, calls one service and answers."""
