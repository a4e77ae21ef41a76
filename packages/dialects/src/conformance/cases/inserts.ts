import {
  cast,
  cte,
  defaultValue,
  insert,
  integer,
  length,
  literal,
  lower,
  now,
  select,
  text,
} from '@espalier/core'
import { type CaseDefinition, query, steps, write } from '../case.js'
import { counters, events, labels, orgs, people, posts } from '../schema.js'

const of = (shard: number) =>
  select({ key: counters.key, n: counters.n, note: counters.note })
    .from(counters)
    .where(counters.shard.eq(shard))
    .orderBy(counters.key)

export const inserts: readonly CaseDefinition[] = [
  write('a row', insert(counters).values({ key: 'x', shard: 5, n: 1 }), 1, of(5), [
    { key: 'x', n: 1, note: null },
  ]),
  write(
    'several rows with null',
    insert(counters).values([
      { key: 'x', shard: 5, n: 1, note: null },
      { key: 'y', shard: 5, n: 2, note: 'two' },
    ]),
    2,
    of(5),
    [
      { key: 'x', n: 1, note: null },
      { key: 'y', n: 2, note: 'two' },
    ],
  ),
  write(
    'expressions among the values',
    insert(counters).values([
      {
        key: lower(literal('X', text())),
        shard: 5,
        n: literal(1, integer()).add(1),
        note: cast(literal(7, integer()), text()),
      },
      {
        key: 'y',
        shard: 5,
        n: length(literal('four', text())),
        note: select(orgs.name).from(orgs).where(orgs.id.eq(2)).scalar(),
      },
    ]),
    2,
    of(5),
    [
      { key: 'x', n: 2, note: '7' },
      { key: 'y', n: 4, note: 'Bolt' },
    ],
  ),
  write(
    'the rows of a query',
    insert(counters).fromSelect(
      select({ key: posts.title, shard: literal(5, integer()), n: posts.likes, note: people.nick })
        .from(posts)
        .join(people)
        .where(posts.id.in([1n, 3n])),
    ),
    2,
    of(5),
    [
      { key: 'Alpha', n: 5, note: 'A' },
      { key: 'Gamma', n: 0, note: null },
    ],
  ),
  write(
    'the rows of a set operation',
    insert(counters).fromSelect(
      select({ key: orgs.name, shard: literal(5, integer()), n: orgs.id })
        .from(orgs)
        .where(orgs.id.lt(2))
        .unionAll(
          select({ key: people.name, shard: literal(5, integer()), n: literal(8, integer()) })
            .from(people)
            .limit(1),
        ),
    ),
    2,
    select(counters.n).from(counters).where(counters.shard.eq(5)).orderBy(counters.n),
    [1, 8],
  ),
  steps(
    'numbered by the database, growing, with defaults for the rest',
    async ({ on, equal, through }) => {
      const rows = await on.all(
        through(
          insert(events)
            .values([{ what: 'a' }, { what: 'b' }])
            .returning(events),
        ),
      )
      equal(rows.map((row) => row.what).sort(), ['a', 'b'], 'what was inserted')
      const next = await on.one(through(insert(events).defaultValues().returning(events)))
      equal(next.what, 'nothing', 'the default')
      equal(
        rows.every((row) => row.id < next.id),
        true,
        'that the numbers grow',
      )
    },
    { needs: ['returning'] },
  ),
  query(
    'returning what was inserted, shaped like a selection',
    insert(counters)
      .values({ key: 'x', shard: 5, n: 1 })
      .returning({ key: counters.key, more: { next: counters.n.add(1), note: counters.note } }),
    [{ key: 'x', more: { next: 2, note: null } }],
    { needs: ['returning'] },
  ),
  steps('the time that the database tells', async ({ on, equal, through }) => {
    const { seenAt } = await on.one(through(select({ seenAt: now() })))
    equal(
      seenAt instanceof Date && Math.abs(seenAt.getTime() - Date.now()) < 86_400_000,
      true,
      'the time a time of today',
    )
  }),
  write(
    'the default of a column in every row',
    insert(labels).values([
      { name: 'a', kind: defaultValue(), code: 'x' },
      { name: 'b', kind: defaultValue(), code: literal('y', text()) },
    ]),
    2,
    select({ kind: labels.kind, code: labels.code }).from(labels).orderBy(labels.code),
    [
      { kind: 'plain', code: 'x' },
      { kind: 'plain', code: 'y' },
    ],
  ),
  write(
    'a row of which every given value is the default',
    insert(events).values({ what: defaultValue() }),
    1,
    select(events.what).from(events),
    ['nothing'],
  ),
  write(
    'the default of a column in some rows',
    insert(labels).values([
      { name: 'a', kind: 'rare', code: defaultValue() },
      { name: 'b', kind: defaultValue(), code: 'y' },
    ]),
    2,
    select({ kind: labels.kind, code: labels.code }).from(labels).orderBy(labels.name),
    [
      { kind: 'rare', code: null },
      { kind: 'plain', code: 'y' },
    ],
    { asks: 'defaultKeyword' },
  ),
  query(
    'a given number in place of the one that the database would give',
    insert(events).values({ id: 700, what: 'a' }).overridingSystemValue().returning(events),
    [{ id: 700, what: 'a' }],
    { needs: ['returning'] },
  ),
  write(
    'the rows of a query that reads a common table expression',
    (() => {
      const big = cte('big', select({ name: orgs.name, id: orgs.id }).from(orgs).where(orgs.id.gt(1)))
      return insert(counters).fromSelect(
        select({ key: big.name, shard: literal(5, integer()), n: big.id })
          .from(big)
          .where(big.id.lt(3)),
      )
    })(),
    1,
    of(5),
    [{ key: 'Bolt', n: 2, note: null }],
  ),
  write(
    'rows that cannot be inserted are passed over',
    insert(counters)
      .values([
        { key: 'a', shard: 5, n: 1 },
        { key: 'b', shard: 5, n: 2 },
      ])
      .orIgnore(),
    1,
    of(5),
    [{ key: 'b', n: 2, note: null }],
    { asks: 'insertOr' },
  ),
  write(
    'rows in the way are replaced',
    insert(counters).values({ key: 'a', shard: 5, n: 1 }).orReplace(),
    1,
    of(5),
    [{ key: 'a', n: 1, note: null }],
    { asks: 'insertOr' },
  ),
]
