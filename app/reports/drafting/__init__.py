"""Writing a report: the draft, its outline, comments, and the approval of two people."""
