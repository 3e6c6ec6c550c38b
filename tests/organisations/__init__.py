"""The registry of organisations and their mandates."""
