"""Holders of a batch are told by text message."""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'telling',
        sa.Column('batch_id', sa.Uuid(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('changed_by', sa.Uuid(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_telling_batch_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_telling')),
        sa.UniqueConstraint('batch_id', name=op.f('uq_telling_batch_id')),
    )
    with op.batch_alter_table('telling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_telling_state'), ['state'], unique=False)
    op.create_table(
        'told',
        sa.Column('telling_id', sa.Uuid(), nullable=False),
        sa.Column('certificate_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('error', sa.String(), nullable=True),
        sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['telling_id'], ['telling.id'], name=op.f('fk_told_telling_id')),
        sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_told_certificate_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_told')),
        sa.UniqueConstraint('certificate_id', name=op.f('uq_told_certificate_id')),
    )
    with op.batch_alter_table('told', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_told_telling_id'), ['telling_id'], unique=False)
        batch_op.create_index('ix_told_due', ['state', 'next_at'], unique=False)


def downgrade() -> None:
    op.drop_table('told')
    op.drop_table('telling')
