"""Sign-in by Flask-Security-Too, with the product's addresses, texts and access rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security.core import Security
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.signals import user_authenticated

from app.accounts.models import Role, User
from app.core import audit, clock
from app.core.access import Rule
from app.core.db import db
from app.core.i18n import PREFIX, language

limiter = Limiter(get_remote_address, default_limits=[])
datastore = SQLAlchemyUserDatastore(db, User, Role)

_SETTINGS: dict[str, Any] = {
    "SECURITY_URL_PREFIX": PREFIX,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_CHANGE_URL": "/staff/password",
    "SECURITY_POST_LOGIN_VIEW": "site.signed_in",
    "SECURITY_POST_LOGOUT_VIEW": "site.home",
    "SECURITY_POST_CHANGE_VIEW": "site.signed_in",
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "SECURITY_TRACKABLE": False,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_USE_REGISTER_V2": True,
    "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
    "SECURITY_REMEMBER_COOKIE_SAMESITE": "Lax",
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_FRESHNESS": timedelta(minutes=-1),
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_STATIC_FOLDER_URL": None,
}


def init_app(app: Flask) -> None:
    """Install sign-in, declare who may call its views, and log every sign-in."""
    for key, value in _SETTINGS.items():
        app.config.setdefault(key, value)
    app.config.setdefault("SECURITY_I18N_DIRNAME", ["translations", "builtin"])
    Security(app, datastore, register_blueprint=True)
    # Accounts are opened by sessions alone: no body or header is searched for a token of one.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    limiter.init_app(app)
    rules = {"security.login": Rule(is_public=True), "security.logout": Rule(is_public=True)}
    app.extensions["access"] |= rules | {
        "security.change_password": Rule(),
        "security.verify": Rule(),
    }

    def log_sign_in(_app: Flask, user: User, **_more: Any) -> None:
        """Write the sign-in into the audit log."""
        now = clock.now()
        user.last_login_at, user.current_login_at = user.current_login_at, now
        user.login_count += 1
        audit.record(db.session(), user, "accounts.sign_in", at=now, target=user)
        db.session.commit()

    # The signal keeps weak references: the application holds the function.
    app.extensions["log_sign_in"] = log_sign_in
    user_authenticated.connect(log_sign_in, app)

    @app.before_request
    def _language_of_messages() -> None:
        """Let the library's sentences follow the page's language."""
        g.identity_language = language().code
