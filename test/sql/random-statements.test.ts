import { createAll, deleteFrom, insert, type Statement } from '@espalier/core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { Choices } from './random/choices.js'
import { nullAgainstType, Queries } from './random/queries.js'
import { copiesOf, isOverflow, outcome, show, texts, variantsOf } from './random/run.js'
import { first, second, someRows, TABLES, third } from './random/tables.js'

/** The same every time, unless others are looked for; see docs/architecture.md, "Tests". */
const seed = Number(process.env.FUZZ_SEED ?? 2026)
const times = Number(process.env.FUZZ_TIMES ?? 1)
const timeout = 60_000 * times

const contenders = await allDatabases()
const numbers = (most: number) => fc.array(fc.nat({ max: 999 }), { maxLength: most, size: 'max' })
type Rows = Readonly<Record<string, readonly Record<string, unknown>[]>>

function contentOf(tape: readonly number[]): Rows {
  const choices = new Choices(tape)
  return Object.fromEntries(TABLES.map((table) => [table.name, someRows(choices, table)]))
}

async function fill(content: Rows): Promise<void> {
  for (const { db } of contenders) {
    await db.transaction(async (tx) => {
      for (const { facade, name } of TABLES) {
        await tx.run(deleteFrom(facade as typeof first).everyRow())
        const rows = content[name] as never[]
        if (rows.length > 0) await tx.run(insert(facade as typeof first).values(rows))
      }
    })
  }
}

beforeAll(async () => {
  for (const { db } of contenders) {
    for (const statement of createAll([first, second, third], db.dialect)) await db.run(statement)
  }
})

describe('random statements mean the same everywhere', () => {
  it('queries', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        numbers(60),
        fc.array(numbers(150), { minLength: 1, maxLength: 12, size: 'max' }),
        async (data, tapes) => {
          const content = contentOf(data)
          await fill(content)
          for (const tape of tapes) {
            const { node, row, isOrdered } = new Queries(new Choices(tape)).statement()
            await check(node as unknown as Statement<unknown, never>, isOrdered, content, (rows) => {
              for (const one of rows) expect(nullAgainstType(one, row)).toBe(undefined)
            })
          }
        },
      ),
      { numRuns: 60 * times, seed, interruptAfterTimeLimit: 25_000 * times },
    )
  })
})

async function check(
  statement: Statement<unknown, never>,
  isOrdered: boolean,
  content: Rows,
  each: (rows: readonly unknown[]) => void,
): Promise<void> {
  const report = () => `${texts(statement, contenders)}\n${show(content)}`
  for (const copy of copiesOf(statement)) {
    for (const { db } of contenders) {
      expect(copy.statement.toSQL(db.dialect), `${copy.name}\n${report()}`).toEqual(
        statement.toSQL(db.dialect),
      )
    }
  }
  let expected: string | undefined
  for (const contender of contenders) {
    for (const variant of variantsOf(statement, contender)) {
      const found = await outcome(() => contender.db.all(variant.statement), isOrdered)
      if (isOverflow(found)) return
      expected ??= found
      const where = `${contender.name}, ${variant.name}`
      expect(found, `${where}\n${report()}`).toBe(expected)
      expect(found, `${where}\n${report()}`).toMatch(/rows$/)
    }
  }
  each(await (contenders[0] as (typeof contenders)[number]).db.all(statement))
}
