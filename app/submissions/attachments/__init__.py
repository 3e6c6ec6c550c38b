"""Files that answer a question: attached to a draft, then to the submission it becomes."""
