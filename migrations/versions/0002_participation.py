"""participation

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

CHANNELS = "'web', 'import', 'paper', 'assisted', 'meeting', 'api'"
KINDS = (
    "'single_choice', 'multiple_choice', 'scale', 'matrix', 'ranking', 'budget', 'number', 'date', "
    "'short_text', 'long_text', 'file', 'territory', 'organisation', 'consent', 'note'"
)


def upgrade():
    op.create_table('letters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('recipient', sa.String(length=255), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('enclosures', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('n_tries', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_letters_sent_at_an_instant')),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f('ck_letters_state_is_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    sa.UniqueConstraint('key', name=op.f('uq_letters_key'))
    )
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.create_index('ix_letters_state', ['state', 'next_try_at'], unique=False)

    op.create_table('digests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_digests_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_digests_region_code_regions')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_digests_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digests')),
    sa.UniqueConstraint('consultation_id', 'user_id', 'region_code', 'on', name=op.f('uq_digests_consultation_id_user_id_region_code_on'))
    )
    op.create_table('meetings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.JSON(), nullable=False),
    sa.Column('room', sa.JSON(), nullable=False),
    sa.Column('address', sa.JSON(), nullable=False),
    sa.Column('remote_url', sa.String(length=500), nullable=False),
    sa.Column('agenda', sa.JSON(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('minutes_state', sa.String(length=16), nullable=False),
    sa.Column('circulated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contest_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("minutes_state <> 'circulated' OR contest_until IS NOT NULL", name=op.f('ck_meetings_circulated_until_an_instant')),
    sa.CheckConstraint("minutes_state IN ('writing', 'circulated', 'settled')", name=op.f('ck_meetings_minutes_state_is_known')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_meetings_ends_after_starting')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_meetings_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_meetings_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_meetings_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings'))
    )
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.create_index('ix_meetings_consultation', ['consultation_id', 'starts_at'], unique=False)

    op.create_table('partners',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('token_start', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_partners_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_partners_created_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners')),
    sa.UniqueConstraint('name', name=op.f('uq_partners_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_partners_token_hash'))
    )
    op.create_table('saved_mappings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('header', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("source IN ('kobo', 'odk', 'limesurvey', 'sheet')", name=op.f('ck_saved_mappings_source_is_known')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_saved_mappings_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_saved_mappings_created_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_mappings')),
    sa.UniqueConstraint('consultation_id', 'name', name=op.f('uq_saved_mappings_consultation_id_name'))
    )
    op.create_table('stored_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('n_pages', sa.Integer(), nullable=True),
    sa.Column('text_state', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('page_starts', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("text_state IN ('none', 'read', 'empty', 'unreadable')", name=op.f('ck_stored_files_text_state_is_known')),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_stored_files_sha256_form')),
    sa.CheckConstraint('size >= 0', name=op.f('ck_stored_files_size_not_negative')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_stored_files_created_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_files')),
    sa.UniqueConstraint('token', name=op.f('uq_stored_files_token'))
    )
    op.create_table('targets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=False),
    sa.Column('actor_group', sa.String(length=20), nullable=False),
    sa.Column('n_wanted', sa.Integer(), nullable=False),
    sa.CheckConstraint('n_wanted >= 0', name=op.f('ck_targets_not_negative')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_targets_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_targets_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_targets')),
    sa.UniqueConstraint('consultation_id', 'region_code', 'actor_group', name=op.f('uq_targets_consultation_id_region_code_actor_group'))
    )
    op.create_table('attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('questionnaire_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=3), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('furthest_position', sa.Integer(), nullable=False),
    sa.Column('has_checked', sa.Boolean(), nullable=False),
    sa.Column('is_sent', sa.Boolean(), nullable=False),
    sa.CheckConstraint('furthest_position >= 1', name=op.f('ck_attempts_sections_count_from_one')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_attempts_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaires.id'], name=op.f('fk_attempts_questionnaire_id_questionnaires')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index('ix_attempts_consultation', ['consultation_id', 'begun_at'], unique=False)

    op.create_table('paper_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('questionnaire_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('destination', sa.String(length=200), nullable=False),
    sa.Column('n_copies', sa.Integer(), nullable=False),
    sa.Column('double_share', sa.Double(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('n_copies >= 1', name=op.f('ck_paper_runs_has_copies')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_paper_runs_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_paper_runs_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaires.id'], name=op.f('fk_paper_runs_questionnaire_id_questionnaires')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_paper_runs_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_runs'))
    )
    with op.batch_alter_table('paper_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_runs_consultation_id'), ['consultation_id'], unique=False)

    op.create_table('workshops',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('facilitator', sa.String(length=200), nullable=False),
    sa.Column('rapporteur', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_workshops_meeting_id_meetings'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshops')),
    sa.UniqueConstraint('meeting_id', 'position', name=op.f('uq_workshops_meeting_id_position'))
    )
    op.create_table('organisations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('folded_name', sa.Text(), nullable=False),
    sa.Column('acronym', sa.String(length=40), nullable=False),
    sa.Column('actor_type', sa.String(length=24), nullable=False),
    sa.Column('region_code', sa.String(length=2), nullable=False),
    sa.Column('province_code', sa.String(length=6), nullable=True),
    sa.Column('commune_code', sa.String(length=14), nullable=True),
    sa.Column('registration', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=True),
    sa.Column('source_id', sa.String(length=120), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'declared') = (decided_at IS NULL)", name=op.f('ck_organisations_decided_at_an_instant')),
    sa.CheckConstraint("actor_type IN ('citizen', 'association', 'cooperative', 'territorial_council', 'consultative_body', 'elected_official', 'local_authority', 'public_service', 'social_institution', 'indh', 'university', 'private_sector', 'judiciary', 'expert', 'unknown')", name=op.f('ck_organisations_actor_type_is_known')),
    sa.CheckConstraint("state IN ('declared', 'verified', 'refused')", name=op.f('ck_organisations_state_is_known')),
    sa.ForeignKeyConstraint(['commune_code'], ['communes.code'], name=op.f('fk_organisations_commune_code_communes')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_organisations_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_organisations_decided_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['province_code'], ['provinces.code'], name=op.f('fk_organisations_province_code_provinces')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_organisations_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('source', 'source_id', name=op.f('uq_organisations_source_source_id'))
    )
    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.create_index('ix_organisations_place', ['region_code', 'actor_type'], unique=False)

    op.create_table('mandates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("role IN ('signatory', 'delegate', 'member')", name=op.f('ck_mandates_role_is_known')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= begins_on', name=op.f('ck_mandates_ends_after_beginning')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_mandates_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_mandates_organisation_id_organisations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mandates_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandates')),
    sa.UniqueConstraint('organisation_id', 'user_id', name=op.f('uq_mandates_organisation_id_user_id'))
    )
    with op.batch_alter_table('mandates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mandates_user_id'), ['user_id'], unique=False)

    op.create_table('organisation_contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_organisation_contacts_organisation_id_organisations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_contacts')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_organisation_contacts_organisation_id'))
    )
    op.create_table('participants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('organisation_name', sa.String(length=300), nullable=False),
    sa.Column('actor_type', sa.String(length=24), nullable=False),
    sa.Column('email_key', sa.String(length=64), nullable=True),
    sa.Column('workshop_id', sa.Integer(), nullable=True),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('origin', sa.String(length=16), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=3), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('was_present', sa.Boolean(), nullable=True),
    sa.Column('is_remote', sa.Boolean(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("actor_type IN ('citizen', 'association', 'cooperative', 'territorial_council', 'consultative_body', 'elected_official', 'local_authority', 'public_service', 'social_institution', 'indh', 'university', 'private_sector', 'judiciary', 'expert', 'unknown')", name=op.f('ck_participants_actor_type_is_known')),
    sa.CheckConstraint("answer IN ('', 'yes', 'no')", name=op.f('ck_participants_answer_is_known')),
    sa.CheckConstraint("origin IN ('invited', 'registered', 'list')", name=op.f('ck_participants_origin_is_known')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_participants_meeting_id_meetings'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['noted_by_id'], ['users.id'], name=op.f('fk_participants_noted_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_participants_organisation_id_organisations'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_participants_workshop_id_workshops'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participants')),
    sa.UniqueConstraint('meeting_id', 'email_key', name=op.f('uq_participants_meeting_id_email_key')),
    sa.UniqueConstraint('token', name=op.f('uq_participants_token'))
    )
    op.create_table('contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f('ck_contacts_reaches_someone')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_contacts_submission_id_submissions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_contacts_submission_id'))
    )
    op.create_table('data_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_data_requests_decided_at_an_instant')),
    sa.CheckConstraint("kind IN ('access', 'correction', 'erasure', 'objection')", name=op.f('ck_data_requests_kind_is_known')),
    sa.CheckConstraint("state IN ('open', 'granted', 'refused')", name=op.f('ck_data_requests_state_is_known')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_data_requests_decided_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_data_requests_submission_id_submissions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_requests'))
    )
    with op.batch_alter_table('data_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_requests_submission_id'), ['submission_id'], unique=False)
        batch_op.create_index('uq_data_requests_open', ['submission_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('entry_records',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('typed_by_id', sa.Integer(), nullable=True),
    sa.Column('typed_by', sa.String(length=200), nullable=False),
    sa.Column('typed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scan_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("source IN ('paper', 'telephone', 'counter', 'visit', 'letter', 'meeting')", name=op.f('ck_entry_records_source_is_known')),
    sa.ForeignKeyConstraint(['scan_id'], ['stored_files.id'], name=op.f('fk_entry_records_scan_id_stored_files'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_entry_records_submission_id_submissions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['typed_by_id'], ['users.id'], name=op.f('fk_entry_records_typed_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_records')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_entry_records_submission_id'))
    )
    with op.batch_alter_table('entry_records', schema=None) as batch_op:
        batch_op.create_index('ix_entry_records_typist', ['typed_by_id', 'typed_at'], unique=False)

    op.create_table('minute_points',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=True),
    sa.Column('speaker', sa.String(length=16), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('organisation_name', sa.String(length=300), nullable=False),
    sa.Column('actor_type', sa.String(length=24), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('typed_by_id', sa.Integer(), nullable=True),
    sa.Column('typed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("actor_type IN ('citizen', 'association', 'cooperative', 'territorial_council', 'consultative_body', 'elected_official', 'local_authority', 'public_service', 'social_institution', 'indh', 'university', 'private_sector', 'judiciary', 'expert', 'unknown')", name=op.f('ck_minute_points_actor_type_is_known')),
    sa.CheckConstraint("speaker <> 'organisation' OR organisation_name <> ''", name=op.f('ck_minute_points_an_organisation_has_a_name')),
    sa.CheckConstraint("speaker <> 'workshop' OR workshop_id IS NOT NULL", name=op.f('ck_minute_points_a_workshop_has_a_name')),
    sa.CheckConstraint("speaker IN ('organisation', 'workshop', 'plenary')", name=op.f('ck_minute_points_speaker_is_known')),
    sa.CheckConstraint("state IN ('standing', 'taken_out')", name=op.f('ck_minute_points_state_is_known')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_minute_points_meeting_id_meetings'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_minute_points_organisation_id_organisations'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_minute_points_submission_id_submissions'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['typed_by_id'], ['users.id'], name=op.f('fk_minute_points_typed_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_minute_points_workshop_id_workshops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minute_points')),
    sa.UniqueConstraint('meeting_id', 'position', name=op.f('uq_minute_points_meeting_id_position'))
    )
    with op.batch_alter_table('minute_points', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_minute_points_submission_id'), ['submission_id'], unique=False)

    op.create_table('moderation_cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_moderation_cases_decided_at_an_instant')),
    sa.CheckConstraint("reason IN ('personal_data', 'insult', 'hatred', 'off_topic', 'advertising', 'duplicate', 'other')", name=op.f('ck_moderation_cases_reason_is_known')),
    sa.CheckConstraint("source IN ('machine', 'staff', 'public')", name=op.f('ck_moderation_cases_source_is_known')),
    sa.CheckConstraint("state IN ('open', 'kept', 'masked', 'hidden')", name=op.f('ck_moderation_cases_state_is_known')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_moderation_cases_decided_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['opened_by_id'], ['users.id'], name=op.f('fk_moderation_cases_opened_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_moderation_cases_submission_id_submissions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_cases'))
    )
    with op.batch_alter_table('moderation_cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_cases_submission_id'), ['submission_id'], unique=False)
        batch_op.create_index('uq_moderation_cases_open', ['submission_id', 'reason'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('paper_forms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('is_double', sa.Boolean(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['paper_runs.id'], name=op.f('fk_paper_forms_run_id_paper_runs'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_paper_forms_submission_id_submissions'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_forms')),
    sa.UniqueConstraint('code', name=op.f('uq_paper_forms_code')),
    sa.UniqueConstraint('run_id', 'number', name=op.f('uq_paper_forms_run_id_number')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_paper_forms_submission_id'))
    )
    op.create_table('participant_contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_participant_contacts_participant_id_participants'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_contacts')),
    sa.UniqueConstraint('participant_id', name=op.f('uq_participant_contacts_participant_id'))
    )
    op.create_table('submission_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('questionnaire_id', sa.Integer(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('lang', sa.String(length=3), nullable=False),
    sa.Column('stood_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaires.id'], name=op.f('fk_submission_versions_questionnaire_id_questionnaires')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['users.id'], name=op.f('fk_submission_versions_replaced_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_submission_versions_submission_id_submissions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_versions')),
    sa.UniqueConstraint('submission_id', 'number', name=op.f('uq_submission_versions_submission_id_number'))
    )
    op.create_table('attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=True),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('answer', 'scan')", name=op.f('ck_attachments_role_is_known')),
    sa.CheckConstraint('draft_id IS NOT NULL OR submission_id IS NOT NULL', name=op.f('ck_attachments_belongs_to_something')),
    sa.ForeignKeyConstraint(['draft_id'], ['drafts.id'], name=op.f('fk_attachments_draft_id_drafts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_attachments_file_id_stored_files')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_attachments_submission_id_submissions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments')),
    sa.UniqueConstraint('file_id', name=op.f('uq_attachments_file_id'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index('ix_attachments_draft', ['draft_id'], unique=False)
        batch_op.create_index('ix_attachments_submission', ['submission_id'], unique=False)

    op.create_table('paper_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('typed_by_id', sa.Integer(), nullable=False),
    sa.Column('typed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('differences', sa.JSON(), nullable=False),
    sa.CheckConstraint('turn IN (1, 2)', name=op.f('ck_paper_entries_typed_once_or_twice')),
    sa.ForeignKeyConstraint(['form_id'], ['paper_forms.id'], name=op.f('fk_paper_entries_form_id_paper_forms'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['typed_by_id'], ['users.id'], name=op.f('fk_paper_entries_typed_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_entries')),
    sa.UniqueConstraint('form_id', 'turn', name=op.f('uq_paper_entries_form_id_turn')),
    sa.UniqueConstraint('form_id', 'typed_by_id', name=op.f('uq_paper_entries_form_id_typed_by_id'))
    )
    op.create_table('point_replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('point_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposal', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("verdict <> 'contested' OR reason <> ''", name=op.f('ck_point_replies_contested_with_a_reason')),
    sa.CheckConstraint("verdict IN ('validated', 'contested')", name=op.f('ck_point_replies_verdict_is_known')),
    sa.ForeignKeyConstraint(['participant_id'], ['participants.id'], name=op.f('fk_point_replies_participant_id_participants'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['point_id'], ['minute_points.id'], name=op.f('fk_point_replies_point_id_minute_points'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_replies')),
    sa.UniqueConstraint('point_id', 'participant_id', 'version', name=op.f('uq_point_replies_point_id_participant_id_version'))
    )
    op.create_table('positions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=True),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('signed_as', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name=op.f('ck_positions_signed_at_an_instant')),
    sa.CheckConstraint("state IN ('drafting', 'proposed', 'signed')", name=op.f('ck_positions_state_is_known')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_positions_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_positions_created_by_id_users')),
    sa.ForeignKeyConstraint(['draft_id'], ['drafts.id'], name=op.f('fk_positions_draft_id_drafts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_positions_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['users.id'], name=op.f('fk_positions_signed_by_id_users')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_positions_submission_id_submissions'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_positions')),
    sa.UniqueConstraint('consultation_id', 'organisation_id', name=op.f('uq_positions_consultation_id_organisation_id')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_positions_submission_id'))
    )
    op.create_table('redactions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('is_lifted', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("source IN ('machine', 'staff', 'author')", name=op.f('ck_redactions_source_is_known')),
    sa.CheckConstraint('"end" > start AND start >= 0', name=op.f('ck_redactions_offsets_are_ordered')),
    sa.ForeignKeyConstraint(['answer_id'], ['answers.id'], name=op.f('fk_redactions_answer_id_answers'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_redactions_created_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redactions')),
    sa.UniqueConstraint('answer_id', 'start', 'end', name=op.f('uq_redactions_answer_id_start_end'))
    )
    op.create_table('position_approvals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_position_approvals_position_id_positions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_position_approvals_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position_approvals')),
    sa.UniqueConstraint('position_id', 'user_id', 'revision', name=op.f('uq_position_approvals_position_id_user_id_revision'))
    )
    op.create_table('position_comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_position_comments_position_id_positions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['users.id'], name=op.f('fk_position_comments_resolved_by_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_position_comments_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position_comments'))
    )
    with op.batch_alter_table('position_comments', schema=None) as batch_op:
        batch_op.create_index('ix_position_comments_position', ['position_id', 'at'], unique=False)

    op.create_table('position_edits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_position_edits_position_id_positions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_position_edits_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position_edits'))
    )
    with op.batch_alter_table('position_edits', schema=None) as batch_op:
        batch_op.create_index('ix_position_edits_position', ['position_id', 'at'], unique=False)

    with op.batch_alter_table('consultations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contacts_kept_days', sa.Integer(), server_default='365', nullable=False))

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('section_revisions', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('attempt_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('corrects_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_drafts_corrects_id'), ['corrects_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_drafts_code'), ['code'])
        batch_op.create_foreign_key('fk_drafts_corrects', 'submissions', ['corrects_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key('fk_drafts_attempt', 'attempts', ['attempt_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('job_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_import_batches_job', 'jobs', ['job_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('questionnaires', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=16), server_default='published', nullable=False))
        batch_op.add_column(sa.Column('created_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('created_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('published_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('source', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('uq_questionnaires_draft', ['consultation_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.create_foreign_key(batch_op.f('fk_questionnaires_created_by_id_users'), 'users', ['created_by_id'], ['id'], ondelete='SET NULL')

    # What stood before was published when its consultation was made.
    op.execute(
        "UPDATE questionnaires SET created_at = made.created_at, published_at = made.created_at "
        "FROM consultations AS made WHERE made.id = questionnaires.consultation_id"
    )
    with op.batch_alter_table('questionnaires', schema=None) as batch_op:
        batch_op.alter_column('created_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_check_constraint(op.f('ck_questionnaires_state_is_known'), "state IN ('draft', 'published')")
        batch_op.create_check_constraint(op.f('ck_questionnaires_published_at_an_instant'), "(state = 'published') = (published_at IS NOT NULL)")

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('validity', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('source', sa.JSON(), server_default='{}', nullable=False))

    with op.batch_alter_table('sections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('visible_if', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('source', sa.JSON(), server_default='{}', nullable=False))
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_questions_kind_is_known'), f"kind IN ({KINDS})")

    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=16), server_default='received', nullable=False))
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_official', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('screened_version', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('hidden_reason', sa.String(length=40), server_default='', nullable=False))
        batch_op.create_index(batch_op.f('ix_submissions_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_submissions_official', ['consultation_id', 'organisation_id'], unique=True, sqlite_where=sa.text("is_official AND state = 'received'"), postgresql_where=sa.text("is_official AND state = 'received'"))
        batch_op.create_foreign_key('fk_submissions_organisation', 'organisations', ['organisation_id'], ['id'])
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_submissions_channel_is_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_submissions_channel_is_known'), f"channel IN ({CHANNELS})")
        batch_op.create_check_constraint(op.f('ck_submissions_state_is_known'), "state IN ('received', 'withdrawn', 'erased')")
        batch_op.create_check_constraint(op.f('ck_submissions_versions_count_from_one'), "version >= 1")
        batch_op.create_check_constraint(op.f('ck_submissions_official_for_an_organisation'), "NOT is_official OR organisation_id IS NOT NULL")


def downgrade():
    # The first schema knows two channels.
    op.execute("UPDATE submissions SET channel = 'import' WHERE channel NOT IN ('web', 'import')")
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        for name in ('channel_is_known', 'state_is_known', 'versions_count_from_one', 'official_for_an_organisation'):
            batch_op.drop_constraint(op.f(f'ck_submissions_{name}'), type_='check')
        batch_op.drop_constraint('fk_submissions_organisation', type_='foreignkey')
        batch_op.drop_index('uq_submissions_official', sqlite_where=sa.text("is_official AND state = 'received'"), postgresql_where=sa.text("is_official AND state = 'received'"))
        batch_op.drop_index(batch_op.f('ix_submissions_organisation_id'))
        batch_op.drop_column('hidden_reason')
        batch_op.drop_column('screened_version')
        batch_op.drop_column('is_official')
        batch_op.drop_column('organisation_id')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('version')
        batch_op.drop_column('state')
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_submissions_channel_is_known'), "channel IN ('web', 'import')")

    with op.batch_alter_table('sections', schema=None) as batch_op:
        batch_op.drop_column('source')
        batch_op.drop_column('visible_if')
        batch_op.drop_column('key')

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_questions_kind_is_known'), type_='check')
        batch_op.drop_column('source')
        batch_op.drop_column('validity')

    with op.batch_alter_table('questionnaires', schema=None) as batch_op:
        for name in ('state_is_known', 'published_at_an_instant'):
            batch_op.drop_constraint(op.f(f'ck_questionnaires_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_questionnaires_created_by_id_users'), type_='foreignkey')
        batch_op.drop_index('uq_questionnaires_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_column('source')
        batch_op.drop_column('published_at')
        batch_op.drop_column('created_by_id')
        batch_op.drop_column('created_at')
        batch_op.drop_column('state')

    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_constraint('fk_import_batches_job', type_='foreignkey')
        batch_op.drop_column('job_id')

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_constraint('fk_drafts_attempt', type_='foreignkey')
        batch_op.drop_constraint('fk_drafts_corrects', type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_drafts_code'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_drafts_corrects_id'))
        batch_op.drop_column('corrects_id')
        batch_op.drop_column('attempt_id')
        batch_op.drop_column('section_revisions')
        batch_op.drop_column('revision')
        batch_op.drop_column('code')

    with op.batch_alter_table('consultations', schema=None) as batch_op:
        batch_op.drop_column('contacts_kept_days')

    with op.batch_alter_table('position_edits', schema=None) as batch_op:
        batch_op.drop_index('ix_position_edits_position')

    op.drop_table('position_edits')
    with op.batch_alter_table('position_comments', schema=None) as batch_op:
        batch_op.drop_index('ix_position_comments_position')

    op.drop_table('position_comments')
    op.drop_table('position_approvals')
    op.drop_table('redactions')
    op.drop_table('positions')
    op.drop_table('point_replies')
    op.drop_table('paper_entries')
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_index('ix_attachments_submission')
        batch_op.drop_index('ix_attachments_draft')

    op.drop_table('attachments')
    op.drop_table('submission_versions')
    op.drop_table('participant_contacts')
    op.drop_table('paper_forms')
    with op.batch_alter_table('moderation_cases', schema=None) as batch_op:
        batch_op.drop_index('uq_moderation_cases_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_moderation_cases_submission_id'))

    op.drop_table('moderation_cases')
    with op.batch_alter_table('minute_points', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_minute_points_submission_id'))

    op.drop_table('minute_points')
    with op.batch_alter_table('entry_records', schema=None) as batch_op:
        batch_op.drop_index('ix_entry_records_typist')

    op.drop_table('entry_records')
    with op.batch_alter_table('data_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_data_requests_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_data_requests_submission_id'))

    op.drop_table('data_requests')
    op.drop_table('contacts')
    op.drop_table('participants')
    op.drop_table('organisation_contacts')
    with op.batch_alter_table('mandates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mandates_user_id'))

    op.drop_table('mandates')
    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.drop_index('ix_organisations_place')

    op.drop_table('organisations')
    op.drop_table('workshops')
    with op.batch_alter_table('paper_runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_paper_runs_consultation_id'))

    op.drop_table('paper_runs')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('ix_attempts_consultation')

    op.drop_table('attempts')
    op.drop_table('targets')
    op.drop_table('stored_files')
    op.drop_table('saved_mappings')
    op.drop_table('partners')
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.drop_index('ix_meetings_consultation')

    op.drop_table('meetings')
    op.drop_table('digests')
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.drop_index('ix_letters_state')

    op.drop_table('letters')
