"""A rulebook is drafted on its own page, and tried with invented numbers."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rulebook_draft',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('edits', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_rulebook_draft_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_draft')),
    sa.UniqueConstraint('contest_id', name=op.f('uq_rulebook_draft_contest_id'))
    )
    op.create_table('rulebook_edit',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['rulebook_draft.id'], name=op.f('fk_rulebook_edit_draft_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_edit')),
    sa.UniqueConstraint('draft_id', 'number', name=op.f('uq_rulebook_edit_draft_id_number'))
    )
    with op.batch_alter_table('rulebook_edit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rulebook_edit_draft_id'), ['draft_id'], unique=False)
    op.create_table('rulebook_trial',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('typed', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_rulebook_trial_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_trial')),
    sa.UniqueConstraint('contest_id', 'account_id', name=op.f('uq_rulebook_trial_contest_id_account_id'))
    )
    with op.batch_alter_table('rulebook_trial', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rulebook_trial_contest_id'), ['contest_id'], unique=False)


def downgrade() -> None:
    op.drop_table('rulebook_trial')
    op.drop_table('rulebook_edit')
    op.drop_table('rulebook_draft')
