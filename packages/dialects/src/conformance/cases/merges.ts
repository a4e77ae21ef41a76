import { cte, defaultValue, integer, literal, mergeAction, mergeInto, select, text } from '@espalier/core'
import { type CaseDefinition, steps, write } from '../case.js'
import { counters, events, orgs, posts } from '../schema.js'

const asks = 'merge'
const all = select({ key: counters.key, shard: counters.shard, n: counters.n, note: counters.note })
  .from(counters)
  .orderBy(counters.key)
const named = mergeInto(counters).using(orgs, orgs.name.eq(counters.key))

export const merges: readonly CaseDefinition[] = [
  write(
    'rows that are missing are inserted, and those that the source lacks deleted',
    named
      .whenNotMatched(orgs.id.gt(2))
      .doNothing()
      .whenNotMatched()
      .doInsert({ key: orgs.name, shard: orgs.id.add(4), n: 0, note: 'new' })
      .whenNotMatchedBySource(counters.n.gt(5))
      .doNothing()
      .whenNotMatchedBySource()
      .doDelete(),
    3,
    all,
    [
      { key: 'Acme', shard: 5, n: 0, note: 'new' },
      { key: 'Bolt', shard: 6, n: 0, note: 'new' },
    ],
    { asks: 'mergeBySource' },
  ),
  steps(
    'rows that match are changed by the first branch that fits',
    async ({ on, rows, through }) => {
      const c = counters.as('c')
      const best = cte(
        'best',
        select({ title: posts.title, likes: posts.likes })
          .from(posts)
          .where(posts.id.in([2n, 3n])),
      )
      const merge = mergeInto(c)
        .using(best, best.title.eq(c.key))
        .whenMatched(c.n.gt(100))
        .doDelete()
        .whenMatched(best.likes.eq(0))
        .doNothing()
        .whenMatched()
        .doUpdate((t) => ({ n: t.n.add(best.likes).add(1), note: null, shard: literal(9, integer()) }))
        .whenNotMatched()
        .doInsert({ key: best.title, shard: 8, n: best.likes, note: defaultValue() })
      await on.run(through(merge))
      await rows(all, [
        { key: 'Beta', shard: 8, n: 3, note: null },
        { key: 'Gamma', shard: 8, n: 0, note: null },
        { key: 'a', shard: 1, n: 1, note: null },
      ])
      await on.run(through(merge))
      await rows(all, [
        { key: 'Beta', shard: 9, n: 7, note: null },
        { key: 'Gamma', shard: 8, n: 0, note: null },
        { key: 'a', shard: 1, n: 1, note: null },
      ])
    },
    { asks },
  ),
  write(
    'rows that the source lacks are changed',
    named.whenNotMatchedBySource().doUpdate((t) => ({ n: t.n.mul(2), note: literal('gone', text()) })),
    1,
    all,
    [{ key: 'a', shard: 1, n: 2, note: 'gone' }],
    { asks: 'mergeBySource' },
  ),
  steps(
    'returning what was done, and the row of the source where there is one',
    async ({ on, equal, through }) => {
      const done = await on.all(
        through(
          named
            .whenNotMatched(orgs.id.eq(1))
            .doInsert({ key: orgs.name, shard: 5, n: 7 })
            .whenNotMatchedBySource()
            .doDelete()
            .returning({ done: mergeAction(), key: counters.key, org: orgs, id: orgs.id }),
        ),
      )
      equal(
        done.sort((a, b) => (a.done < b.done ? -1 : 1)),
        [
          { done: 'DELETE', key: 'a', org: null, id: null },
          { done: 'INSERT', key: 'Acme', org: { id: 1, name: 'Acme' }, id: 1 },
        ],
        'what was done',
      )
    },
    { asks: 'mergeReturning' },
  ),
  steps(
    'returning rows before and after',
    async ({ on, equal, through }) => {
      const versions = await on.all(
        through(
          named
            .whenNotMatched(orgs.id.eq(1))
            .doInsert({ key: orgs.name, shard: 5, n: 7 })
            .whenNotMatchedBySource()
            .doUpdate({ n: 2 })
            .returningOldAndNew((before, after) => ({ was: before.n, is: after.n, before, id: orgs.id })),
        ),
      )
      equal(
        versions.sort((a, b) => (a.is ?? 0) - (b.is ?? 0)),
        [
          { was: 1, is: 2, before: { key: 'a', shard: 1, n: 1, note: null }, id: null },
          { was: null, is: 7, before: null, id: 1 },
        ],
        'the versions',
      )
    },
    { asks: 'rowVersions' },
  ),
  steps(
    'a row that the database numbers',
    async ({ on, rows, through }) => {
      await on.run(
        through(
          mergeInto(events)
            .using(orgs, orgs.id.eq(events.id))
            .whenNotMatched(orgs.id.lt(2))
            .doInsert({ what: orgs.name }),
        ),
      )
      await rows(select(events.what).from(events), ['Acme'])
    },
    { asks },
  ),
]
