"""Tokens of other systems, what they were answered, rosters that they send in parts."""

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'api_token',
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('token_hash', sa.String(), nullable=False),
        sa.Column('hint', sa.String(), nullable=False),
        sa.Column('can_report', sa.Boolean(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_name', sa.String(), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_api_token_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash')),
    )
    with op.batch_alter_table('api_token') as batch_op:
        batch_op.create_index(batch_op.f('ix_api_token_union_id'), ['union_id'], unique=False)
    op.create_table(
        'api_token_use',
        sa.Column('token_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['token_id'], ['api_token.id'], name=op.f('fk_api_token_use_token_id')),
        sa.PrimaryKeyConstraint('token_id', name=op.f('pk_api_token_use')),
    )
    op.create_table(
        'api_receipt',
        sa.Column('token_id', sa.Uuid(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('answer', sa.JSON(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['token_id'], ['api_token.id'], name=op.f('fk_api_receipt_token_id')),
        sa.PrimaryKeyConstraint('token_id', 'key', name=op.f('pk_api_receipt')),
    )
    with op.batch_alter_table('api_receipt') as batch_op:
        batch_op.create_index(batch_op.f('ix_api_receipt_at'), ['at'], unique=False)
    op.create_table(
        'roster_delivery',
        sa.Column('return_id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('parts', sa.Integer(), nullable=False),
        sa.Column('received', sa.JSON(), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['return_id'], ['return.id'], name=op.f('fk_roster_delivery_return_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_delivery')),
        sa.UniqueConstraint('return_id', 'name', name=op.f('uq_roster_delivery_return_id_name')),
    )
    with op.batch_alter_table('roster_delivery') as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_delivery_return_id'), ['return_id'], unique=False)


def downgrade() -> None:
    for name in ('roster_delivery', 'api_receipt', 'api_token_use', 'api_token'):
        op.drop_table(name)
