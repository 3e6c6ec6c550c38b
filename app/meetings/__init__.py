"""Regional meetings: from the invitation to minutes that their participants have validated."""
