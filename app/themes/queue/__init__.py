"""The review queue: what is worth a look first, blind repeats, and what the looks have shown."""
