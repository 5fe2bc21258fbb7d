"""Facts name people, activities and standings by numbers; what counts is a table of its own; cells know dimensions."""

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

HOLDS = sa.text('withdrawn_at IS NULL')
SLICE = 5000
OWN, REPORTED = 0, -1
BANDS = ((25, 'under25'), (35, '25to34'), (45, '35to44'), (55, '45to54'), (200, '55over'))
OLD = (
    sa.Column('person_key', sa.String(), nullable=False),
    sa.Column('contest_id', sa.Uuid(), nullable=False),
    sa.Column('present_on', sa.Date(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('region_code', sa.String(), nullable=False),
    sa.Column('prefecture_code', sa.String(), nullable=False),
    sa.Column('province_code', sa.String(), nullable=False),
    sa.Column('union_id', sa.Uuid(), nullable=True),
    sa.Column('contest_region_code', sa.String(), nullable=True),
    sa.Column('worker_group', sa.String(), nullable=False),
    sa.Column('ownership', sa.String(), nullable=False),
    sa.Column('industry', sa.String(), nullable=False),
    sa.Column('sex', sa.String(), nullable=True),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
)
INDEXES = {'prefecture': 'prefecture_code', 'region': 'region_code', 'year': 'province_code'}


def _create() -> None:
    op.create_table(
        'participant',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_participant')),
        sa.UniqueConstraint('key', name=op.f('uq_participant_key')),
    )
    op.create_table(
        'activity',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('level', sa.String(), nullable=False),
        sa.Column('is_flagship', sa.Boolean(), nullable=False),
        sa.Column('industry', sa.String(), nullable=False),
        sa.Column('region_code', sa.String(), nullable=True),
        sa.Column('union_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_activity_contest_id')),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_activity_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
        sa.UniqueConstraint('contest_id', name=op.f('uq_activity_contest_id')),
    )
    op.create_index('ix_activity_union_id', 'activity', ['union_id'])
    op.create_table(
        'place',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('union_id', sa.Uuid(), nullable=True),
        sa.Column('region_code', sa.String(), nullable=False),
        sa.Column('prefecture_code', sa.String(), nullable=False),
        sa.Column('province_code', sa.String(), nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_place_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_place')),
        sa.UniqueConstraint('region_code', 'path', name=op.f('uq_place_region_code_path')),
    )
    for column in ('union_id', 'prefecture_code', 'province_code'):
        op.create_index(f'ix_place_{column}', 'place', [column])
    values = ('industry', 'ownership', 'unit_kind', 'worker_group', 'sex', 'age_band')
    op.create_table(
        'standing',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('place_id', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in values),
        sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_standing_place_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standing')),
        sa.UniqueConstraint('place_id', *values, name='uq_standing'),
    )
    op.create_table(
        'fact',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('participant_id', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('origin', sa.Integer(), nullable=False),
        sa.Column('standing_id', sa.Integer(), nullable=False),
        sa.Column('present_on', sa.Date(), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_fact_participant_id')),
        sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_fact_activity_id')),
        sa.ForeignKeyConstraint(['standing_id'], ['standing.id'], name=op.f('fk_fact_standing_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_fact')),
        sa.UniqueConstraint('participant_id', 'activity_id', 'origin', name=op.f('uq_fact_participant_id_activity_id_origin')),
    )
    op.create_index('ix_fact_origin', 'fact', ['activity_id', 'origin', 'participant_id'])
    op.create_table(
        'counted',
        sa.Column('participant_id', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('fact_id', sa.Integer(), nullable=False),
        sa.Column('standing_id', sa.Integer(), nullable=False),
        sa.Column('month', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_counted_participant_id')),
        sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_counted_activity_id')),
        sa.ForeignKeyConstraint(['fact_id'], ['fact.id'], name=op.f('fk_counted_fact_id')),
        sa.ForeignKeyConstraint(['standing_id'], ['standing.id'], name=op.f('fk_counted_standing_id')),
        sa.PrimaryKeyConstraint('participant_id', 'activity_id', name=op.f('pk_counted')),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_counted_standing', 'counted', ['standing_id', 'month'])
    op.create_table(
        'mark',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('origin', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_mark_activity_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mark')),
    )
    op.create_table(
        'cell',
        sa.Column('scope_code', sa.String(), nullable=False),
        sa.Column('period', sa.String(), nullable=False),
        sa.Column('dimension', sa.String(), nullable=False),
        sa.Column('value', sa.String(), nullable=False),
        sa.Column('persons', sa.Integer(), nullable=False),
        sa.Column('person_times', sa.Integer(), nullable=False),
        sa.Column('new_persons', sa.Integer(), nullable=False),
        sa.Column('new_in_stat_year', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('scope_code', 'period', 'dimension', 'value', name=op.f('pk_cell')),
    )
    op.create_table(
        'ledger',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('whole_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger')),
    )


def _old(name: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column.name, column.type) for column in OLD))


def _places(region: str | None) -> tuple[str, str, str]:
    code = region or '630000'
    province = code[:2] + '0000'
    return (code, code[:4] + '00' if province == '630000' else province, province)


def _band(birth_year: int | None, year: int) -> str:
    return 'unknown' if birth_year is None else next(name for limit, name in BANDS if year - birth_year < limit)


class _Carried:
    """Numbers for what the old facts say, made as they are met. Unions stand where they stand in the tree of today."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.places: dict[tuple[object, str], int] = {}
        self.standings: dict[tuple[object, ...], int] = {}
        self.activities: dict[object, int] = {}

    def activity(self, contest_id: object) -> int:
        if contest_id not in self.activities:
            columns = ('kind', 'level', 'is_flagship', 'industry', 'region_code', 'host_union_id')
            contest = sa.table('contest', sa.column('id', sa.Uuid()), sa.column('is_flagship', sa.Boolean()),
                               sa.column('host_union_id', sa.Uuid()), *(sa.column(c) for c in columns if c not in ('is_flagship', 'host_union_id')))
            row = self.connection.execute(sa.select(*(contest.c[c] for c in columns)).where(contest.c.id == contest_id)).one()
            activity = sa.table('activity', sa.column('id'), sa.column('contest_id', sa.Uuid()), sa.column('union_id', sa.Uuid()),
                                sa.column('is_flagship', sa.Boolean()), *(sa.column(c) for c in ('kind', 'level', 'industry', 'region_code')))
            values = dict(zip(('kind', 'level', 'is_flagship', 'industry', 'region_code', 'union_id'), row, strict=True))
            self.connection.execute(activity.insert().values(contest_id=contest_id, **values))
            self.activities[contest_id] = self.connection.execute(sa.select(activity.c.id).where(activity.c.contest_id == contest_id)).scalar_one()
        return self.activities[contest_id]

    def place(self, union_id: object, region: str | None) -> int:
        code, prefecture, province = _places(region)
        if (union_id, code) not in self.places:
            closure = sa.table('union_closure', sa.column('ancestor_id', sa.Uuid()), sa.column('descendant_id', sa.Uuid()), sa.column('depth'))
            above = sa.select(closure.c.ancestor_id).where(closure.c.descendant_id == union_id).order_by(closure.c.depth)
            path = ' '.join(found.hex for found in self.connection.execute(above).scalars()) if union_id else ''
            place = sa.table('place', sa.column('id'), sa.column('union_id', sa.Uuid()),
                             *(sa.column(c) for c in ('region_code', 'prefecture_code', 'province_code', 'path')))
            self.connection.execute(place.insert().values(
                union_id=union_id, region_code=code, prefecture_code=prefecture, province_code=province, path=path))
            this = (place.c.region_code == code) & (place.c.path == path)
            self.places[union_id, code] = self.connection.execute(sa.select(place.c.id).where(this)).scalar_one()
        return self.places[union_id, code]

    def standing(self, fact: Any) -> int:
        values = {'place_id': self.place(fact.union_id, fact.region_code), 'industry': fact.industry, 'ownership': fact.ownership,
                  'unit_kind': 'unknown', 'worker_group': fact.worker_group, 'sex': fact.sex or 'unknown',
                  'age_band': _band(fact.birth_year, fact.year)}
        key = tuple(values.values())
        if key not in self.standings:
            standing = sa.table('standing', sa.column('id'), *(sa.column(name) for name in values))
            self.connection.execute(standing.insert().values(**values))
            this = sa.and_(*(standing.c[name] == value for name, value in values.items()))
            self.standings[key] = self.connection.execute(sa.select(standing.c.id).where(this)).scalar_one()
        return self.standings[key]


def upgrade() -> None:
    connection = op.get_bind()
    op.execute('CREATE TABLE fact_before AS SELECT * FROM fact')
    op.execute('CREATE TABLE cell_before AS SELECT * FROM cell')
    op.drop_table('fact')
    op.drop_table('cell')
    _create()
    op.execute('INSERT INTO participant (key) SELECT DISTINCT person_key FROM fact_before ORDER BY person_key')
    _carry(connection)
    fact = sa.table('fact', *(sa.column(c) for c in ('participant_id', 'activity_id', 'id', 'standing_id', 'withdrawn_at')),
                    sa.column('present_on', sa.Date()))
    month = sa.extract('year', fact.c.present_on) * 12 + sa.extract('month', fact.c.present_on) - 1
    counted = sa.table('counted', *(sa.column(c) for c in ('participant_id', 'activity_id', 'fact_id', 'standing_id', 'month')))
    holding = sa.select(fact.c.participant_id, fact.c.activity_id, fact.c.id, fact.c.standing_id, sa.cast(month, sa.Integer()))
    connection.execute(counted.insert().from_select(list(counted.c.keys()), holding.where(fact.c.withdrawn_at.is_(None))))
    # The first roll-up counts everything and makes the cells that are new; until then the old ones go on being shown.
    op.execute("INSERT INTO cell SELECT scope_code, period, '', '', persons, person_times, new_persons, 0 FROM cell_before")
    op.drop_table('fact_before')
    op.drop_table('cell_before')


def _carry(connection: sa.Connection) -> None:
    before, numbers, after = _old('fact_before'), _Carried(connection), None
    people: dict[str, int] = dict(connection.execute(sa.text('SELECT key, id FROM participant')).all())
    fact = sa.table('fact', *(sa.column(c) for c in ('participant_id', 'activity_id', 'origin', 'standing_id')), sa.column('present_on', sa.Date()),
                    sa.column('withdrawn_at', sa.DateTime(timezone=True)), sa.column('created_at', sa.DateTime(timezone=True)))
    while True:
        query = sa.select(before).order_by(before.c.id).limit(SLICE)
        rows = connection.execute(query if after is None else query.where(before.c.id > after)).all()
        if not rows:
            return
        connection.execute(fact.insert(), [
            {'participant_id': people[row.person_key], 'activity_id': numbers.activity(row.contest_id),
             'origin': OWN if row.source == 'contest' else REPORTED, 'standing_id': numbers.standing(row), 'present_on': row.present_on,
             'withdrawn_at': row.withdrawn_at, 'created_at': row.created_at} for row in rows])
        after = rows[-1].id


def downgrade() -> None:
    connection = op.get_bind()
    kept = connection.execute(sa.text(
        'SELECT p.key, a.contest_id, f.present_on, pl.region_code, pl.prefecture_code, pl.province_code, pl.union_id, '
        'a.region_code AS held_in, s.worker_group, s.ownership, s.industry, s.sex, f.origin, f.withdrawn_at, f.created_at '
        'FROM fact f JOIN participant p ON p.id = f.participant_id JOIN activity a ON a.id = f.activity_id '
        'JOIN standing s ON s.id = f.standing_id JOIN place pl ON pl.id = s.place_id ORDER BY f.id').columns(
            contest_id=sa.Uuid(), present_on=sa.Date(), union_id=sa.Uuid(), withdrawn_at=sa.DateTime(timezone=True),
            created_at=sa.DateTime(timezone=True))).all()
    cells = connection.execute(sa.text(
        "SELECT scope_code, period, persons, person_times, new_persons FROM cell "
        "WHERE dimension = '' AND scope_code NOT LIKE '%:%' AND period NOT LIKE 'S%'")).all()
    for name in ('ledger', 'cell', 'mark', 'counted', 'fact', 'standing', 'place', 'activity', 'participant'):
        op.drop_table(name)
    op.create_table(
        'cell', *(sa.Column(name, sa.String(), nullable=False) for name in ('scope_code', 'period')),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('persons', 'person_times', 'new_persons')),
        sa.PrimaryKeyConstraint('scope_code', 'period', name=op.f('pk_cell')))
    op.create_table(
        'fact', *(sa.Column(column.name, column.type, nullable=column.nullable) for column in OLD),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_fact_contest_id')),
        sa.ForeignKeyConstraint(['union_id'], ['union.id'], name=op.f('fk_fact_union_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_fact')),
        sa.UniqueConstraint('person_key', 'contest_id', name=op.f('uq_fact_person_key_contest_id')))
    op.create_index('ix_fact_contest', 'fact', ['contest_id', 'present_on'])
    for name, column in INDEXES.items():
        op.create_index(f'ix_fact_{name}', 'fact', ['year', column, 'month', 'person_key'], sqlite_where=HOLDS, postgresql_where=HOLDS)
    old = {(row.key, row.contest_id): {
        'person_key': row.key, 'contest_id': row.contest_id, 'present_on': row.present_on, 'year': row.present_on.year,
        'month': f'{row.present_on:%Y-%m}', 'region_code': row.region_code, 'prefecture_code': row.prefecture_code,
        'province_code': row.province_code, 'union_id': row.union_id, 'contest_region_code': row.held_in, 'worker_group': row.worker_group,
        'ownership': row.ownership, 'industry': row.industry, 'sex': None if row.sex == 'unknown' else row.sex, 'birth_year': None,
        'source': 'contest' if row.origin == OWN else 'return', 'withdrawn_at': row.withdrawn_at, 'created_at': row.created_at,
        'id': uuid.uuid4()} for row in kept}
    if old:
        connection.execute(_old('fact').insert(), list(old.values()))
    if cells:
        names = ('scope_code', 'period', 'persons', 'person_times', 'new_persons')
        connection.execute(sa.table('cell', *(sa.column(name) for name in names)).insert(), [dict(zip(names, row, strict=True)) for row in cells])
