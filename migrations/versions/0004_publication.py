"""publication

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('report_subscriptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("lang IN ('fr', 'ar', 'en')", name=op.f('ck_report_subscriptions_lang_is_known')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_report_subscriptions_consultation_id_consultations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_subscriptions')),
    sa.UniqueConstraint('consultation_id', 'email', name=op.f('uq_report_subscriptions_consultation_id_email')),
    sa.UniqueConstraint('token', name=op.f('uq_report_subscriptions_token'))
    )
    op.create_table('measures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=False),
    sa.Column('parties', sa.JSON(), nullable=False),
    sa.Column('amount_mad', sa.BigInteger(), nullable=True),
    sa.Column('region_code', sa.String(length=2), nullable=True),
    sa.Column('province_code', sa.String(length=6), nullable=True),
    sa.Column('commune_code', sa.String(length=14), nullable=True),
    sa.Column('axis_id', sa.Integer(), nullable=True),
    sa.Column('population_id', sa.Integer(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('source_url', sa.String(length=500), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('measure', 'convention', 'programme')", name=op.f('ck_measures_kind_is_known')),
    sa.CheckConstraint("state IN ('planned', 'signed', 'under_way', 'done', 'suspended', 'abandoned')", name=op.f('ck_measures_state_is_known')),
    sa.CheckConstraint('amount_mad >= 0', name=op.f('ck_measures_amount_is_not_negative')),
    sa.CheckConstraint('commune_code IS NULL OR province_code IS NOT NULL', name=op.f('ck_measures_place_goes_up')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_measures_ends_after_it_starts')),
    sa.CheckConstraint('province_code IS NULL OR region_code IS NOT NULL', name=op.f('ck_measures_place_is_whole')),
    sa.ForeignKeyConstraint(['axis_id'], ['strategy_axes.id'], name=op.f('fk_measures_axis_id_strategy_axes'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['commune_code'], ['communes.code'], name=op.f('fk_measures_commune_code_communes')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_measures_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['population_id'], ['target_populations.id'], name=op.f('fk_measures_population_id_target_populations'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['province_code'], ['provinces.code'], name=op.f('fk_measures_province_code_provinces')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_measures_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measures')),
    sa.UniqueConstraint('consultation_id', 'key', name=op.f('uq_measures_consultation_id_key'))
    )
    with op.batch_alter_table('measures', schema=None) as batch_op:
        batch_op.create_index('ix_measures_place', ['consultation_id', 'region_code'], unique=False)

    op.create_table('measure_documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(file_id IS NULL) <> (url = '')", name=op.f('ck_measure_documents_a_file_or_an_address')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_measure_documents_file_id_stored_files')),
    sa.ForeignKeyConstraint(['measure_id'], ['measures.id'], name=op.f('fk_measure_documents_measure_id_measures'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_documents'))
    )
    with op.batch_alter_table('measure_documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_documents_measure_id'), ['measure_id'], unique=False)

    op.create_table('measure_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_label', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_measure_events_actor_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['measure_id'], ['measures.id'], name=op.f('fk_measure_events_measure_id_measures'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_events')),
    sa.UniqueConstraint('measure_id', 'revision', name=op.f('uq_measure_events_measure_id_revision'))
    )
    op.create_table('measure_milestones',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['measure_id'], ['measures.id'], name=op.f('fk_measure_milestones_measure_id_measures'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_milestones')),
    sa.UniqueConstraint('measure_id', 'position', name=op.f('uq_measure_milestones_measure_id_position'))
    )
    op.create_table('measure_themes',
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['measure_id'], ['measures.id'], name=op.f('fk_measure_themes_measure_id_measures'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_measure_themes_theme_id_themes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('measure_id', 'theme_id', name=op.f('pk_measure_themes'))
    )
    with op.batch_alter_table('measure_themes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_themes_theme_id'), ['theme_id'], unique=False)

    op.create_table('report_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('outline', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'published', 'discarded')", name=op.f('ck_report_drafts_state_is_known')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_report_drafts_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_report_drafts_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_report_drafts_report_id_reports'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['analysis_runs.id'], name=op.f('fk_report_drafts_run_id_analysis_runs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_drafts'))
    )
    with op.batch_alter_table('report_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_drafts_consultation_id'), ['consultation_id'], unique=False)
        batch_op.create_index('uq_report_drafts_open', ['consultation_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('theme_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.Column('passed_to', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('taken_up', 'partly', 'not_taken_up', 'beyond_remit')", name=op.f('ck_theme_answers_state_is_known')),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_theme_answers_revisions_count_from_one')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_theme_answers_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_theme_answers_theme_id_themes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_answers')),
    sa.UniqueConstraint('theme_id', name=op.f('uq_theme_answers_theme_id'))
    )
    with op.batch_alter_table('theme_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_answers_consultation_id'), ['consultation_id'], unique=False)

    op.create_table('report_approvals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('user_label', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['report_drafts.id'], name=op.f('fk_report_approvals_draft_id_report_drafts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_report_approvals_user_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_approvals')),
    sa.UniqueConstraint('draft_id', 'user_id', 'sha256', name=op.f('uq_report_approvals_draft_id_user_id_sha256'))
    )
    op.create_table('report_comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=80), nullable=False),
    sa.Column('claim', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('author_label', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_label', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(settled_at IS NULL) = (settled_by_label = '')", name=op.f('ck_report_comments_settled_by_somebody')),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_report_comments_author_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['draft_id'], ['report_drafts.id'], name=op.f('fk_report_comments_draft_id_report_drafts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_comments'))
    )
    with op.batch_alter_table('report_comments', schema=None) as batch_op:
        batch_op.create_index('ix_report_comments_draft', ['draft_id', 'section'], unique=False)

    op.create_table('theme_answer_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.Column('passed_to', sa.JSON(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_label', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state IN ('taken_up', 'partly', 'not_taken_up', 'beyond_remit')", name=op.f('ck_theme_answer_versions_state_is_known')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_theme_answer_versions_actor_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['answer_id'], ['theme_answers.id'], name=op.f('fk_theme_answer_versions_answer_id_theme_answers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_answer_versions')),
    sa.UniqueConstraint('answer_id', 'revision', name=op.f('uq_theme_answer_versions_answer_id_revision'))
    )
    op.create_table('measure_passages',
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('passage_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['measure_id'], ['measures.id'], name=op.f('fk_measure_passages_measure_id_measures'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.id'], name=op.f('fk_measure_passages_passage_id_passages'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('measure_id', 'passage_id', name=op.f('pk_measure_passages'))
    )
    with op.batch_alter_table('measure_passages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_passages_passage_id'), ['passage_id'], unique=False)

    with op.batch_alter_table('consultations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('publishes_words', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('label', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('changes', sa.JSON(), nullable=False, server_default='{}'))

    # What was published before is numbered as it was.
    op.execute("UPDATE reports SET label = version || '.0'")
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.alter_column('label', server_default=None, existing_type=sa.String(length=16), existing_nullable=False)
        batch_op.alter_column('changes', server_default=None, existing_type=sa.JSON(), existing_nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_reports_consultation_id_label'), ['consultation_id', 'label'])


def downgrade():
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_reports_consultation_id_label'), type_='unique')
        batch_op.drop_column('changes')
        batch_op.drop_column('label')

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_column('stopped_at')

    with op.batch_alter_table('consultations', schema=None) as batch_op:
        batch_op.drop_column('publishes_words')

    with op.batch_alter_table('measure_passages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_measure_passages_passage_id'))

    op.drop_table('measure_passages')
    op.drop_table('theme_answer_versions')
    with op.batch_alter_table('report_comments', schema=None) as batch_op:
        batch_op.drop_index('ix_report_comments_draft')

    op.drop_table('report_comments')
    op.drop_table('report_approvals')
    with op.batch_alter_table('theme_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_answers_consultation_id'))

    op.drop_table('theme_answers')
    with op.batch_alter_table('report_drafts', schema=None) as batch_op:
        batch_op.drop_index('uq_report_drafts_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_report_drafts_consultation_id'))

    op.drop_table('report_drafts')
    with op.batch_alter_table('measure_themes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_measure_themes_theme_id'))

    op.drop_table('measure_themes')
    op.drop_table('measure_milestones')
    op.drop_table('measure_events')
    with op.batch_alter_table('measure_documents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_measure_documents_measure_id'))

    op.drop_table('measure_documents')
    with op.batch_alter_table('measures', schema=None) as batch_op:
        batch_op.drop_index('ix_measures_place')

    op.drop_table('measures')
    op.drop_table('report_subscriptions')
