import { bigint, boolean, date, type ExpressionNode, integer, literal, table, text } from '@espalier/core'
import type { Choices } from './choices.js'

/** The types that random statements compute with. */
export type Kind = 'integer' | 'text' | 'boolean' | 'bigint' | 'date'
export const KINDS: readonly Kind[] = ['integer', 'text', 'boolean', 'bigint', 'date']

export const TYPES = { integer, text, boolean, bigint, date } as const

/** What is known of a column without asking a database. */
export interface ColumnModel {
  readonly kind: Kind
  readonly nullable: boolean
}
export type ColumnModels = Readonly<Record<string, ColumnModel>>

/** Something that can stand in FROM. */
export interface SourceModel {
  readonly facade: object
  readonly name: string
  readonly columns: ColumnModels
  /** Whether it is a table, whose columns can be compared in the condition of a full join. */
  readonly isTable: boolean
}

const column = (kind: Kind, nullable = true): ColumnModel => ({ kind, nullable })

/** Two tables of the same small numbers and texts, so that joins find something. */
export const first = table('random_first', {
  id: integer().primaryKey(),
  n: integer(),
  name: text(),
  flag: boolean().notNull(),
  big: bigint().notNull(),
  born: date(),
})
export const second = table('random_second', {
  id: integer().primaryKey(),
  firstId: integer('first_id'),
  n: integer().notNull(),
  name: text().notNull(),
  flag: boolean(),
  big: bigint(),
})
/** One without a column that is not null. */
export const third = table('random_third', { n: integer(), name: text(), born: date() })

export const TABLES: readonly SourceModel[] = [
  {
    facade: first,
    name: 'random_first',
    isTable: true,
    columns: {
      id: column('integer', false),
      n: column('integer'),
      name: column('text'),
      flag: column('boolean', false),
      big: column('bigint', false),
      born: column('date'),
    },
  },
  {
    facade: second,
    name: 'random_second',
    isTable: true,
    columns: {
      id: column('integer', false),
      firstId: column('integer'),
      n: column('integer', false),
      name: column('text', false),
      flag: column('boolean'),
      big: column('bigint'),
    },
  },
  {
    facade: third,
    name: 'random_third',
    isTable: true,
    columns: { n: column('integer'), name: column('text'), born: column('date') },
  },
]

const VALUES: Readonly<Record<Kind, readonly unknown[]>> = {
  integer: [1, 0, 2, -1, 3, 5, -4],
  text: ['a', 'b', '', 'A', "O'x", 'é', '日本', '😀', '%', '_a', '\\', 'a b', '1', '-- ', '"', '$1', '?'],
  boolean: [true, false],
  bigint: [1n, 0n, 2n, -3n, 4_000_000_000n],
  date: ['2024-02-29', '1999-12-31', '2024-01-31', '0001-01-01'],
}

/** A value of a kind, of few, so that many are equal. */
export function someValue(choices: Choices, kind: Kind): unknown {
  return choices.pick(VALUES[kind])
}

export function someLiteral(choices: Choices, kind: Kind): ExpressionNode {
  return literal(someValue(choices, kind) as never, TYPES[kind]() as never) as unknown as ExpressionNode
}

export type Row = Record<string, unknown>

/** Rows for a table: keys from 1 on, NULL one time in three where it may be. */
export function someRows(choices: Choices, { columns }: SourceModel, least = 0): Row[] {
  return choices.many(least, 5, (at) =>
    Object.fromEntries(
      Object.entries(columns).map(([key, { kind, nullable }]) => [
        key,
        key === 'id' ? at + 1 : nullable && choices.once(3) ? null : someValue(choices, kind),
      ]),
    ),
  )
}
