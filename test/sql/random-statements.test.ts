import { createAll, deleteFrom, insert, type Statement, select } from '@espalier/core'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { Choices } from './random/choices.js'
import { nullAgainstType, Queries, type RowModel } from './random/queries.js'
import { copiesOf, isOverflow, outcome, show, texts, undone, type Variant, variantsOf } from './random/run.js'
import { first, second, someRows, TABLES, third } from './random/tables.js'
import { Writes } from './random/writes.js'

/** The same every time, unless others are looked for; see docs/architecture.md, "Tests". */
const seed = Number(process.env.FUZZ_SEED ?? 2026)
const times = Number(process.env.FUZZ_TIMES ?? 1)

const contenders = await allDatabases()
type Contender = (typeof contenders)[number]
type Content = Readonly<Record<string, readonly Record<string, unknown>[]>>
type AnyStatement = Statement<unknown, never>

const numbers = (minLength: number, maxLength: number) =>
  fc.array(fc.nat({ max: 999 }), { minLength, maxLength, size: 'max' })

/** Rows for the tables, and the choices of several statements on them, since filling the tables takes longest. */
const cases = fc.tuple(
  numbers(60, 140).map((tape): Content => {
    const choices = new Choices(tape)
    return Object.fromEntries(TABLES.map((table) => [table.name, someRows(choices, table)]))
  }),
  fc.array(numbers(0, 200), { minLength: 1, maxLength: 24, size: 'max' }),
)

beforeAll(async () => {
  for (const { db } of contenders) {
    for (const statement of createAll([first, second, third], db.dialect)) await db.run(statement)
  }
})

async function fill(content: Content): Promise<void> {
  for (const { db } of contenders) {
    await db.transaction(async (tx) => {
      for (const { facade, name } of TABLES) {
        const table = facade as typeof first
        const rows = content[name] as never[]
        await tx.run(deleteFrom(table).everyRow())
        if (rows.length > 0) await tx.run(insert(table).values(rows))
      }
    })
  }
}

/** Checks as many statements as there is time for; what fails is shrunk for no longer than that. */
async function property(runs: number, check: (tape: readonly number[], content: Content) => Promise<void>) {
  await fc.assert(
    fc.asyncProperty(cases, async ([content, tapes]) => {
      await fill(content)
      for (const tape of tapes) await check(tape, content)
    }),
    { numRuns: runs * times, seed, interruptAfterTimeLimit: 25_000 * times },
  )
}

/** Fails unless the statement comes to the same on every database, in every text, copied and read from JSON. */
async function agree(
  statement: AnyStatement,
  content: Content,
  run: (contender: Contender, variant: Variant) => Promise<string>,
): Promise<void> {
  const about = (where: string) => `${where}\n${texts(statement, contenders)}\n${show(content)}`
  for (const { name, statement: copy } of copiesOf(statement)) {
    for (const { db } of contenders) {
      expect(copy.toSQL(db.dialect), about(name)).toEqual(statement.toSQL(db.dialect))
    }
  }
  let expected: string | undefined
  for (const contender of contenders) {
    for (const variant of variantsOf(statement, contender)) {
      const found = await run(contender, variant)
      if (isOverflow(found)) return
      expected ??= found
      const where = `${contender.name}, ${variant.name}`
      expect(found, about(where)).toBe(expected)
      expect(found, about(where)).toMatch(/(rows|UniqueViolation)$/)
    }
  }
}

/** Whether SQLite refuses to write a statement, saying what to do instead. */
async function isRefused(statement: AnyStatement): Promise<boolean> {
  return outcome(async () => [statement.toSQL(sqliteDialect)], true).then((text) =>
    /^UnsupportedError/.test(text),
  )
}

/** Fails where a value is null that cannot be by its type. */
function notNull(rows: readonly unknown[], model: RowModel): readonly unknown[] {
  for (const row of rows) expect(nullAgainstType(row, model), `null in ${show(row)}`).toBe(undefined)
  return rows
}

describe('random statements mean the same on every database', () => {
  const timeout = 60_000 * times

  it('queries', { timeout }, () =>
    property(150, async (tape, content) => {
      const { node, row, isOrdered } = new Queries(new Choices(tape)).statement()
      await agree(node as unknown as AnyStatement, content, ({ db }, { statement }) =>
        outcome(async () => notNull(await db.all(statement), row), isOrdered),
      )
    }),
  )

  it('writes, by the rows they return and by what the table holds then', { timeout }, () =>
    property(100, async (tape, content) => {
      const { node, target, returns } = new Writes(new Choices(tape)).write()
      // What a subquery would read of rows that are being written.
      if (await isRefused(node as unknown as AnyStatement)) return
      const all = select(target.facade as typeof first).from(target.facade as typeof first)
      await agree(node as unknown as AnyStatement, content, ({ db }, { statement }) =>
        undone(db, async (on) => {
          const result = await outcome(
            async () => (returns ? notNull(await on.all(statement), returns) : [await on.run(statement)]),
            false,
          )
          if (!result.endsWith('rows')) return result
          return `${result}\n${await outcome(() => on.all(all), false)}`
        }),
      )
    }),
  )
})
