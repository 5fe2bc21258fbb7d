"""Fonts that unions have a licence for, and pictures of characters that no font has."""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

OPEN = sa.text('ended_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'union_font',
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.Column('family', sa.String(), nullable=False),
        sa.Column('licence', sa.Text(), nullable=False),
        sa.Column('file_id', sa.Uuid(), nullable=False),
        sa.Column('sample_id', sa.Uuid(), nullable=False),
        sa.Column('points', sa.JSON(), nullable=False),
        sa.Column('added_by', sa.Uuid(), nullable=True),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_union_font_union_id_union')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_union_font_file_id_stored_file')),
        sa.ForeignKeyConstraint(['sample_id'], ['stored_file.id'], name=op.f('fk_union_font_sample_id_stored_file')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_union_font')),
    )
    op.create_index(op.f('ix_union_font_union_id'), 'union_font', ['union_id'])
    op.create_index('uq_union_font_open', 'union_font', ['union_id', 'family'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        'glyph_picture',
        sa.Column('contest_id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('char', sa.String(), nullable=False),
        sa.Column('file_id', sa.Uuid(), nullable=False),
        sa.Column('added_by', sa.Uuid(), nullable=True),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_glyph_picture_contest_id_contest')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_glyph_picture_file_id_stored_file')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_glyph_picture')),
    )
    op.create_index(op.f('ix_glyph_picture_contest_id'), 'glyph_picture', ['contest_id'])
    op.create_index('uq_glyph_picture_open', 'glyph_picture', ['contest_id', 'name', 'char'], unique=True, sqlite_where=OPEN,
                    postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table('glyph_picture')
    op.drop_table('union_font')
