"""Moderation: what machine, staff and readers point at, and what people decide about it."""
