"""What people say: drafts, submissions, receipts, and every way in."""
