"""Tests of the codebook and of coded passages, through the database."""
