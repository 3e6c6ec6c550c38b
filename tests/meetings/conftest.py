"""A mail server that the application is told to use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.mail_server import PostOffice, post_office


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The server."""
    with post_office() as office:
        for name, value in office.settings.items():
            monkeypatch.setitem(app.config, name, value)
        yield office
