"""Tests of consultations and of what their questionnaires may say."""
