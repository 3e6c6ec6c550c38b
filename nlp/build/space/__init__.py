"""Makes the bilingual space (``nlp/data/space.bin``) from dictionary entries.

See ``docs/space.md`` for the method, the sources and their licences.
"""
