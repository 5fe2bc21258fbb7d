"""When the chief judge last moved marks from or to a sheet: what was typed before belongs to where they were."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

# Both works of a move have a sheet since; of several moves the last one counts.
MOVED = """
    UPDATE sheet SET moved_seq = COALESCE((
        SELECT MAX(sheet_move.seq) FROM sheet_move
        WHERE sheet_move.seat_id = sheet.seat_id AND sheet.work_id IN (sheet_move.from_work_id, sheet_move.to_work_id)), 0)
"""


def upgrade() -> None:
    op.add_column('sheet', sa.Column('moved_seq', sa.Integer(), server_default='0', nullable=False))
    op.execute(MOVED)


def downgrade() -> None:
    op.drop_column('sheet', 'moved_seq')
