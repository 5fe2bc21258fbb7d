"""The board reads only what changed; absences of tablets and moved sheets are kept."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('round_state', sa.Column('shape_version', sa.Integer(), server_default='0', nullable=False))
    # Who knew a version from before this program reads the board anew.
    op.execute('UPDATE round_state SET shape_version = version')
    op.create_index('ix_sheet_round_version', 'sheet', ['round_id', 'version'])
    op.drop_index('ix_sheet_round_id', 'sheet')
    op.create_index('ix_figure_round_seq', 'figure', ['round_id', 'seq'])
    op.drop_index('ix_figure_round_id', 'figure')
    op.create_index('ix_mark_event_aside', 'mark_event', ['round_id'], sqlite_where=sa.text("state = 'quarantined'"),
                    postgresql_where=sa.text("state = 'quarantined'"))
    op.create_table('tablet_absence',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=False),
    sa.Column('last_seq', sa.Integer(), nullable=False),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('pending', sa.Integer(), nullable=True),
    sa.Column('last_made', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('second_id', sa.Uuid(), nullable=True),
    sa.Column('second_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_tablet_absence_device_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_tablet_absence_round_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_tablet_absence_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tablet_absence'))
    )
    op.create_index(op.f('ix_tablet_absence_round_id'), 'tablet_absence', ['round_id'])
    op.create_table('sheet_move',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('from_work_id', sa.Uuid(), nullable=False),
    sa.Column('to_work_id', sa.Uuid(), nullable=False),
    sa.Column('is_swap', sa.Boolean(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('others', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['from_work_id'], ['work.id'], name=op.f('fk_sheet_move_from_work_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_sheet_move_round_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_sheet_move_seat_id')),
    sa.ForeignKeyConstraint(['to_work_id'], ['work.id'], name=op.f('fk_sheet_move_to_work_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_move'))
    )
    op.create_index('ix_sheet_move_round_seq', 'sheet_move', ['round_id', 'seq'])
    op.create_index(op.f('ix_sheet_move_from_work_id'), 'sheet_move', ['from_work_id'])
    op.create_index(op.f('ix_sheet_move_to_work_id'), 'sheet_move', ['to_work_id'])


def downgrade() -> None:
    op.drop_table('sheet_move')
    op.drop_table('tablet_absence')
    op.drop_index('ix_mark_event_aside', 'mark_event')
    op.create_index('ix_figure_round_id', 'figure', ['round_id'])
    op.drop_index('ix_figure_round_seq', 'figure')
    op.create_index('ix_sheet_round_id', 'sheet', ['round_id'])
    op.drop_index('ix_sheet_round_version', 'sheet')
    with op.batch_alter_table('round_state') as batch_op:
        batch_op.drop_column('shape_version')
