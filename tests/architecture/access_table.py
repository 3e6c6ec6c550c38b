"""Who may call what: the one table that the application is held to.

A line is an endpoint, then for each method who passes: ``EVERYONE``, ``SIGNED_IN`` or roles.
An endpoint that is not here fails the tests, and so does one here that is gone.
"""

from __future__ import annotations

from app.core.access import Role

EVERYONE = "everyone"
#: Anybody passes the door; the view then asks for a partner's token, which no session replaces.
BY_TOKEN = "a partner’s token"
SIGNED_IN = frozenset(Role)
ADMIN = frozenset({Role.ADMINISTRATOR})
ANALYSTS = frozenset({Role.ADMINISTRATOR, Role.ANALYST})
READERS = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.OBSERVER})
ENTRY = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_ENTRY})

MODERATORS = frozenset({Role.ADMINISTRATOR, Role.MODERATOR, Role.COORDINATOR})
CALLERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
ORIGINALS = frozenset({Role.ADMINISTRATOR, Role.MODERATOR, Role.ANALYST})

Passes = str | frozenset[Role]

TABLE: dict[str, dict[str, Passes]] = {
    "static": {"GET": EVERYONE},
    "sheet": {"GET": EVERYONE},
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
    "submissions.report_words": {"GET": EVERYONE},
    "submissions.report_words_send": {"POST": EVERYONE},
    "submissions.pages": {"GET": EVERYONE},
    "submissions.worker": {"GET": EVERYONE},
    "submissions.device": {"GET": EVERYONE},
    "submissions.name_draft": {"POST": EVERYONE},
    "submissions.device_qr": {"GET": EVERYONE},
    "submissions.resume": {"GET": EVERYONE},
    "submissions.look_up_draft": {"POST": EVERYONE},
    "submissions.take_up": {"GET": EVERYONE},
    "submissions.take": {"POST": EVERYONE},
    "submissions.erase": {"GET": EVERYONE},
    "submissions.erase_device": {"POST": EVERYONE},
    "commitments.find": {"GET": EVERYONE},
    "commitments.look_up": {"POST": EVERYONE},
    "commitments.contribution": {"GET": EVERYONE},
    "commitments.attachment": {"GET": EVERYONE},
    "reports.results": {"GET": EVERYONE},
    "reports.theme": {"GET": EVERYONE},
    "reports.show": {"GET": EVERYONE},
    "reports.data": {"GET": EVERYONE},
    "reports.download": {"GET": EVERYONE},
    # the interface for programs: submissions are held to a partner's token by the view
    "api.documentation": {"GET": EVERYONE},
    "rest.consultations": {"GET": EVERYONE},
    "rest.consultation": {"GET": EVERYONE},
    "rest.questionnaires": {"GET": EVERYONE},
    "rest.questionnaire": {"GET": EVERYONE},
    "rest.results": {"GET": EVERYONE},
    "rest.themes": {"GET": EVERYONE},
    "rest.open_data": {"GET": EVERYONE},
    "rest.open_data_csv": {"GET": EVERYONE},
    "rest.openapi": {"GET": EVERYONE},
    "rest.send": {"POST": BY_TOKEN},
    # signing in
    "security.login": {"GET": EVERYONE, "POST": EVERYONE},
    "security.logout": {"POST": EVERYONE},
    "security.change_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    # staff
    "site.staff": {"GET": SIGNED_IN},
    "submissions.index": {"GET": SIGNED_IN},
    "submissions.show": {"GET": SIGNED_IN},
    "submissions.collection": {"GET": SIGNED_IN},
    "submissions.targets": {"GET": ANALYSTS},
    "submissions.targets_save": {"POST": ANALYSTS},
    "submissions.calls": {"GET": CALLERS},
    "submissions.calls_file": {"POST": CALLERS},
    "submissions.moderation": {"GET": MODERATORS},
    "submissions.moderation_accept": {"POST": MODERATORS},
    "submissions.moderation_case": {"GET": MODERATORS},
    "submissions.moderation_decide": {"POST": MODERATORS},
    "submissions.moderation_mask": {"POST": MODERATORS},
    "submissions.original": {"POST": ORIGINALS},
    "submissions.staff_report": {"GET": SIGNED_IN},
    "submissions.staff_report_send": {"POST": SIGNED_IN},
    "submissions.attachment": {"GET": SIGNED_IN},
    "submissions.paper": {"GET": ENTRY},
    "submissions.paper_print": {"POST": ENTRY},
    "submissions.paper_find": {"POST": ENTRY},
    "submissions.paper_run": {"GET": ENTRY},
    "submissions.paper_pdf": {"GET": ENTRY},
    "submissions.paper_copy": {"GET": ENTRY},
    "submissions.paper_enter": {"POST": ENTRY},
    "submissions.assisted": {"GET": ENTRY},
    "submissions.assisted_enter": {"POST": ENTRY},
    "submissions.paper_differences": {"GET": ENTRY},
    "submissions.paper_settle": {"POST": ENTRY},
    "submissions.imports": {"GET": ENTRY},
    "submissions.import_upload": {"POST": ENTRY},
    "submissions.import_map": {"GET": ENTRY},
    "submissions.import_decide": {"POST": ENTRY},
    "submissions.import_refused": {"GET": ENTRY},
    "submissions.import_report": {"GET": ENTRY},
    "submissions.import_report_refused": {"GET": ENTRY},
    "submissions.import_checking": {"GET": ENTRY},
    "submissions.import_progress": {"GET": ENTRY},
    "submissions.import_stop": {"POST": ENTRY},
    "submissions.import_receipts": {"POST": ENTRY},
    "submissions.import_mapping": {"GET": ENTRY},
    "submissions.import_mapping_rename": {"POST": ENTRY},
    "submissions.import_mapping_delete": {"POST": ENTRY},
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
    "accounts.index": {"GET": ADMIN},
    "accounts.create": {"GET": ADMIN, "POST": ADMIN},
    "accounts.edit": {"GET": ADMIN, "POST": ADMIN},
    "accounts.audit": {"GET": ADMIN},
    "api.partners": {"GET": ADMIN},
    "api.partner_create": {"POST": ADMIN},
    "api.partner_revoke": {"POST": ADMIN},
    "mail.index": {"GET": ADMIN},
    "mail.show": {"GET": ADMIN},
    "mail.retry": {"POST": ADMIN},
}
