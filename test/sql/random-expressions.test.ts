import {
  and,
  boolean,
  caseWhen,
  coalesce,
  integer,
  literal,
  not,
  nullIf,
  or,
  select,
  text,
} from '@espalier/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'

/** An expression together with what it must come to: JavaScript's own reckoning, with SQL's unknown as null. */
interface Known<E, V> {
  readonly node: E
  readonly value: V | null
}
interface Operators {
  add(other: unknown): Operators
  sub(other: unknown): Operators
  mul(other: unknown): Operators
  div(other: unknown): Operators
  mod(other: unknown): Operators
  neg(): Operators
  eq(other: unknown): Operators
  ne(other: unknown): Operators
  lt(other: unknown): Operators
  lte(other: unknown): Operators
  gt(other: unknown): Operators
  gte(other: unknown): Operators
  isDistinctFrom(other: unknown): Operators
  isNotDistinctFrom(other: unknown): Operators
  between(low: unknown, high: unknown): Operators
  in(values: readonly unknown[]): Operators
  notIn(values: readonly unknown[]): Operators
  concat(other: unknown): Operators
  isNull(): Operators
  isNotNull(): Operators
}
type Numeric = Known<Operators, number>
type Textual = Known<Operators, string>
type Truth = Known<Operators, boolean>

const node = (expression: unknown) => expression as Operators
const asAny = (expression: Operators) => expression as never

const number = (value: number): Numeric => ({ node: node(literal(value, integer())), value })
const nullNumber: Numeric = { node: node(nullIf(literal(1, integer()), 1)), value: null }
const nullText: Textual = { node: node(nullIf(literal('a', text()), 'a')), value: null }
const nullTruth: Truth = { node: node(nullIf(literal(true, boolean()), true)), value: null }

const strict =
  <A, B, R>(work: (a: A, b: B) => R) =>
  (a: A | null, b: B | null): R | null =>
    a === null || b === null ? null : work(a, b)

const arithmetic = {
  add: strict((a: number, b: number) => a + b),
  sub: strict((a: number, b: number) => a - b),
  mul: strict((a: number, b: number) => a * b + 0),
} as const
const compare = {
  eq: strict((a: unknown, b: unknown) => a === b),
  ne: strict((a: unknown, b: unknown) => a !== b),
  lt: strict((a: never, b: never) => a < b),
  lte: strict((a: never, b: never) => a <= b),
  gt: strict((a: never, b: never) => a > b),
  gte: strict((a: never, b: never) => a >= b),
  isDistinctFrom: (a: unknown, b: unknown) => a !== b,
  isNotDistinctFrom: (a: unknown, b: unknown) => a === b,
} as const
const comparisons = Object.keys(compare) as (keyof typeof compare)[]
type Compare = (a: unknown, b: unknown) => boolean | null

const conjunction = (values: readonly (boolean | null)[]) =>
  values.includes(false) ? false : values.includes(null) ? null : true
const disjunction = (values: readonly (boolean | null)[]) =>
  values.includes(true) ? true : values.includes(null) ? null : false
const opposite = (value: boolean | null) => (value === null ? null : !value)
// `-0` is not a number of SQL's integers.
const plain = (value: number | null) => (value === null ? null : value + 0)

