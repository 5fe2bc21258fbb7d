"""A workbook of a rulebook waits, as it was read, until it is taken over into the draft."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rulebook_import',
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('sheets', sa.JSON(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_rulebook_import_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_import')),
    sa.UniqueConstraint('contest_id', 'account_id', name=op.f('uq_rulebook_import_contest_id_account_id'))
    )
    with op.batch_alter_table('rulebook_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rulebook_import_contest_id'), ['contest_id'], unique=False)


def downgrade() -> None:
    op.drop_table('rulebook_import')
