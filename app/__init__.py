"""Tachawor (تشاور): consultations in French, Arabic and Darija, from the answer to the proof."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from flask import Flask

from config import Settings

# Workbooks come from strangers: openpyxl reads them by defusedxml, unless it finds lxml first.
os.environ["OPENPYXL_LXML"] = "False"

#: Features from the bottom of the layers to the top, with what each lends to the application.
FEATURES = {
    "accounts": ("views", "cli"),
    "territories": ("cli",),
    "organisations": ("views",),
    "consultations": ("views", "cli"),
    "submissions": ("views", "cli", "tasks"),
    "meetings": ("views", "cli"),
    "themes": ("views", "cli", "tasks"),
    "reports": ("views", "cli", "tasks"),
    "commitments": ("views", "cli", "tasks"),
    "api": ("rest", "views"),
    "site": ("views",),
    "demonstration": ("cli",),
}

#: Tables of the core that no part of it imports by itself.
MODELS = ("app.core.files.models", "app.core.mail.models")

#: Parts of the core, in the order in which they are installed.
CORE = (
    "clock",
    "db",
    "errors",
    "access",
    "i18n",
    "audit",
    "compression",
    "headers",
    "forms",
    "assets",
    "jobs.queue",
    "files.cli",
    "mail",
)


def create_app(settings: Settings) -> Flask:
    """Build the application."""
    app = Flask(__name__)
    app.config["ROOT"] = Path(__file__).resolve().parent.parent
    app.config.from_mapping(settings.as_flask())
    settings.instance.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        import_module(name)
    for name in CORE:
        import_module(f"app.core.{name}").init_app(app)
    import_module("app.accounts.security").init_app(app)
    for feature, parts in FEATURES.items():
        _install(app, feature, parts)
    return app


def _install(app: Flask, feature: str, parts: tuple[str, ...]) -> None:
    """Register a feature's models, pages, commands and jobs."""
    from app.core.i18n import PREFIX

    here = Path(__file__).parent / feature
    if (here / "models.py").exists() or (here / "models").is_dir():
        import_module(f"app.{feature}.models")
    for part in parts:
        module = import_module(f"app.{feature}.{part}")
        if part == "views":
            app.register_blueprint(module.bp, url_prefix=PREFIX)
        elif part == "rest":
            module.init_app(app)
        elif part == "cli":
            app.cli.add_command(module.group)
