"""Those who want to be told of new versions: they ask, confirm from a letter, and may end it."""
