"""The ledger as a page: every decision in words, found by person, kind or theme, and taken back."""
