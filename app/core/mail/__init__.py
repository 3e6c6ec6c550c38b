"""Letters by e-mail: written into an outbox with what they are about, sent by a worker."""

from __future__ import annotations

from app.core.mail.models import Letter, LetterState
from app.core.mail.outbox import post

__all__ = ["Letter", "LetterState", "post"]
