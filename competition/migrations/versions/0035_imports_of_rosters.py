"""Numbers by which facts say who said them, who stands in a roster as lists show it, tables that are taken into returns."""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'origin',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_origin_activity_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_origin')),
        sqlite_autoincrement=True,
    )
    op.execute('INSERT INTO origin (id, activity_id, created_at) SELECT number, activity_id, created_at FROM "return"')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT setval('origin_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM origin), false)")
    op.create_table(
        'roster_person',
        sa.Column('origin', sa.Integer(), nullable=False),
        sa.Column('participant_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['origin'], ['origin.id'], name=op.f('fk_roster_person_origin')),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_roster_person_participant_id')),
        sa.PrimaryKeyConstraint('origin', 'participant_id', name=op.f('pk_roster_person')),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'return_import',
        sa.Column('return_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('file_name', sa.String(), nullable=False),
        sa.Column('file_id', sa.Uuid(), nullable=True),
        sa.Column('found_id', sa.Uuid(), nullable=True),
        sa.Column('marked_id', sa.Uuid(), nullable=True),
        sa.Column('job_id', sa.Uuid(), nullable=True),
        sa.Column('marking_id', sa.Uuid(), nullable=True),
        sa.Column('sheet', sa.Integer(), nullable=True),
        sa.Column('columns', sa.JSON(), nullable=False),
        sa.Column('chosen', sa.Boolean(), nullable=False),
        sa.Column('summary', sa.JSON(), nullable=False),
        sa.Column('only_good', sa.Boolean(), nullable=False),
        sa.Column('keeps_others', sa.Boolean(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=True),
        sa.Column('staged', sa.Integer(), nullable=False),
        sa.Column('former', sa.Integer(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['return_id'], ['return.id'], name=op.f('fk_return_import_return_id')),
        *(sa.ForeignKeyConstraint([name], ['stored_file.id'], name=op.f(f'fk_return_import_{name}'), ondelete='SET NULL')
          for name in ('file_id', 'found_id', 'marked_id')),
        *(sa.ForeignKeyConstraint([name], ['origin.id'], name=op.f(f'fk_return_import_{name}')) for name in ('number', 'former')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_return_import')),
    )
    op.create_index('ix_return_import_return', 'return_import', ['return_id', 'created_at'])
    for column in ('job_id', 'number', 'former'):
        op.create_index(f'ix_return_import_{column}', 'return_import', [column])


def downgrade() -> None:
    for name in ('return_import', 'roster_person', 'origin'):
        op.drop_table(name)
