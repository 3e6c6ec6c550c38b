"""The ledger: decisions as events that are only ever added, and the state that follows from them.

What the machine found (``Theme.found_*``, ``Placement.found_*``) and the events in force determine
everything else: :mod:`app.themes.ledger.folding` says how, :mod:`app.themes.ledger.settling`
writes it where it changed, and a rebuild from the first event gives the same rows.
"""
