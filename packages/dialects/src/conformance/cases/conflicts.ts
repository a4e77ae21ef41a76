import { cast, defaultValue, insert, integer, literal, lower, select, text } from '@espalier/core'
import { type CaseDefinition, query, steps, write } from '../case.js'
import { counters, labels, orgs } from '../schema.js'

const needs = ['on conflict'] as const
const all = select({ key: counters.key, shard: counters.shard, n: counters.n, note: counters.note })
  .from(counters)
  .orderBy(counters.key)
const labelled = select({ name: labels.name, code: labels.code }).from(labels).orderBy(labels.name)
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
    'whole numbers that were to be inserted are computed with as such',
    insert(counters)
      .values({ key: 'a', shard: 7, n: 7 })
      .onConflict(counters.key)
      .doUpdate((_, excluded) => ({ n: excluded.n.div(2), note: cast(excluded.shard, text()) })),
    1,
    all,
    [{ key: 'a', shard: 1, n: 3, note: '7' }],
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
  steps(
    'a conflict of an expression',
    async ({ on, rows, through }) => {
      await on.run(insert(labels).values({ name: 'Anna', code: 'x' }))
      const upsert = insert(labels)
        .values({ name: 'ANNA', code: 'y' })
        .onConflict(lower(labels.name))
        .doUpdate((_, excluded) => ({ code: excluded.code }))
      await on.run(through(upsert))
      await rows(labelled, [{ name: 'Anna', code: 'y' }], on)
    },
    { needs },
  ),
  steps(
    'a conflict of an index of some rows',
    async ({ on, rows, through }) => {
      await on.run(
        insert(labels).values([
          { name: 'a', code: 'x', kind: 'one', retired: false },
          { name: 'b', code: 'x', kind: 'two', retired: true },
        ]),
      )
      const upsert = insert(labels)
        .values({ name: 'c', code: 'x', kind: 'three' })
        .onConflict(labels.code)
        .where(labels.retired.eq(false))
        .doUpdate((_, excluded) => ({ name: excluded.name }))
        .where(labels.kind.eq('one'))
      await on.run(through(upsert))
      await rows(
        labelled,
        [
          { name: 'b', code: 'x' },
          { name: 'c', code: 'x' },
        ],
        on,
      )
    },
    { needs },
  ),
  steps(
    'a conflict of a constraint',
    async ({ on, rows, through }) => {
      await on.run(insert(labels).values({ name: 'a', code: 'x' }))
      const upsert = insert(labels)
        .values({ name: 'b', code: 'x' })
        .onConflict({ constraint: 'conformance_labels_kind_code' })
        .doUpdate({ name: 'changed' })
      await on.run(through(upsert))
      await rows(labelled, [{ name: 'changed', code: 'x' }], on)
    },
    { needs, asks: 'conflictConstraint' },
  ),
  write(
    'different conflicts of one insert',
    insert(counters)
      .values([
        { key: 'a', shard: 7, n: 7 },
        { key: 'b', shard: 1, n: 1 },
        { key: 'c', shard: 9, n: 9 },
      ])
      .onConflict(counters.key)
      .doUpdate((t, excluded) => ({ note: literal('key', text()), n: t.n.add(excluded.n) }))
      .onConflict(counters.shard, counters.n)
      .doNothing(),
    3,
    all,
    [
      { key: 'a', shard: 1, n: 8, note: 'key' },
      { key: 'b', shard: 1, n: 1, note: null },
      { key: 'c', shard: 9, n: 9, note: null },
    ],
    { needs, asks: 'severalConflicts' },
  ),
  steps(
    'a column gets its default again',
    async ({ on, rows, through }) => {
      await on.run(insert(labels).values({ name: 'a', code: 'x', kind: 'rare' }))
      const upsert = insert(labels)
        .values({ name: 'A', code: 'y' })
        .onConflict(lower(labels.name))
        .doUpdate({ kind: defaultValue(), code: null })
      await on.run(through(upsert))
      await rows(
        select({ kind: labels.kind, code: labels.code }).from(labels),
        [{ kind: 'plain', code: null }],
        on,
      )
    },
    { needs, asks: 'defaultKeyword' },
  ),
  steps(
    'the row that was there and the row that is there now',
    async ({ rows, through }) => {
      const upsert = (key: string) =>
        insert(counters)
          .values({ key, shard: 5, n: 10 })
          .onConflict(counters.key)
          .doUpdate((_, excluded) => ({ n: excluded.n }))
          .returningOldAndNew((before, after) => ({
            before,
            was: before.n,
            is: after.n,
            sum: after.n.add(before.n),
          }))
      await rows(through(upsert('a')), [{ before, was: 1, is: 10, sum: 11 }])
      await rows(through(upsert('z')), [{ before: null, was: null, is: 10, sum: null }])
    },
    { needs, asks: 'rowVersions' },
  ),
]
