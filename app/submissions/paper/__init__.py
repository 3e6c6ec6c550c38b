"""Paper forms: printed with a code a copy, typed in, a drawn sample of them by two people."""
