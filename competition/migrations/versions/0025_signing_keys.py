"""Keys that sign the QR codes of certificates."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'signing_key',
        sa.Column('kid', sa.String(), nullable=False),
        sa.Column('public', sa.String(), nullable=False),
        sa.Column('private_sealed', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('distrusted_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('kid', name=op.f('pk_signing_key')),
    )


def downgrade() -> None:
    op.drop_table('signing_key')
