"""The kit's tests: every one runs against a real PostgreSQL."""
