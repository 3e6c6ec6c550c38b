"""Scores of themes on labelled and parallel sets, beside other methods on the same texts.

``python -m nlp evaluate FOLDER`` writes the scorecard; ``docs/methods.md`` says how to read it.
"""
