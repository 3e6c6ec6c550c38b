"""The demonstration: a fictional consultation, its accounts, and its corpus."""
