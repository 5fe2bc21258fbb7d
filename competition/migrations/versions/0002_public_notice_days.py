"""Contests say for how many working days their results stand in public notice.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Contests that are there already get the usual five days."""
    op.add_column("contest", sa.Column("public_notice_days", sa.Integer(), server_default="5", nullable=False))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("contest", "public_notice_days")
