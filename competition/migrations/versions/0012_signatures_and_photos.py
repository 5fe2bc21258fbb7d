"""Judges sign what they hand in, and add photos to their marks."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.add_column(sa.Column('needs_signature', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.alter_column('needs_signature', server_default=None)
    op.create_table('signature',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('strokes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['mark_event.id'], name=op.f('fk_signature_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_signature'))
    )
    op.create_table('photo',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['mark_event.id'], name=op.f('fk_photo_event_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_photo_file_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_photo'))
    )


def downgrade() -> None:
    op.drop_table('photo')
    op.drop_table('signature')
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_column('needs_signature')
