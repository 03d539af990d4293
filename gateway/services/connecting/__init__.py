"""A school's administrator connects it alone: links, registration, approvals, and waiting for the test launch."""
