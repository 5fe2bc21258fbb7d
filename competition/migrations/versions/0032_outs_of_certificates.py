"""Who fetched a certificate, and how names are called on the stage."""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

_HOLDS = sa.text('undone_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'hand_out',
        sa.Column('certificate_id', sa.Uuid(), nullable=False),
        sa.Column('fetched_by', sa.String(), nullable=False),
        sa.Column('fetched_on', sa.Date(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('noted_by', sa.Uuid(), nullable=True),
        sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_by', sa.Uuid(), nullable=True),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('undone_reason', sa.String(), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_hand_out_certificate_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_out')),
    )
    with op.batch_alter_table('hand_out', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_out_certificate_id'), ['certificate_id'], unique=False)
        batch_op.create_index('uq_hand_out_holds', ['certificate_id'], unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS)
    op.create_table(
        'spoken_name',
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('subject_id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('pinyin', sa.String(), nullable=False),
        sa.Column('changed_by', sa.Uuid(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_spoken_name_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_spoken_name')),
        sa.UniqueConstraint('union_id', 'subject_id', 'name', name=op.f('uq_spoken_name_union_id_subject_id_name')),
    )
    with op.batch_alter_table('spoken_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spoken_name_subject_id'), ['subject_id'], unique=False)


def downgrade() -> None:
    op.drop_table('spoken_name')
    op.drop_table('hand_out')
