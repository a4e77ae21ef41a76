import {
  bytes as bytesType,
  createAll,
  cte,
  exists,
  insert,
  integer,
  literal,
  max,
  numeric,
  recursiveCte,
  rowNumber,
  type Statement,
  select,
  sum,
  table,
  timestamptz,
  varchar,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const parts = table('parts', {
  id: integer().primaryKey(),
  of: integer(),
  price: numeric({ precision: 6, scale: 2 }).notNull(),
  code: varchar(4).notNull(),
})

const databases = await allDatabases()
beforeAll(async () => {
  for (const { db } of databases) {
    for (const statement of createAll([parts], db.dialect)) await db.run(statement)
    await db.run(
      insert(parts).values([
        { id: 1, of: null, price: '1.50', code: 'a' },
        { id: 2, of: 1, price: '2.25', code: 'b' },
        { id: 3, of: 2, price: '4.00', code: 'c' },
      ]),
    )
  }
})

const base = select({ id: literal(1, integer()) })

describe('the step of a recursive CTE', () => {
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'in a subquery',
      () =>
        recursiveCte('r', base, (self) =>
          select({ id: parts.id })
            .from(parts)
            .where(parts.of.in(select(self.id).from(self))),
        ),
      /reads the CTE in a subquery.*from of the step/,
    ],
    [
      'in exists beside its own from',
      () =>
        recursiveCte('r', base, (self) =>
          select({ id: self.id.add(1) })
            .from(self)
            .where(exists(select(self.id).from(self))),
        ),
      /more than once/,
    ],
    [
      'twice',
      () =>
        recursiveCte('r', base, (self) => {
          const other = self.as('other')
          return select({ id: self.id.add(other.id) })
            .from(self)
            .crossJoin(other)
        }),
      /more than once.*Join it once/,
    ],
    [
      'on the side of an outer join that may be missing',
      () =>
        recursiveCte('r', base, (self) =>
          select({ id: parts.id }).from(parts).leftJoin(self, self.id.eq(parts.of)),
        ),
      /outer join/,
    ],
    [
      'in a set operation',
      () =>
        recursiveCte('r', base, (self) =>
          select({ id: self.id.add(1) })
            .from(self)
            .unionAll(select({ id: parts.id }).from(parts)),
        ),
      /set operation.*one select/,
    ],
    [
      'with an aggregate',
      () =>
        recursiveCte('r', select({ id: literal(1, integer()) }), (self) =>
          // The type of max says null, which the base has not.
          select({ id: max(self.id) as never }).from(self),
        ),
      /aggregate.*where the CTE is used/,
    ],
  ]
  it.each(refused)('does not read the CTE %s', async (_name, work, says) => {
    const error = await errorOf(work)
    expect(error).toMatchObject({ name: 'BuildError', code: 'invalid_recursion' })
    expect(error.message).toMatch(says)
  })

  it('reads it behind a join, by another name, beside subqueries of other sources', async () => {
    const chain = recursiveCte('chain', base, (self) => {
      const before = self.as('before')
      return select({ id: parts.id })
        .from(parts)
        .join(before, before.id.eq(parts.of))
        .where(parts.id.in(select(parts.as('p').id).from(parts.as('p'))).or(parts.id.gt(0)))
    })
    await expect(errorOf(() => select(chain).from(chain).toSQL(postgresDialect))).resolves.toMatchObject({
      code: 'missing_source',
    })
    const plain = recursiveCte('chain', base, (self) => {
      const before = self.as('before')
      return select({ id: parts.id }).from(parts).join(before, before.id.eq(parts.of))
    })
    for (const { name, db } of databases) {
      expect(await db.all(select(plain.id).from(plain).orderBy(plain.id)), name).toEqual([1, 2, 3])
    }
  })

  it('has groups and windows on PostgreSQL, and SQLite refuses them', async () => {
    const grouped = recursiveCte('r', base, (self) =>
      select({ id: self.id.add(1) })
        .from(self)
        .where(self.id.lt(3))
        .groupBy(self.id),
    )
    const numbered = recursiveCte('r', base, (self) =>
      select({ id: rowNumber().over({ orderBy: self.id }).add(self.id) })
        .from(self)
        .where(self.id.lt(3)),
    )
    const distinct = recursiveCte('r', base, (self) =>
      select({ id: self.id.add(1) })
        .from(self)
        .where(self.id.lt(3))
        .distinct(),
    )
    for (const { name, db } of databases) {
      expect(await db.all(select(distinct.id).from(distinct)), name).toEqual([1, 2, 3])
      if (name === 'SQLite') continue
      expect(await db.all(select(grouped.id).from(grouped)), name).toEqual([1, 2, 3])
      expect(await db.all(select(numbered.id).from(numbered)), name).toEqual([1, 2, 3])
    }
    for (const one of [grouped, numbered]) {
      const error = await errorOf(() => select(one.id).from(one).toSQL(sqliteDialect))
      expect(error).toMatchObject({ name: 'UnsupportedError' })
      expect(error.message).toMatch(/^SQLite has no (group by|window) in the step of a recursive CTE\. /)
    }
  })

  it('makes wider types than the base, which is cast to them', async () => {
    const totals = recursiveCte(
      'totals',
      select({ id: parts.id, total: parts.price, path: parts.code }).from(parts).where(parts.of.isNull()),
      (self) =>
        select({
          id: parts.id,
          total: self.total.add(parts.price),
          path: self.path.concat('/').concat(parts.code),
        })
          .from(parts)
          .join(self, self.id.eq(parts.of)),
    )
    const statement = select({ total: totals.total, path: totals.path }).from(totals).orderBy(totals.id)
    expect(statement.toSQL(postgresDialect).sql).toBe(
      'with recursive "totals" ("id", "total", "path") as (select "parts"."id", cast("parts"."price" as numeric) as "total", cast("parts"."code" as text) as "path" from "parts" where "parts"."of" is null union all select "parts"."id", "totals"."total" + "parts"."price" as "total", "totals"."path" || $1 || "parts"."code" as "path" from "parts" inner join "totals" on "totals"."id" = "parts"."of") select "totals"."total", "totals"."path" from "totals" order by "totals"."id"',
    )
    for (const { name, db } of databases) {
      const rows = await db.all(statement)
      expect(
        rows.map(({ total, path }) => [Number(total), path]),
        name,
      ).toEqual([
        [1.5, 'a'],
        [3.75, 'a/b'],
        [7.75, 'a/b/c'],
      ])
    }
    const either = select({ code: parts.code }).from(parts)
    const error = await errorOf(() =>
      recursiveCte('r', either.union(either), (self) => select({ code: self.code.concat('x') }).from(self)),
    )
    expect(error).toMatchObject({ code: 'mixed_types' })
    expect(error.message).toMatch(/'code'.*varchar\(4\) in the base and text in the step: write cast/)
  })
})

