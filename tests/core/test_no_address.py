"""Nobody's address on the internet is kept: in no table, no log entry, no limiter of content."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Role
from app.core.db import Base
from app.submissions.models import Submission
from tests.pages import CheckedClient
from tests.submissions.way import Visitor, rich_consultation

#: An address that no fixture uses: wherever it turns up, somebody wrote the visitor's down.
ADDRESS = "203.0.113.77"


def test_no_table_has_a_column_for_an_address() -> None:
    names = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if re.search(r"(^|_)(ip|remote_addr|user_agent|forwarded)(_|$)", column.name)
    ]
    assert not names


def test_a_whole_visit_leaves_the_visitor_s_address_in_no_row(
    app: Flask, client: CheckedClient, session: Session, sign_in: Any
) -> None:
    client.environ_base |= {
        "REMOTE_ADDR": ADDRESS, "HTTP_X_FORWARDED_FOR": ADDRESS, "HTTP_USER_AGENT": f"x {ADDRESS}",
    }
    visitor = Visitor(client, rich_consultation().slug)
    visitor.answer_all()
    visitor.send(email="a@example.org", may_reach="y")
    row = session.scalars(select(Submission)).one()
    code, number = row.receipt_code, row.id
    for path in ("correct", "withdraw", "take-back"):
        client.post(f"/en/my-contribution/{code}/{path}")
    client.post(f"/en/my-contribution/{code}/request", data={"right": "access", "message": "?"})
    sign_in(client, Role.ADMINISTRATOR)
    client.get(f"/en/staff/submissions/{number}")
    client.post(f"/en/staff/submissions/{number}/contact")

    session.expire_all()
    found = [
        table.name
        for table in Base.metadata.sorted_tables
        for line in session.execute(select(table)).all()
        if ADDRESS in repr(line)
    ]
    assert not found
