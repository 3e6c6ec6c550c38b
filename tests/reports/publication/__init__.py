"""Tests of what is published beside a report."""
