"""The workbench: themes, their passages, and every decision on them, on one screen."""