const { numeric, textual, truth } = fc.letrec<{ numeric: Numeric; textual: Textual; truth: Truth }>((tie) => {
  const numeric = tie('numeric')
  const textual = tie('textual')
  const truth = tie('truth')
  const compared = <T>(operand: fc.Arbitrary<Known<Operators, T>>) =>
    fc.tuple(operand, fc.constantFrom(...comparisons), operand).map(
      ([a, operator, b]): Truth => ({
        node: a.node[operator](b.node),
        value: (compare[operator] as Compare)(a.value, b.value),
      }),
    )
  return {
    numeric: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.integer({ min: -9, max: 9 }).map(number),
      fc.constant(nullNumber),
      fc.tuple(numeric, fc.constantFrom('add', 'sub', 'mul'), numeric).map(
        ([a, operator, b]): Numeric => ({
          node: a.node[operator as 'add'](b.node),
          value: arithmetic[operator as 'add'](a.value, b.value),
        }),
      ),
      fc
        .tuple(numeric, fc.integer({ min: -9, max: 9 }))
        .map(([a, n]): Numeric => ({ node: a.node.sub(n), value: a.value === null ? null : a.value - n })),
      fc.tuple(numeric, fc.constantFrom(-3, -2, 2, 3, 7)).map(
        ([a, n]): Numeric => ({
          node: a.node.div(n),
          value: a.value === null ? null : plain(Math.trunc(a.value / n)),
        }),
      ),
      fc
        .tuple(numeric, fc.constantFrom(-3, -2, 2, 3, 7))
        .map(
          ([a, n]): Numeric => ({ node: a.node.mod(n), value: a.value === null ? null : plain(a.value % n) }),
        ),
      numeric.map((a): Numeric => ({ node: a.node.neg(), value: a.value === null ? null : plain(-a.value) })),
      fc.tuple(numeric, numeric).map(
        ([a, b]): Numeric => ({
          node: node(coalesce(asAny(a.node), asAny(b.node))),
          value: a.value ?? b.value,
        }),
      ),
      fc.tuple(truth, numeric, numeric).map(
        ([p, a, b]): Numeric => ({
          node: node(caseWhen(asAny(p.node), asAny(a.node)).else(asAny(b.node))),
          value: p.value === true ? a.value : b.value,
        }),
      ),
    ),
    textual: fc.oneof(
      { depthSize: 'small' },
      fc
        .constantFrom('', 'a', "'", '\\', 'A', '%')
        .map((value): Textual => ({ node: node(literal(value, text())), value })),
      fc.constant(nullText),
      fc.tuple(textual, textual).map(
        ([a, b]): Textual => ({
          node: a.node.concat(b.node),
          value: strict((x: string, y: string) => x + y)(a.value, b.value),
        }),
      ),
    ),
    truth: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.boolean().map((value): Truth => ({ node: node(literal(value, boolean())), value })),
      fc.constant(nullTruth),
      compared(numeric),
      compared(textual),
      compared(truth),
      fc.array(truth, { minLength: 1, maxLength: 3 }).map(
        (all): Truth => ({
          node: node(and(...all.map((p) => asAny(p.node)))),
          value: conjunction(all.map((p) => p.value)),
        }),
      ),
      fc.array(truth, { minLength: 1, maxLength: 3 }).map(
        (all): Truth => ({
          node: node(or(...all.map((p) => asAny(p.node)))),
          value: disjunction(all.map((p) => p.value)),
        }),
      ),
      truth.map((p): Truth => ({ node: node(not(asAny(p.node))), value: opposite(p.value) })),
      fc.tuple(fc.oneof(numeric, truth, textual), fc.boolean()).map(
        ([a, is]): Truth => ({
          node: is ? a.node.isNull() : a.node.isNotNull(),
          value: (a.value === null) === is,
        }),
      ),
      fc.tuple(numeric, numeric, numeric, fc.boolean()).map(([a, low, high, is]): Truth => {
        const value = conjunction([
          compare.gte(a.value as never, low.value as never),
          compare.lte(a.value as never, high.value as never),
        ])
        const between = a.node.between(low.node, high.node)
        return is ? { node: between, value } : { node: node(not(asAny(between))), value: opposite(value) }
      }),
      fc
        .tuple(numeric, fc.array(numeric, { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([a, list, is]): Truth => {
          const value = disjunction(list.map((b) => compare.eq(a.value, b.value)))
          const values = list.map((b) => b.node)
          return is
            ? { node: a.node.in(values), value }
            : { node: a.node.notIn(values), value: opposite(value) }
        }),
    ),
  }
})

/** The same every time, unless others are looked for. */
const seed = Number(process.env.FUZZ_SEED ?? 2026)

const { postgresql, lite } = await bothDatabases()

/** Several expressions at a time, since most of the time goes into the way to the database and back. */
const batches = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 20, maxLength: 20 })
const small = ({ value }: Known<Operators, unknown>) => typeof value !== 'number' || Math.abs(value) < 1e9

describe('random expressions come to the same on PostgreSQL, on SQLite and by reckoning', () => {
  it.each([
    ['numbers', numeric],
    ['texts', textual],
    ['truth values', truth],
  ] as const)('%s', async (_, kind) => {
    await fc.assert(
      fc.asyncProperty(batches(kind as fc.Arbitrary<Known<Operators, unknown>>), async (all) => {
        const fit = all.filter(small)
        if (fit.length === 0) return
        const statement = select(Object.fromEntries(fit.map((known, i) => [`v${i}`, known.node as never])))
        const expected = [Object.fromEntries(fit.map((known, i) => [`v${i}`, known.value]))]
        for (const db of [postgresql, lite]) {
          let rows: unknown
          try {
            rows = await db.all(statement as never)
          } catch (error) {
            // Somewhere inside, a product was too great for PostgreSQL.
            if (/out of range/.test(String(error))) return
            throw error
          }
          expect(rows, statement.toSQL(db.dialect, { inline: true }).sql).toEqual(expected)
        }
      }),
      { numRuns: 150, seed },
    )
  })

  it('written with literals they come to the same as with parameters', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches(fc.oneof(numeric, truth, textual) as fc.Arbitrary<Known<Operators, unknown>>),
        async (all) => {
          const fit = all.filter(small)
          if (fit.length === 0) return
          const statement = select(Object.fromEntries(fit.map((known, i) => [`v${i}`, known.node as never])))
          for (const db of [postgresql, lite]) {
            const { sql } = statement.toSQL(db.dialect, { inline: true })
            const rows = await runText(db, statement, sql).catch((error: unknown) => error)
            if (/out of range/.test(String(rows))) return
            expect(rows, sql).toEqual([Object.fromEntries(fit.map((known, i) => [`v${i}`, known.value]))])
          }
        },
      ),
      { numRuns: 80, seed },
    )
  })
})

/** Runs a text as if a statement had compiled to it, so that its rows are decoded. */
async function runText(db: typeof postgresql, statement: object, text: string): Promise<unknown> {
  const copy = Object.create(statement, {
    compiled: {
      value: { dialect: db.dialect, sql: text, params: [], named: [] },
    },
  })
  return db.all(copy)
}
