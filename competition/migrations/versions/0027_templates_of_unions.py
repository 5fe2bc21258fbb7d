"""Unions draft templates of their own, keep their seals and signatures, and know how far their printers are off."""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('template_draft',
    sa.Column('union_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('edits', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('name_bo', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_template_draft_union_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_draft')),
    sa.UniqueConstraint('key', name=op.f('uq_template_draft_key'))
    )
    op.create_table('template_step',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('layout', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['template_draft.id'], name=op.f('fk_template_step_draft_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_step')),
    sa.UniqueConstraint('draft_id', 'number', name=op.f('uq_template_step_draft_id_number'))
    )
    op.create_table('template_asset',
    sa.Column('union_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('slot', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('width_mm', sa.Numeric(precision=5, scale=1), nullable=False),
    sa.Column('height_mm', sa.Numeric(precision=5, scale=1), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_template_asset_file_id')),
    sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_template_asset_union_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_asset')),
    sa.UniqueConstraint('union_id', 'sha256', name=op.f('uq_template_asset_union_id_sha256'))
    )
    op.create_table('template_printer',
    sa.Column('union_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('right_mm', sa.Numeric(precision=4, scale=1), nullable=False),
    sa.Column('down_mm', sa.Numeric(precision=4, scale=1), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_template_printer_union_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_printer')),
    sa.UniqueConstraint('union_id', 'name', name=op.f('uq_template_printer_union_id_name'))
    )
    for table, column in (('template_draft', 'union_id'), ('template_step', 'draft_id'), ('template_asset', 'union_id'),
                          ('template_printer', 'union_id')):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f'ix_{table}_{column}'), [column], unique=False)


def downgrade() -> None:
    op.drop_table('template_printer')
    op.drop_table('template_asset')
    op.drop_table('template_step')
    op.drop_table('template_draft')
