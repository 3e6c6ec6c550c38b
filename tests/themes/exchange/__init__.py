"""Tests of what goes in and out of a review."""
