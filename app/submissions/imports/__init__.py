"""Importing submissions from files: reading, mapping, checking every row, and one transaction."""
