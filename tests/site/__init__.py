"""Tests of the look and of the pages that belong to no single feature."""
