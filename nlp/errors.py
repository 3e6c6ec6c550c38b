"""Errors of the package, each with a message for the person who gave the input."""


class NlpError(Exception):
    """Something the caller can mend; the message says what."""


class DuplicateKeyError(NlpError):
    """Two texts have the same key."""


class OptionsError(NlpError):
    """An option is outside its range."""


class InputError(NlpError):
    """An input file cannot be read as a table of texts."""
