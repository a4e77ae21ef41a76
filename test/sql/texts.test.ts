import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type BooleanExpression, cte, integer, select, sql, table, text } from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'

const users = table('users', { id: integer().primaryKey(), name: text().notNull() })

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('the text of a statement', () => {
  const named = (name: string) => {
    const source = users.as(name)
    return select({ [name]: source.id })
      .from(source)
      .where(source.name.eq(name))
  }
  const expected = (name: string, placeholder: string) =>
    `select "${name}"."id" as "${name}" from "users" as "${name}" where "${name}"."name" = ${placeholder}`

  it('is its own, however many others were written before it', () => {
    for (let i = 0; i < 30_000; i++) {
      const name = `n${i}`
      expect(named(name).toSQL(postgresDialect).sql).toBe(expected(name, '$1'))
      if (i % 3 === 0) expect(named(`n${i / 3}`).toSQL(sqliteDialect).sql).toBe(expected(`n${i / 3}`, '?'))
    }
  })

  it('is kept for a while only, so that ever new ones do not fill the memory', () => {
    const compile = (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const outputs = Array.from({ length: 200 }, (_, n) => [`column ${i} ${n}`, users.name.eq(`${n}`)])
        select(Object.fromEntries(outputs) as Record<string, BooleanExpression<boolean, 'users', never>>)
          .from(users)
          .toSQL(postgresDialect)
      }
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = compile(0, 500)
    // 3,000 texts of some 10 kB, of which nothing is garbage if all were kept.
    expect(compile(500, 3500) - before).toBeLessThan(15_000_000)
  })

  it('may have pieces of any length, and what follows them', () => {
    for (const length of [10, 3999, 4000, 4001, 1_000_000]) {
      const long = 'x'.repeat(length)
      const statement = () =>
        select({ a: sql<number>`${sql.unsafe(`/*${long}*/`)} 1`, id: users.id })
          .from(users)
          .where(users.id.eq(1))
      const expected = `select /*${long}*/ 1 as "a", "users"."id" from "users" where "users"."id" = $1`
      for (let times = 0; times < 2; times++) expect(statement().toSQL(postgresDialect).sql).toBe(expected)
      const behind = cte('behind', statement())
      expect(select({ id: behind.id }).from(behind).where(behind.id.gt(2)).toSQL(postgresDialect)).toEqual({
        sql: `with "behind" as (${expected}) select "behind"."id" from "behind" where "behind"."id" > $2`,
        params: [1, 2],
      })
    }
  })

  it('of a script is not taken from a statement with placeholders, nor the other way round', () => {
    const one = () => select({ id: users.id }).from(users).where(users.name.eq('a'))
    const bound = 'select "users"."id" from "users" where "users"."name" = $1'
    const inline = `select "users"."id" from "users" where "users"."name" = 'a'`
    for (let times = 0; times < 3; times++) {
      expect(one().toSQL(postgresDialect).sql).toBe(bound)
      expect(one().toSQL(postgresDialect, { inline: true }).sql).toBe(inline)
    }
  })
})
