import {
  fetchWithTies,
  insert,
  integer,
  literal,
  mergeAction,
  mergeInto,
  recursiveCte,
  type Statement,
  select,
  UnsupportedError,
  update,
} from '@espalier/core'
import { postgres, postgresDialect, postgresDialectFor } from '@espalier/dialects/postgres'
import { describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { notes, users } from '../support/sample-schema.js'
import { errorOf } from '../support/sql.js'

const merge = mergeInto(notes).using(users, users.id.eq(notes.id)).whenMatched().doDelete()
const chain = (order: 'search' | 'cycle') =>
  recursiveCte(
    'chain',
    select({ id: literal(1, integer()) }),
    (self) =>
      select({ id: self.id.add(1) })
        .from(self)
        .where(self.id.lt(3)),
    order === 'search'
      ? { search: { order: 'depth', by: ['id'], as: 'place' } }
      : { cycle: { by: ['id'], as: 'again', path: 'way' } },
  )
const search = chain('search')
const cycle = chain('cycle')

const constructs: readonly (readonly [
  construct: string,
  since: number,
  statement: Statement<unknown>,
  says: RegExp,
])[] = [
  [
    'fetch with ties',
    13,
    select(users.id).from(users).orderBy(users.score).add(fetchWithTies(2)),
    /has no fetch with ties\. .*rank\(\)/,
  ],
  [
    'search',
    14,
    select(search.id).from(search),
    /has no search of a recursive CTE\. Compute a depth or a path/,
  ],
  ['cycle', 14, select(cycle.id).from(cycle), /has no cycle of a recursive CTE\. .*\{ distinct: true \}/],
  ['merge', 15, merge, /has no merge\. Write insert\(…\)\.fromSelect\(…\)\.onConflict/],
  [
    'returning of a merge',
    17,
    merge.returning({ done: mergeAction() }),
    /has no (merge|returning of a merge)\. .*onConflict/,
  ],
  [
    'rows that the source of a merge lacks',
    17,
    merge.whenNotMatchedBySource().doDelete(),
    /has no merge.*\. Write (insert|an update or a delete)/,
  ],
  [
    'old and new rows',
    18,
    update(notes)
      .set({ body: 'x' })
      .everyRow()
      .returningOldAndNew((before, after) => ({ was: before.body, is: after.body })),
    /has no returning of old and new rows\. .*select it as it was before/,
  ],
  [
    'old and new rows of an insert',
    18,
    insert(notes)
      .values({ id: 1 })
      .returningOldAndNew((before) => ({ was: before.body })),
    /has no returning of old and new rows/,
  ],
]

const versions = [12, 13, 14, 15, 16, 17, 18, 19]

describe.each(constructs)('%s, which PostgreSQL has since version %i', (_, since, statement, says) => {
  it.each(versions)('in version %i', async (version) => {
    const dialect = postgresDialectFor(version)
    if (version >= since) {
      expect(statement.toSQL(dialect)).toEqual(statement.toSQL(postgresDialect))
      return
    }
    const error = await errorOf(() => statement.toSQL(dialect))
    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error.message).toMatch(says)
    expect(error.message).toContain(`PostgreSQL ${version} has no`)
  })
})

describe('a dialect of a version', () => {
  it('is one for each version, and the newest is the usual one', () => {
    expect(postgresDialectFor(14)).toBe(postgresDialectFor(14))
    expect(postgresDialectFor(14)).not.toBe(postgresDialectFor(15))
    expect(postgresDialectFor(18)).toBe(postgresDialect)
  })

  it.each([11, 14.5, 0, Number.NaN, '14' as never, undefined as never])('is none for %s', async (version) => {
    const error = await errorOf(() => postgresDialectFor(version))
    expect(error.code).toBe('invalid_version')
    expect(error.message).toMatch(/whole number from 12 on, such as 14/)
  })

  it('is that of a database that is told its version', async () => {
    await using db = postgres(await testDatabaseUrl(), { version: 14 })
    expect(await db.one(select({ one: literal(1, integer()) }))).toEqual({ one: 1 })
    expect((await errorOf(() => db.run(merge))).message).toMatch(/^PostgreSQL 14 has no merge/)
  })
})
