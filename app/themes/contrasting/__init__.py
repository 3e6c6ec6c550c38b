"""Who says what: stance, groups that differ from everybody else, minority positions, regions."""
