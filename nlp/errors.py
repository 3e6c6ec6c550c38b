"""Errors of the package, each with a message for the person who gave the input."""


class NlpError(Exception):
    """Something the caller can mend; the message says what."""


class DuplicateKeyError(NlpError):
    """Two texts have the same key."""


class OptionsError(NlpError):
    """An option is outside its range."""


class InputError(NlpError):
    """An input file cannot be read as a table of texts."""


class BackendError(NlpError):
    """A source of vectors is unknown, not installed, or cannot be read."""


class ModelFileError(NlpError):
    """A saved model cannot be read, is damaged, or is of another version."""
