"""The rights of law 09-08 that staff must answer: access, correction, erasure, objection."""
