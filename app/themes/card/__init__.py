"""A theme's own page: what it holds, every decision on it, and two people who decide at once."""
