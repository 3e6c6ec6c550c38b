"""The kinds of events, and what each carries.

=============  =================================================================================
kind           payload (beside it: ``proposal`` where a proposal of the machine was accepted)
=============  =================================================================================
``rename``     ``from``, ``to``: names by language
``describe``   ``from``, ``to``: some of ``definition``, ``inclusion``, ``exclusion``
``attach``     ``from``, ``to``: some of ``axis_id``, ``population_id``, ``parent_id``
``merge``      ``into``: a theme; ``name``, ``into_name``
``exclude``    ``name``; the event's reason is the theme's
``restore``    ``undone``: what a merge or an exclusion had made
``validate``   ``is_validated``
``create``     ``name``; the passages go into the event's theme
``split``      ``parts``: ``theme_id`` and ``name`` of each new theme; passages say which
``move``       ``into_name``; every passage with its new theme and the one it left
``pin``        passages become examples of their theme; ``unpin`` ends that
``confirm``    passages are right where they are
``set_aside``  ``state``: off topic, unreadable, excluded, to arbitrate; a reason
``release``    passages are the machine's again
``accept``     ``name``: the proposed theme is one
``refuse``     ``proposal``, and its ``kind``
``end``        ``heir``: a run did not find a theme again that nobody had touched
``carry``      a run cut a text differently: passages inherit what ``event`` had decided
``undo``       ``kind`` of the event that is taken back
=============  =================================================================================
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What an event does."""

    RENAME = "rename"
    DESCRIBE = "describe"
    ATTACH = "attach"
    MERGE = "merge"
    EXCLUDE = "exclude"
    RESTORE = "restore"
    VALIDATE = "validate"
    CREATE = "create"
    SPLIT = "split"
    MOVE = "move"
    PIN = "pin"
    UNPIN = "unpin"
    CONFIRM = "confirm"
    SET_ASIDE = "set_aside"
    RELEASE = "release"
    ACCEPT = "accept"
    REFUSE = "refuse"
    END = "end"
    CARRY = "carry"
    UNDO = "undo"


#: Those that say something of passages; the others are about themes alone.
ON_PASSAGES = frozenset(
    {
        Kind.CREATE,
        Kind.SPLIT,
        Kind.MOVE,
        Kind.PIN,
        Kind.UNPIN,
        Kind.CONFIRM,
        Kind.SET_ASIDE,
        Kind.RELEASE,
        Kind.CARRY,
    }
)
#: Those that say something of themes.
ON_THEMES = frozenset(Kind) - ON_PASSAGES - {Kind.UNDO} | {Kind.CREATE, Kind.SPLIT}
#: Written by a run: nobody takes them back.
OF_RUNS = frozenset({Kind.END, Kind.CARRY})
