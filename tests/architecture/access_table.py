"""Who may call what: the one table that the application is held to.

A line is an endpoint, then for each method who passes: ``EVERYONE``, ``SIGNED_IN`` or roles.
An endpoint that is not here fails the tests, and so does one here that is gone.
"""

from __future__ import annotations

from app.core.access import Role

EVERYONE = "everyone"
SIGNED_IN = frozenset(Role)
ADMIN = frozenset({Role.ADMINISTRATOR})
ANALYSTS = frozenset({Role.ADMINISTRATOR, Role.ANALYST})
READERS = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.OBSERVER})
ORGANISERS = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.COORDINATOR})
ENTRY = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_ENTRY})

Passes = str | frozenset[Role]

TABLE: dict[str, dict[str, Passes]] = {
    "static": {"GET": EVERYONE},
    "language.entrance": {"GET": EVERYONE},
    # the public site
    "site.home": {"GET": EVERYONE},
    "site.method": {"GET": EVERYONE},
    "site.privacy": {"GET": EVERYONE},
    "site.accessibility": {"GET": EVERYONE},
    "site.health": {"GET": EVERYONE},
    "consultations.index": {"GET": EVERYONE},
    "consultations.show": {"GET": EVERYONE},
    "consultations.document": {"GET": EVERYONE},
    "submissions.begin": {"GET": EVERYONE},
    "submissions.start": {"POST": EVERYONE},
    "submissions.section": {"GET": EVERYONE},
    "submissions.keep": {"POST": EVERYONE},
    "submissions.communes": {"GET": EVERYONE},
    "submissions.check": {"GET": EVERYONE},
    "submissions.send": {"POST": EVERYONE},
    "submissions.send_again": {"GET": EVERYONE},
    "submissions.receipt": {"GET": EVERYONE},
    "submissions.qr": {"GET": EVERYONE},
    "commitments.find": {"GET": EVERYONE},
    "commitments.look_up": {"POST": EVERYONE},
    "commitments.contribution": {"GET": EVERYONE},
    "reports.results": {"GET": EVERYONE},
    "reports.theme": {"GET": EVERYONE},
    "reports.show": {"GET": EVERYONE},
    "reports.data": {"GET": EVERYONE},
    "reports.download": {"GET": EVERYONE},
    "meetings.show": {"GET": EVERYONE},
    "meetings.register": {"POST": EVERYONE},
    "meetings.event": {"GET": EVERYONE},
    "meetings.calendar": {"GET": EVERYONE},
    "meetings.minutes": {"GET": EVERYONE},
    "meetings.mine": {"GET": EVERYONE},
    "meetings.answer": {"POST": EVERYONE},
    "meetings.my_event": {"GET": EVERYONE},
    "meetings.review": {"GET": EVERYONE},
    "meetings.reply": {"POST": EVERYONE},
    # signing in
    "security.login": {"GET": EVERYONE, "POST": EVERYONE},
    "security.logout": {"POST": EVERYONE},
    "security.change_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    # staff
    "site.staff": {"GET": SIGNED_IN},
    "submissions.index": {"GET": SIGNED_IN},
    "submissions.show": {"GET": SIGNED_IN},
    "submissions.collection": {"GET": SIGNED_IN},
    "submissions.imports": {"GET": ENTRY},
    "submissions.import_upload": {"POST": ENTRY},
    "submissions.import_map": {"GET": ENTRY},
    "submissions.import_decide": {"POST": ENTRY},
    "submissions.import_refused": {"GET": ENTRY},
    "submissions.import_report": {"GET": ENTRY},
    "submissions.import_report_refused": {"GET": ENTRY},
    "themes.runs": {"GET": SIGNED_IN},
    "themes.start": {"POST": ANALYSTS},
    "themes.run": {"GET": SIGNED_IN},
    "themes.progress": {"GET": SIGNED_IN},
    "themes.index": {"GET": SIGNED_IN},
    "themes.passages": {"GET": SIGNED_IN},
    "themes.show": {"GET": SIGNED_IN},
    "themes.rename": {"POST": ANALYSTS},
    "themes.merge": {"POST": ANALYSTS},
    "themes.exclude": {"POST": ANALYSTS},
    "themes.restore": {"POST": ANALYSTS},
    "reports.index": {"GET": READERS},
    "reports.preview": {"GET": READERS},
    "reports.publish": {"POST": ANALYSTS},
    "meetings.index": {"GET": ORGANISERS},
    "meetings.create_regional": {"GET": ORGANISERS, "POST": ORGANISERS},
    "meetings.create": {"GET": ORGANISERS, "POST": ORGANISERS},
    "meetings.board": {"GET": ORGANISERS},
    "meetings.edit": {"GET": ORGANISERS, "POST": ORGANISERS},
    "meetings.cancel": {"POST": ORGANISERS},
    "meetings.invitations": {"GET": ORGANISERS},
    "meetings.invite_organisations": {"POST": ORGANISERS},
    "meetings.invite_addresses": {"POST": ORGANISERS},
    "meetings.remind": {"POST": ORGANISERS},
    "meetings.resend": {"POST": ORGANISERS},
    "meetings.attendance": {"GET": ORGANISERS},
    "meetings.note": {"POST": ORGANISERS},
    "meetings.add_person": {"POST": ORGANISERS},
    "meetings.import_list": {"POST": ORGANISERS},
    "meetings.sheet": {"GET": ORGANISERS},
    "meetings.points": {"GET": ORGANISERS},
    "meetings.add_point": {"POST": ORGANISERS},
    "meetings.edit_point": {"GET": ORGANISERS, "POST": ORGANISERS},
    "meetings.move_point": {"POST": ORGANISERS},
    "meetings.remove_point": {"POST": ORGANISERS},
    "meetings.read_document": {"POST": ORGANISERS},
    "meetings.keep_found": {"POST": ORGANISERS},
    "meetings.circulate": {"POST": ORGANISERS},
    "meetings.decide": {"POST": ORGANISERS},
    "meetings.settle": {"POST": ORGANISERS},
    "accounts.index": {"GET": ADMIN},
    "accounts.create": {"GET": ADMIN, "POST": ADMIN},
    "accounts.edit": {"GET": ADMIN, "POST": ADMIN},
    "accounts.audit": {"GET": ADMIN},
    "mail.index": {"GET": ADMIN},
    "mail.show": {"GET": ADMIN},
    "mail.retry": {"POST": ADMIN},
}
