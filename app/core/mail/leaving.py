"""Letters that one can have ended: mail programs offer it beside the letter (RFC 2369, RFC 8058).

Such a letter ends with the address of the page that ends them, on a line of its own. The header
says the same address, so the outbox keeps nothing more than the words. The page asks before it ends
anything; a mail program posts ``List-Unsubscribe=One-Click`` there instead, without a session.
"""

from __future__ import annotations

from typing import Final

from app.core.mail.models import Letter

#: What a mail program posts, as a form.
FIELD: Final = "List-Unsubscribe"
ONE_CLICK: Final = "One-Click"

_kinds: set[str] = set()


def can_be_left(*kinds: str) -> None:
    """State that the last line of letters of these kinds is the address that ends them."""
    _kinds.update(kinds)


def address_to_leave(letter: Letter) -> str:
    """Return the address that ends letters like this one, empty if there is none."""
    last = letter.body.rstrip().rpartition("\n")[2]
    is_address = last.startswith(("https://", "http://")) and " " not in last
    return last if letter.kind in _kinds and is_address else ""