describe('a CTE sees nothing of the statement around it', () => {
  it('and says so where it is correlated', async () => {
    const mine = cte(
      'mine',
      select({ price: sum(parts.price) })
        .from(parts.as('p'))
        .where(parts.as('p').of.isNull()),
    )
    const error = await errorOf(() =>
      (
        select({ id: parts.id, n: select(mine.price).from(mine).scalar() }).from(parts) as Statement<unknown>
      ).toSQL(postgresDialect),
    )
    expect(error.message).toMatch(
      /^"parts"\."price" is used.*The CTE 'mine' is written in front of the statement.*lateral/,
    )
  })

  it('nor takes two columns whose names differ by case alone', async () => {
    const both = select({ a: parts.id, A: parts.code }).from(parts)
    for (const work of [() => both.as('b'), () => cte('b', both)]) {
      expect(await errorOf(work)).toMatchObject({ name: 'BuildError', code: 'duplicate_column' })
    }
    for (const { db } of databases) expect((await db.all(both)).length).toBe(3)
  })
})

describe('an output within a larger expression', () => {
  it('is put in parentheses as its expression is', async () => {
    const statement = select({ id: parts.id.add(1) })
      .from(parts)
      .orderBy((row) => row.id.mul(-1))
    expect(statement.toSQL(postgresDialect)).toEqual({
      sql: 'select "parts"."id" + $1 as "id" from "parts" order by ("parts"."id" + $2) * $3',
      params: [1, 1, -1],
    })
    for (const { name, db } of databases) {
      expect(await db.all(statement), name).toEqual([{ id: 4 }, { id: 3 }, { id: 2 }])
    }
  })
})

describe('a value belongs to the statement from the moment it is given', () => {
  it('dates and bytes that change later change nothing', () => {
    const date = new Date('2026-01-02T00:00:00Z')
    const bytes = new Uint8Array([1, 2])
    const made = select({ date: literal(date, timestamptz()), bytes: literal(bytes, bytesType()) })
    date.setUTCFullYear(1999)
    bytes[0] = 9
    expect(made.toSQL(sqliteDialect).params).toEqual(['2026-01-02T00:00:00.000Z', new Uint8Array([1, 2])])
    expect(made.toSQL(postgresDialect).params).toEqual([new Date('2026-01-02T00:00:00Z'), '\\x0102'])
  })
})
