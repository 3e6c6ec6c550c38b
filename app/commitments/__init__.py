"""What became of what was said: the reply to each contributor."""
