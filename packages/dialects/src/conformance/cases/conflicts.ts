import { insert, integer, literal, select, text } from '@espalier/core'
import { type CaseDefinition, query, steps, write } from '../case.js'
import { counters, orgs } from '../schema.js'

const needs = ['on conflict'] as const
const all = select({ key: counters.key, shard: counters.shard, n: counters.n, note: counters.note })
  .from(counters)
  .orderBy(counters.key)
const before = { key: 'a', shard: 1, n: 1, note: null }

export const conflicts: readonly CaseDefinition[] = [
  write(
    'any conflict is passed over',
    insert(counters)
      .values([
        { key: 'a', shard: 7, n: 7 },
        { key: 'b', shard: 7, n: 7 },
      ])
      .onConflict()
      .doNothing(),
    1,
    all,
    [before, { key: 'b', shard: 7, n: 7, note: null }],
    { needs },
  ),
  write(
    'a conflict of one key is passed over',
    insert(counters).values({ key: 'a', shard: 7, n: 7 }).onConflict(counters.key).doNothing(),
    0,
    all,
    [before],
    { needs },
  ),
  write(
    'the row that exists is changed by that which was to be inserted',
    insert(counters)
      .values({ key: 'a', shard: 1, n: 10, note: 'new' })
      .onConflict(counters.key)
      .doUpdate((t, excluded) => ({ n: t.n.add(excluded.n).add(1), note: excluded.note })),
    1,
    all,
    [{ key: 'a', shard: 1, n: 12, note: 'new' }],
    { needs },
  ),
  write(
    'a conflict of several columns',
    insert(counters)
      .values({ key: 'b', shard: 1, n: 1, note: 'x' })
      .onConflict(counters.shard, counters.n)
      .doUpdate({ note: 'taken' }),
    1,
    all,
    [{ ...before, note: 'taken' }],
    { needs },
  ),
  write(
    'only some of the rows that exist are changed',
    insert(counters)
      .values({ key: 'a', shard: 1, n: 10 })
      .onConflict(counters.key)
      .doUpdate((_, excluded) => ({ n: excluded.n }))
      .where(counters.n.gt(5)),
    0,
    all,
    [before],
    { needs },
  ),
  write(
    'rows of a query without conditions',
    insert(counters)
      .fromSelect(select({ key: orgs.name, shard: orgs.id, n: literal(0, integer()) }).from(orgs))
      .onConflict(counters.key)
      .doNothing(),
    3,
    select(counters.key).from(counters).orderBy(counters.key),
    ['Acme', 'Bolt', 'Cove', 'a'],
    { needs },
  ),
  write(
    'rows of a query with conditions, groups and joins',
    insert(counters)
      .fromSelect(
        select({ key: literal('a', text()), shard: orgs.id, n: orgs.id })
          .from(orgs)
          .where(orgs.id.eq(3)),
      )
      .onConflict(counters.key)
      .doUpdate((_, excluded) => ({ shard: excluded.shard })),
    1,
    all,
    [{ ...before, shard: 3 }],
    { needs },
  ),
  query(
    'returning the row that was changed',
    insert(counters)
      .values({ key: 'a', shard: 1, n: 5 })
      .onConflict(counters.key)
      .doUpdate((_, excluded) => ({ n: excluded.n.mul(2) }))
      .returning({ key: counters.key, n: counters.n }),
    [{ key: 'a', n: 10 }],
    { needs: [...needs, 'returning'] },
  ),
  steps('without saying so, a conflict is an error', async ({ on, rejects, through }) => {
    await rejects(on.run(through(insert(counters).values({ key: 'a', shard: 7, n: 7 }))), 'unique_violation')
  }),
]
