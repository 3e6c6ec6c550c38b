"""Configuration, read from the environment and from nowhere else."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


class ConfigurationError(RuntimeError):
    """The environment lacks something the product refuses to guess."""


def _flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def _key_kept_beside_the_data(instance: Path) -> str:
    """Return the demonstration's secret key, made once and kept readable by its owner only."""
    path = instance / "demo-secret-key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(32), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


@dataclass(kw_only=True)
class MailSettings:
    """How letters leave.

    :ivar host: the mail server; left empty, letters stay in the outbox.
    :ivar port: 465 with ``ssl``, else 587 with ``starttls``, else 25, unless told otherwise.
    :ivar sender: what letters are from, ``Tachawor <no-reply@tachawor.example>``.
    """

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    ssl: bool = False
    sender: str = "Tachawor <no-reply@localhost>"

    @classmethod
    def from_environment(cls) -> MailSettings:
        """Read ``SMTP_HOST``, ``SMTP_PORT``, ``SMTP_USER``, ``MAIL_FROM`` and the like.

        :raises ConfigurationError: if the port is no number, or letters would have no sender.
        """
        host = os.environ.get("SMTP_HOST", "").strip()
        ssl = _flag("SMTP_SSL", default=False)
        starttls = _flag("SMTP_STARTTLS", default=False)
        port = os.environ.get("SMTP_PORT", "") or str(465 if ssl else 587 if starttls else 25)
        if not port.isdigit():
            raise ConfigurationError(f"SMTP_PORT must be a number, not {port!r}.")
        sender = os.environ.get("MAIL_FROM", "").strip()
        if host and not sender:
            raise ConfigurationError("MAIL_FROM must say what address letters come from.")
        return cls(
            host=host,
            port=int(port),
            user=os.environ.get("SMTP_USER", ""),
            password=os.environ.get("SMTP_PASSWORD", ""),
            starttls=starttls,
            ssl=ssl,
            sender=sender or cls.sender,
        )

    def as_flask(self) -> dict[str, Any]:
        """Return the settings under the names that delivery reads."""
        return {
            "SMTP_HOST": self.host,
            "SMTP_PORT": self.port,
            "SMTP_USER": self.user,
            "SMTP_PASSWORD": self.password,
            "SMTP_STARTTLS": self.starttls,
            "SMTP_SSL": self.ssl,
            "MAIL_FROM": self.sender,
        }


@dataclass(kw_only=True)
class Settings:
    """What an instance of the product is told by those who run it.

    :ivar profile: ``production`` (default), ``demo`` or ``test``.
    :ivar instance: folder of everything the instance writes (database, files, queue).
    :ivar public_url: the site's address in letters, ``https://tachawor.example``.
    """

    profile: str = "production"
    instance: Path = field(default_factory=lambda: ROOT / "instance")
    database_url: str = ""
    secret_key: str = ""
    password_salt: str = ""
    serve_over_https: bool = True
    public_url: str = ""
    mail: MailSettings = field(default_factory=MailSettings)
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``TACHAWOR_PROFILE``, ``DATABASE_URL``, ``SECRET_KEY`` and the like.

        :raises ConfigurationError: if no secret key is given outside the demonstration.
        """
        profile = os.environ.get("TACHAWOR_PROFILE", "production")
        instance = Path(os.environ.get("TACHAWOR_INSTANCE", ROOT / "instance")).resolve()
        key = os.environ.get("SECRET_KEY", "")
        if not key and profile == "demo":
            key = _key_kept_beside_the_data(instance)
        if len(key) < 32:
            raise ConfigurationError(
                "SECRET_KEY must be set to a random string of at least 32 characters "
                "(python -c 'import secrets; print(secrets.token_hex(32))')."
            )
        return cls(
            profile=profile,
            instance=instance,
            database_url=os.environ.get("DATABASE_URL", ""),
            secret_key=key,
            password_salt=os.environ.get("PASSWORD_SALT", ""),
            serve_over_https=_flag("TACHAWOR_HTTPS", default=profile == "production"),
            public_url=os.environ.get("PUBLIC_URL", ""),
            mail=MailSettings.from_environment(),
        )

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address: SQLite in the instance folder unless told otherwise."""
        url = self.database_url or f"sqlite:///{self.instance / 'tachawor.sqlite3'}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    def as_flask(self) -> dict[str, Any]:
        """Return the settings under the names that Flask and its extensions read."""
        salt = self.password_salt or f"{self.secret_key[::-1]}:passwords"
        return (
            {
                "PROFILE": self.profile,
                "INSTANCE": self.instance,
                "SECRET_KEY": self.secret_key,
                "SQLALCHEMY_DATABASE_URI": self.sqlalchemy_url,
                "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
                "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
                "TESTING": self.profile == "test",
                "SESSION_COOKIE_SECURE": self.serve_over_https,
                "SESSION_COOKIE_HTTPONLY": True,
                "SESSION_COOKIE_SAMESITE": "Lax",
                "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
                "WTF_CSRF_TIME_LIMIT": None,
                "SECURITY_PASSWORD_SALT": salt,
                "RATELIMIT_STORAGE_URI": os.environ.get("RATELIMIT_STORAGE_URI", "memory://"),
                "RATELIMIT_ENABLED": self.profile != "test",
                "SERVE_OVER_HTTPS": self.serve_over_https,
                # Letters to coordinators: weekly (Mondays), daily or never.
                "DIGEST": os.environ.get("TACHAWOR_DIGEST", "weekly"),
                "OPEN_DATA_LICENCE": {
                    "name": os.environ.get("OPEN_DATA_LICENCE", "ODbL-1.0"),
                    "url": os.environ.get(
                        "OPEN_DATA_LICENCE_URL", "https://opendatacommons.org/licenses/odbl/1-0/"
                    ),
                },
                "PUBLIC_URL": self.public_url,
            }
            | self.mail.as_flask()
            | self.extra
        )
