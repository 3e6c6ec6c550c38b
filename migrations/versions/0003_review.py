"""review

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

STATES = "'active', 'merged', 'excluded', 'proposed', 'refused', 'ended'"


def upgrade():
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.create_index('ix_submissions_state', ['consultation_id', 'state'], unique=False)

    op.create_table('coding_rounds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('first_coder_id', sa.Integer(), nullable=False),
    sa.Column('second_coder_id', sa.Integer(), nullable=False),
    sa.Column('third_coder_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.CheckConstraint('first_coder_id <> second_coder_id', name=op.f('ck_coding_rounds_two_coders')),
    sa.CheckConstraint('size > 0', name=op.f('ck_coding_rounds_has_a_size')),
    sa.CheckConstraint('third_coder_id <> first_coder_id AND third_coder_id <> second_coder_id', name=op.f('ck_coding_rounds_the_third_is_another')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_coding_rounds_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['first_coder_id'], ['users.id'], name=op.f('fk_coding_rounds_first_coder_id_users')),
    sa.ForeignKeyConstraint(['run_id'], ['analysis_runs.id'], name=op.f('fk_coding_rounds_run_id_analysis_runs'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_coder_id'], ['users.id'], name=op.f('fk_coding_rounds_second_coder_id_users')),
    sa.ForeignKeyConstraint(['third_coder_id'], ['users.id'], name=op.f('fk_coding_rounds_third_coder_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coding_rounds'))
    )
    with op.batch_alter_table('coding_rounds', schema=None) as batch_op:
        batch_op.create_index('ix_coding_rounds_run', ['run_id'], unique=False)

    op.create_table('theme_proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consultation_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state IN ('accepted', 'refused')) = (event_id IS NOT NULL)", name=op.f('ck_theme_proposals_decided_by_event')),
    sa.CheckConstraint("kind IN ('new', 'split', 'merge', 'rename')", name=op.f('ck_theme_proposals_kind_is_known')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'refused', 'lapsed')", name=op.f('ck_theme_proposals_state_is_known')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_theme_proposals_consultation_id_consultations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['theme_events.id'], name=op.f('fk_theme_proposals_event_id_theme_events')),
    sa.ForeignKeyConstraint(['other_id'], ['themes.id'], name=op.f('fk_theme_proposals_other_id_themes')),
    sa.ForeignKeyConstraint(['run_id'], ['analysis_runs.id'], name=op.f('fk_theme_proposals_run_id_analysis_runs')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_theme_proposals_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_proposals')),
    sa.UniqueConstraint('consultation_id', 'fingerprint', name=op.f('uq_theme_proposals_consultation_id_fingerprint'))
    )
    with op.batch_alter_table('theme_proposals', schema=None) as batch_op:
        batch_op.create_index('ix_theme_proposals_state', ['consultation_id', 'state'], unique=False)

    op.create_table('coding_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('passage_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('machine_state', sa.String(length=16), nullable=False),
    sa.Column('machine_theme_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['machine_theme_id'], ['themes.id'], name=op.f('fk_coding_items_machine_theme_id_themes')),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.id'], name=op.f('fk_coding_items_passage_id_passages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['coding_rounds.id'], name=op.f('fk_coding_items_round_id_coding_rounds'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coding_items')),
    sa.UniqueConstraint('round_id', 'passage_id', name=op.f('uq_coding_items_round_id_passage_id')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_coding_items_round_id_position'))
    )
    with op.batch_alter_table('coding_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coding_items_passage_id'), ['passage_id'], unique=False)

    op.create_table('event_passages',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('passage_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['theme_events.id'], name=op.f('fk_event_passages_event_id_theme_events'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.id'], name=op.f('fk_event_passages_passage_id_passages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['themes.id'], name=op.f('fk_event_passages_source_id_themes')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_event_passages_theme_id_themes')),
    sa.PrimaryKeyConstraint('event_id', 'passage_id', name=op.f('pk_event_passages'))
    )
    with op.batch_alter_table('event_passages', schema=None) as batch_op:
        batch_op.create_index('ix_event_passages_passage', ['passage_id', 'event_id'], unique=False)

    op.create_table('review_looks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('passage_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_label', sa.String(length=200), nullable=False),
    sa.Column('is_blind', sa.Boolean(), nullable=False),
    sa.Column('guess_state', sa.String(length=16), nullable=False),
    sa.Column('guess_theme_id', sa.Integer(), nullable=True),
    sa.Column('chosen_state', sa.String(length=16), nullable=False),
    sa.Column('chosen_theme_id', sa.Integer(), nullable=True),
    sa.Column('is_same', sa.Boolean(), nullable=False),
    sa.Column('stratum', sa.String(length=40), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('queue', 'repeat')", name=op.f('ck_review_looks_kind_is_known')),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_review_looks_actor_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['chosen_theme_id'], ['themes.id'], name=op.f('fk_review_looks_chosen_theme_id_themes')),
    sa.ForeignKeyConstraint(['event_id'], ['theme_events.id'], name=op.f('fk_review_looks_event_id_theme_events')),
    sa.ForeignKeyConstraint(['guess_theme_id'], ['themes.id'], name=op.f('fk_review_looks_guess_theme_id_themes')),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.id'], name=op.f('fk_review_looks_passage_id_passages'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['analysis_runs.id'], name=op.f('fk_review_looks_run_id_analysis_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_looks')),
    sa.UniqueConstraint('run_id', 'passage_id', 'actor_id', 'kind', name=op.f('uq_review_looks_run_id_passage_id_actor_id_kind'))
    )
    with op.batch_alter_table('review_looks', schema=None) as batch_op:
        batch_op.create_index('ix_review_looks_run', ['run_id', 'kind'], unique=False)

    op.create_table('codings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=8), nullable=False),
    sa.Column('coder_id', sa.Integer(), nullable=True),
    sa.Column('coder_label', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('first', 'second', 'third')", name=op.f('ck_codings_role_is_known')),
    sa.ForeignKeyConstraint(['coder_id'], ['users.id'], name=op.f('fk_codings_coder_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['item_id'], ['coding_items.id'], name=op.f('fk_codings_item_id_coding_items'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_codings_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codings')),
    sa.UniqueConstraint('item_id', 'role', name=op.f('uq_codings_item_id_role'))
    )
    with op.batch_alter_table('analysis_runs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('previous_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('carried', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_analysis_runs_previous_id_analysis_runs'), 'analysis_runs', ['previous_id'], ['id'])

    with op.batch_alter_table('passages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('nature', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('stance', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('folded', sa.Text(), server_default='', nullable=False))
        batch_op.create_check_constraint(op.f('ck_passages_stance_is_known'), "stance IN ('for', 'against', 'mixed')")

    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.add_column(sa.Column('found_state', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('found_theme_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('found_rank', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('fallback_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('decided_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_pinned', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('reason', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('map_x', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('map_y', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('n_copies', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('worth', sa.Double(), nullable=True))
        batch_op.drop_index('ix_placements_theme')
        batch_op.create_index('ix_placements_theme', ['run_id', 'theme_id', 'state', 'margin', 'passage_id'], unique=False)
        batch_op.create_index('ix_placements_worth', ['run_id', 'worth'], unique=False)
        batch_op.create_index('ix_placements_copies', ['copy_of_id', 'run_id'], unique=False)
        batch_op.create_index('ix_placements_margin', ['run_id', 'margin', 'passage_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_placements_fallback_id_themes'), 'themes', ['fallback_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_placements_found_theme_id_themes'), 'themes', ['found_theme_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_placements_decided_id_theme_events'), 'theme_events', ['decided_id'], ['id'])
    # Only people exclude: what they excluded, the machine had found in a theme or as a copy.
    op.execute(
        "UPDATE placements SET found_theme_id = theme_id, found_rank = quotation_rank, "
        "found_state = CASE WHEN state <> 'excluded' THEN state "
        "WHEN copy_of_id IS NULL THEN 'in_theme' ELSE 'copy' END"
    )
    op.execute(
        "UPDATE placements SET n_copies = (SELECT count(*) FROM placements AS copy "
        "WHERE copy.run_id = placements.run_id AND copy.copy_of_id = placements.passage_id)"
    )
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.alter_column('found_state', existing_type=sa.String(length=16), nullable=False)
        batch_op.create_check_constraint(op.f('ck_placements_found_state_is_known'), "found_state IN ('in_theme', 'copy', 'to_arbitrate', 'off_topic', 'unreadable')")

    with op.batch_alter_table('theme_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('consultation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('undoes_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('run_id', sa.Integer(), nullable=True))
        batch_op.alter_column('theme_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index('ix_theme_events_consultation', ['consultation_id', 'id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_theme_events_undoes_id'), ['undoes_id'])
        batch_op.create_foreign_key(batch_op.f('fk_theme_events_undoes_id_theme_events'), 'theme_events', ['undoes_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_theme_events_run_id_analysis_runs'), 'analysis_runs', ['run_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_theme_events_consultation_id_consultations'), 'consultations', ['consultation_id'], ['id'], ondelete='CASCADE')

    op.execute(
        "UPDATE theme_events SET consultation_id = about.consultation_id "
        "FROM themes AS about WHERE about.id = theme_events.theme_id"
    )
    with op.batch_alter_table('theme_events', schema=None) as batch_op:
        batch_op.alter_column('consultation_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(op.f('ck_theme_events_an_undo_undoes'), "(kind = 'undo') = (undoes_id IS NOT NULL)")

    with op.batch_alter_table('themes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('definition', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('inclusion', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('exclusion', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('axis_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('population_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('parent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_validated', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('found_name', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('found_state', sa.String(length=16), server_default='active', nullable=False))
        batch_op.add_column(sa.Column('is_made_by_hand', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('last_event_id', sa.Integer(), server_default='0', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_themes_population_id_target_populations'), 'target_populations', ['population_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_themes_parent_id_themes'), 'themes', ['parent_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_themes_axis_id_strategy_axes'), 'strategy_axes', ['axis_id'], ['id'], ondelete='SET NULL')
        batch_op.drop_constraint(op.f('ck_themes_state_is_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_themes_state_is_known'), f"state IN ({STATES})")
        batch_op.create_check_constraint(op.f('ck_themes_found_state_is_known'), "found_state IN ('active', 'proposed')")
        batch_op.create_check_constraint(op.f('ck_themes_not_under_itself'), 'parent_id <> id')
    op.execute("UPDATE themes SET found_name = name")
    # What no run found again bears no name that another could not take; the ledger says so.
    op.execute("UPDATE themes SET state = 'ended' WHERE state = 'active' AND key_fr IS NULL")
    op.execute(
        "INSERT INTO theme_events (consultation_id, theme_id, kind, payload, reason, run_id, "
        "actor_label, at) SELECT consultation_id, id, 'end', '{}', '', last_run_id, 'analysis', "
        "created_at FROM themes WHERE state = 'ended'"
    )
    op.execute(
        "UPDATE themes SET last_event_id = coalesce("
        "(SELECT max(event.id) FROM theme_events AS event WHERE event.theme_id = themes.id), 0)"
    )


def downgrade():
    # Decisions that the earlier tables cannot hold are lost with them.
    op.execute("UPDATE placements SET decided_id = NULL")
    op.execute(
        "UPDATE placements SET state = found_state, theme_id = found_theme_id, "
        "quotation_rank = found_rank WHERE EXISTS (SELECT 1 FROM themes WHERE "
        "themes.id = placements.theme_id AND themes.state <> 'excluded') OR theme_id IS NULL"
    )
    with op.batch_alter_table('themes', schema=None) as batch_op:
        for name in ('state_is_known', 'found_state_is_known', 'not_under_itself'):
            batch_op.drop_constraint(op.f(f'ck_themes_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_themes_axis_id_strategy_axes'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_themes_parent_id_themes'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_themes_population_id_target_populations'), type_='foreignkey')
        batch_op.drop_column('last_event_id')
        batch_op.drop_column('is_made_by_hand')
        batch_op.drop_column('found_state')
        batch_op.drop_column('found_name')
        batch_op.drop_column('is_validated')
        batch_op.drop_column('parent_id')
        batch_op.drop_column('population_id')
        batch_op.drop_column('axis_id')
        batch_op.drop_column('exclusion')
        batch_op.drop_column('inclusion')
        batch_op.drop_column('definition')

    op.execute("UPDATE themes SET state = 'active' WHERE state IN ('proposed', 'refused', 'ended')")
    with op.batch_alter_table('themes', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_themes_state_is_known'), "state IN ('active', 'merged', 'excluded')")

    op.drop_table('codings')
    with op.batch_alter_table('review_looks', schema=None) as batch_op:
        batch_op.drop_index('ix_review_looks_run')

    op.drop_table('review_looks')
    with op.batch_alter_table('event_passages', schema=None) as batch_op:
        batch_op.drop_index('ix_event_passages_passage')

    op.drop_table('event_passages')
    with op.batch_alter_table('coding_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coding_items_passage_id'))

    op.drop_table('coding_items')
    with op.batch_alter_table('theme_proposals', schema=None) as batch_op:
        batch_op.drop_index('ix_theme_proposals_state')

    op.drop_table('theme_proposals')
    with op.batch_alter_table('coding_rounds', schema=None) as batch_op:
        batch_op.drop_index('ix_coding_rounds_run')

    op.drop_table('coding_rounds')
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_placements_decided_id_theme_events'), type_='foreignkey')
        batch_op.drop_column('decided_id')
    op.execute(
        "DELETE FROM theme_events WHERE theme_id IS NULL "
        "OR kind NOT IN ('rename', 'merge', 'exclude', 'restore')"
    )
    with op.batch_alter_table('theme_events', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_theme_events_an_undo_undoes'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_theme_events_consultation_id_consultations'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_theme_events_run_id_analysis_runs'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_theme_events_undoes_id_theme_events'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_theme_events_undoes_id'), type_='unique')
        batch_op.drop_index('ix_theme_events_consultation')
        batch_op.alter_column('theme_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('run_id')
        batch_op.drop_column('undoes_id')
        batch_op.drop_column('consultation_id')

    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_placements_found_state_is_known'), type_='check')
        batch_op.drop_index('ix_placements_theme')
        batch_op.create_index('ix_placements_theme', ['run_id', 'theme_id', 'state'], unique=False)
        batch_op.drop_index('ix_placements_worth')
        batch_op.drop_column('worth')
        batch_op.drop_column('n_copies')
        batch_op.drop_constraint(batch_op.f('fk_placements_found_theme_id_themes'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_placements_fallback_id_themes'), type_='foreignkey')
        batch_op.drop_index('ix_placements_margin')
        batch_op.drop_index('ix_placements_copies')
        batch_op.drop_column('map_y')
        batch_op.drop_column('map_x')
        batch_op.drop_column('reason')
        batch_op.drop_column('is_pinned')
        batch_op.drop_column('fallback_id')
        batch_op.drop_column('found_rank')
        batch_op.drop_column('found_theme_id')
        batch_op.drop_column('found_state')

    with op.batch_alter_table('passages', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_passages_stance_is_known'), type_='check')
        batch_op.drop_column('folded')
        batch_op.drop_column('stance')
        batch_op.drop_column('nature')

    with op.batch_alter_table('analysis_runs', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_analysis_runs_previous_id_analysis_runs'), type_='foreignkey')
        batch_op.drop_column('carried')
        batch_op.drop_column('previous_id')

    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.drop_index('ix_submissions_state')
