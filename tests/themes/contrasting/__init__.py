"""Tests of stances, contrasts, minority positions and regions side by side."""
