"""evaluation"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'indicator_set',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('document', sa.JSON(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_set')),
        sa.UniqueConstraint('year', 'number', name=op.f('uq_indicator_set_year_number')),
    )
    op.create_table(
        'given',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('subject_kind', sa.String(), nullable=False),
        sa.Column('subject_id', sa.Uuid(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('value', sa.String(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('file_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_given_file_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_given')),
    )
    with op.batch_alter_table('given', schema=None) as batch_op:
        batch_op.create_index('ix_given_subject', ['year', 'subject_kind', 'subject_id'], unique=False)
    op.create_table(
        'locked_evaluation',
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('subject_kind', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('set_id', sa.Uuid(), nullable=False),
        sa.Column('rows', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['set_id'], ['indicator_set.id'], name=op.f('fk_locked_evaluation_set_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_locked_evaluation')),
        sa.UniqueConstraint('year', 'subject_kind', 'number', name=op.f('uq_locked_evaluation_year_subject_kind_number')),
    )


def downgrade() -> None:
    op.drop_table('locked_evaluation')
    op.drop_table('given')
    op.drop_table('indicator_set')
