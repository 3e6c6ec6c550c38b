"""The programming interface, /api/v1: what is public to read, and submissions of partners."""
