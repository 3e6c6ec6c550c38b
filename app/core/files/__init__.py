"""Files that people send: kept outside the web root, known by their content, read into text."""
