"""The ministry's answers: one a theme, written in both languages, told to those who spoke."""
