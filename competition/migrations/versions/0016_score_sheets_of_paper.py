"""Score sheets of paper are keyed by two people; what their marks came from is told from tablets."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), server_default='tablet', nullable=False))
    op.create_table('paper_sheet',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('work_id', sa.Uuid(), nullable=False),
    sa.Column('rulebook_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_paper_sheet_device_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_paper_sheet_round_id')),
    sa.ForeignKeyConstraint(['rulebook_id'], ['rulebook_version.id'], name=op.f('fk_paper_sheet_rulebook_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_paper_sheet_seat_id')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_paper_sheet_work_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sheet'))
    )
    with op.batch_alter_table('paper_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_sheet_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_paper_sheet_work_id'), ['work_id'], unique=False)
        batch_op.create_index('uq_paper_sheet_open', ['seat_id', 'work_id'], unique=True,
                              sqlite_where=sa.text("state IN ('waiting', 'differs')"),
                              postgresql_where=sa.text("state IN ('waiting', 'differs')"))
    op.create_table('paper_keying',
    sa.Column('sheet_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['sheet_id'], ['paper_sheet.id'], name=op.f('fk_paper_keying_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_keying'))
    )
    with op.batch_alter_table('paper_keying', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_keying_sheet_id'), ['sheet_id'], unique=False)


def downgrade() -> None:
    op.drop_table('paper_keying')
    op.drop_table('paper_sheet')
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_column('kind')
