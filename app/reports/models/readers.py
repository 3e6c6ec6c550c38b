"""Those who asked to be told of new versions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.db import Instant, Key, Model


class ReportSubscription(Model):
    """An address that wants to hear of a consultation's reports; told only once it confirmed."""

    __tablename__ = "report_subscriptions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "email"),
        CheckConstraint("lang IN ('fr', 'ar', 'en')", name="lang_is_known"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    #: In lower case.
    email: Mapped[str] = mapped_column(String(255))
    lang: Mapped[str] = mapped_column(String(2))
    #: Secret of the addresses that confirm and end it.
    token: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    consultation: Mapped[Consultation] = relationship()
