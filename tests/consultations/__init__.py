"""Tests of the consultations: writing questionnaires, and forms in and out."""
