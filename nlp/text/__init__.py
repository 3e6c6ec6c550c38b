"""Text steps: normal forms, languages, sentences, passages, and what a passage is worth."""
