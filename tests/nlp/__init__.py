"""Tests of the package nlp."""
