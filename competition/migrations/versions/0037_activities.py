"""activities"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'declaration',
        sa.Column('contest_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('route', sa.JSON(), nullable=False),
        sa.Column('waiting_at', sa.Uuid(), nullable=True),
        sa.Column('aim', sa.Text(), nullable=False),
        sa.Column('measures', sa.Text(), nullable=False),
        sa.Column('expected_heads', sa.Integer(), nullable=False),
        sa.Column('rhythm', sa.String(), nullable=False),
        sa.Column('named_stages', sa.Text(), nullable=False),
        sa.Column('sheet', sa.JSON(), nullable=False),
        sa.Column('evaluated_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_declaration_contest_id')),
        sa.ForeignKeyConstraint(['waiting_at'], ['union.id'], name=op.f('fk_declaration_waiting_at')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_declaration')),
        sa.UniqueConstraint('contest_id', name=op.f('uq_declaration_contest_id')),
    )
    with op.batch_alter_table('declaration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_declaration_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_declaration_waiting_at'), ['waiting_at'], unique=False)
    op.create_table(
        'achievement',
        sa.Column('declaration_id', sa.Uuid(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.Column('summary', sa.Text(), nullable=False),
        sa.Column('is_adopted', sa.Boolean(), nullable=False),
        sa.Column('benefit', sa.Integer(), nullable=False),
        sa.Column('pledged_by', sa.String(), nullable=False),
        sa.Column('pledged_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['declaration_id'], ['declaration.id'], name=op.f('fk_achievement_declaration_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_achievement')),
    )
    with op.batch_alter_table('achievement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_achievement_declaration_id'), ['declaration_id'], unique=False)
    op.create_table(
        'activity_file',
        sa.Column('declaration_id', sa.Uuid(), nullable=False),
        sa.Column('owner_id', sa.Uuid(), nullable=False),
        sa.Column('file_id', sa.Uuid(), nullable=False),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['declaration_id'], ['declaration.id'], name=op.f('fk_activity_file_declaration_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_activity_file_file_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_activity_file')),
    )
    with op.batch_alter_table('activity_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_file_declaration_id'), ['declaration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_file_owner_id'), ['owner_id'], unique=False)
    op.create_table(
        'assessment',
        sa.Column('declaration_id', sa.Uuid(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.Column('scores', sa.JSON(), nullable=False),
        sa.Column('remark', sa.Text(), nullable=False),
        sa.Column('honour', sa.String(), nullable=False),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['declaration_id'], ['declaration.id'], name=op.f('fk_assessment_declaration_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
        sa.UniqueConstraint('declaration_id', 'unit', name=op.f('uq_assessment_declaration_id_unit')),
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_declaration_id'), ['declaration_id'], unique=False)
    op.create_table(
        'declaration_step',
        sa.Column('declaration_id', sa.Uuid(), nullable=False),
        sa.Column('union_id', sa.Uuid(), nullable=True),
        sa.Column('verdict', sa.String(), nullable=False),
        sa.Column('about', sa.String(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['declaration_id'], ['declaration.id'], name=op.f('fk_declaration_step_declaration_id')),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_declaration_step_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_declaration_step')),
    )
    with op.batch_alter_table('declaration_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_declaration_step_declaration_id'), ['declaration_id'], unique=False)
    op.create_table(
        'stage_report',
        sa.Column('declaration_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('measures', sa.JSON(), nullable=False),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['declaration_id'], ['declaration.id'], name=op.f('fk_stage_report_declaration_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_report')),
        sa.UniqueConstraint('declaration_id', 'position', name=op.f('uq_stage_report_declaration_id_position')),
    )
    with op.batch_alter_table('stage_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stage_report_declaration_id'), ['declaration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stage_report_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_stage_report_state'), ['state'], unique=False)


def downgrade() -> None:
    op.drop_table('stage_report')
    op.drop_table('declaration_step')
    op.drop_table('assessment')
    op.drop_table('activity_file')
    op.drop_table('achievement')
    op.drop_table('declaration')
