"""The report as a Word document: native styles, so that a civil servant can go on from it.

``xml`` and ``runs`` make elements and words with their direction; ``styles``, ``faces`` and
``page`` say how the document looks; ``paper`` is the document while it is written; ``tables``,
``pictures``, ``contents`` and ``proofs`` are its parts, and ``sections`` says what stands in each
section.
"""

from app.reports.word.rendering import render_docx

__all__ = ["render_docx"]
