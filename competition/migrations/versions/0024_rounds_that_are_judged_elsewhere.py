"""A round knows since when it is judged on another machine; an arena machine knows its home."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

# Rounds that are lent at this moment.
AWAY = """UPDATE round_state SET away_at = (
    SELECT MAX(arena_trip.at) FROM arena_trip JOIN arena_trip_round ON arena_trip_round.trip_id = arena_trip.id
    WHERE arena_trip_round.round_id = round_state.round_id AND arena_trip_round.side = 'home' AND arena_trip_round.ended_at IS NULL)"""


def upgrade() -> None:
    with op.batch_alter_table('round_state') as batch:
        batch.add_column(sa.Column('away_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('arena_trip') as batch:
        batch.add_column(sa.Column('home', sa.String(), nullable=True))
    op.execute(AWAY)


def downgrade() -> None:
    with op.batch_alter_table('arena_trip') as batch:
        batch.drop_column('home')
    with op.batch_alter_table('round_state') as batch:
        batch.drop_column('away_at')
