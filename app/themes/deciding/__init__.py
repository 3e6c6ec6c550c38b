"""What people decide: each decision is an event of the ledger, and the rows follow from it."""

from app.themes.deciding.about_themes import attach, describe
from app.themes.deciding.on_passages import (
    confirm,
    move,
    pin,
    release,
    set_aside,
    unpin,
)
from app.themes.deciding.on_proposals import accept, refuse
from app.themes.deciding.on_themes import (
    create,
    exclude,
    merge,
    rename,
    restore,
    split,
    validate,
)
from app.themes.deciding.undoing import undo

__all__ = [
    "accept",
    "attach",
    "confirm",
    "create",
    "describe",
    "exclude",
    "merge",
    "move",
    "pin",
    "refuse",
    "release",
    "rename",
    "restore",
    "set_aside",
    "split",
    "undo",
    "unpin",
    "validate",
]
