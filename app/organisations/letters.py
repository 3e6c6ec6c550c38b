"""Letters of the registry: invitations, news of a mandate, confirmation of a declaration."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.clock import today_on
from app.core.i18n import LANGUAGES
from app.core.mail import post
from app.organisations.labels import SHORT_ROLES
from app.organisations.models import Mandate, MandateRole, Organisation
from app.organisations.tokens import declaration_of, invitation_of


def _secret() -> str:
    """Return the key that signs the links."""
    return str(current_app.config["SECRET_KEY"])


def _written(*paragraphs: str) -> str:
    """Put the paragraphs of a letter together."""
    return "\n\n".join(paragraphs) + "\n"


def tell_invited(session: Session, mandate: Mandate, *, lang: str, now: datetime) -> None:
    """Post the letter of a mandate: with a link for who has no password yet; one a day at most."""
    user = mandate.user
    name = mandate.organisation.name.best(lang)[0]
    with force_locale(LANGUAGES[lang].locale):
        role = str(SHORT_ROLES[MandateRole(mandate.role)])
        subject = _("Your mandate for %(organisation)s", organisation=name)
        greeting = _("Hello %(name)s,", name=user.name)
        given = _(
            "You were given a mandate (%(role)s) to act for %(organisation)s on Tachawor, the "
            "consultation platform of the Ministry of Solidarity.",
            role=role,
            organisation=name,
        )
        if user.password:
            address = url_for("security.login", lang=lang, _external=True)
            how = _("Sign in with your own account: %(address)s", address=address)
            note = _("Nobody else needs your password: each person signs in with their own.")
        else:
            token = invitation_of(_secret(), user, now=now)
            address = url_for("organisations.welcome", token=token, lang=lang, _external=True)
            how = _("Open this link to choose your password: %(address)s", address=address)
            note = _(
                "The link is for you alone, works once, and for 14 days. If you were not expecting "
                "it, do nothing."
            )
    post(
        session,
        key=f"organisations.invitation:{mandate.id}:{user.fs_uniquifier[:8]}:{today_on(now)}",
        kind="organisations.invitation",
        to=user.email,
        subject=subject,
        body=_written(greeting, given, how, note),
        lang=lang,
        now=now,
    )


def tell_declared(
    session: Session, organisation: Organisation, *, lang: str, now: datetime
) -> None:
    """Post the letter by which whoever declared an organisation confirms their address."""
    contact = organisation.contact
    if contact is None:
        return
    name = organisation.name.best(lang)[0]
    with force_locale(LANGUAGES[lang].locale):
        token = declaration_of(_secret(), organisation, contact.email, now=now)
        address = url_for("organisations.confirm", token=token, lang=lang, _external=True)
        body = _written(
            _("Hello %(name)s,", name=contact.person),
            _(
                "You asked to register %(organisation)s on Tachawor, the consultation platform of "
                "the Ministry of Solidarity.",
                organisation=name,
            ),
            _("Open this link to confirm: %(address)s", address=address),
            _(
                "It works for 14 days. Without it nothing is kept. The regional coordination then "
                "verifies the organisation; its draft can be written meanwhile."
            ),
        )
        subject = _("Confirm the registration of %(organisation)s", organisation=name)
    post(
        session,
        key=f"organisations.declaration:{organisation.id}",
        kind="organisations.declaration",
        to=contact.email,
        subject=subject,
        body=body,
        lang=lang,
        now=now,
    )


def tell_decided(session: Session, organisation: Organisation, *, now: datetime) -> None:
    """Post the coordination's decision to the signatories."""
    lang = organisation.contact.lang if organisation.contact else "fr"
    name = organisation.name.best(lang)[0]
    decided = organisation.decided_at or now
    with force_locale(LANGUAGES[lang].locale):
        if organisation.state == "verified":
            subject = _("%(organisation)s is verified", organisation=name)
            said = _(
                "The regional coordination has verified %(organisation)s: its official positions "
                "can now be signed.",
                organisation=name,
            )
        else:
            subject = _("%(organisation)s was not verified", organisation=name)
            said = _(
                "The regional coordination did not verify %(organisation)s. Reason given: "
                "%(reason)s",
                organisation=name,
                reason=organisation.decision,
            )
        greetings = {
            mandate.user: _("Hello %(name)s,", name=mandate.user.name)
            for mandate in organisation.mandates
            if mandate.role == MandateRole.SIGNATORY and mandate.revoked_at is None
        }
    for user, greeting in greetings.items():
        post(
            session,
            key=f"organisations.decision:{organisation.id}:{int(decided.timestamp())}:{user.id}",
            kind="organisations.decision",
            to=user.email,
            subject=subject,
            body=_written(greeting, said),
            lang=lang,
            now=now,
        )
