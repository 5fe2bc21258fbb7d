"""What a change of a frozen rulebook would do to the figures is kept as both people saw it."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'rulebook_preview',
        sa.Column('contest_id', sa.Uuid(), nullable=False),
        sa.Column('approval_id', sa.Uuid(), nullable=True),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('from_number', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=True),
        sa.Column('document', sa.JSON(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('marks', sa.String(), nullable=False),
        sa.Column('basis', sa.JSON(), nullable=False),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_rulebook_preview_contest_id_contest')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_preview')),
    )
    for column in ('approval_id', 'contest_id'):
        op.create_index(op.f(f'ix_rulebook_preview_{column}'), 'rulebook_preview', [column])


def downgrade() -> None:
    op.drop_table('rulebook_preview')
