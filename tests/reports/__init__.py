"""Tests of the synthesis reports."""
