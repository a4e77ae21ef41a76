import {
  array,
  arrayAgg,
  type ColumnBuilder,
  copyTree,
  createTable,
  type Database,
  type Dialect,
  deleteFrom,
  dropTable,
  eqAny,
  type Family,
  fromJSON,
  insert,
  integer,
  type Json,
  literal,
  nest,
  param,
  type Statement,
  select,
  table,
  toJSON,
} from '@espalier/core'
import fc from 'fast-check'
import { expect } from 'vitest'

/** A type, and values that every database keeps as they are. */
export interface KeptType {
  readonly name: string
  readonly type: ColumnBuilder<unknown, Family>
  readonly values: fc.Arbitrary<unknown>
  /** Values that are tried besides. */
  readonly edges?: readonly unknown[]
  /** Types that cannot be compared are not looked for. */
  readonly comparable?: false
  /** What a column of arrays has elements of, where it is another type. */
  readonly element?: ColumnBuilder<unknown, Family>
  /** Values of a class are not written into the JSON of a tree. */
  readonly throughJson?: false
}

/** The same statement with its values written into the text. */
function inlined<R>(statement: Statement<R, never>, dialect: Dialect): Statement<R, never> {
  const { sql } = statement.toSQL(dialect, { inline: true })
  const compiled = { dialect, sql, params: [], named: [], plan: undefined, next: undefined }
  return Object.create(statement, { compiled: { value: compiled } }) as Statement<R, never>
}

const times = Number(process.env.FUZZ_TIMES ?? 1)
const seed = Number(process.env.FUZZ_SEED ?? 2026)

/**
 * Writes many values of a type at once and reads each back, wherever a value may stand: in a column, inserted and loaded; as
 * a parameter, as one with a name, and as a literal of a script; beside the column in a predicate; in an array, given and
 * aggregated; and within nested rows. Each statement is run as written, copied, read from JSON, and as a script.
 * `FUZZ_TIMES` takes more values, `FUZZ_SEED` others.
 */
export async function keepsValues(db: Database, kept: KeptType, count = 25): Promise<void> {
  const { type, element = type, edges = [] } = kept
  const kinds = table(`kept ${kept.name}` as string, {
    id: integer().notNull(),
    v: type,
    list: array(element),
  })
  const all = [...edges, ...fc.sample(kept.values, { numRuns: count * times, seed })]
  // Beside arrays, an array has no NULL, and what is compared with its elements is none of them.
  const isArray = type.sqlType.family === 'array'
  const nulls = isArray ? [] : [null]
  const lists = all.map((value, i) => (i % 3 === 0 ? [] : [value, ...nulls, all[i - 1]]))
  const rows = all.map((v, id) => ({ id, v, list: lists[id] }))
  const ways = (given: Statement<unknown, never>): Statement<unknown, never>[] => {
    const copies = [given, copyTree(given), inlined(given, db.dialect)]
    if (kept.throughJson === false) return copies
    const json = JSON.parse(JSON.stringify(toJSON(given))) as Json
    return [...copies, fromJSON(json, {}, [type]) as unknown as Statement<unknown, never>]
  }
  const returns = async (given: Statement<unknown, never>, expected: unknown) => {
    for (const way of ways(given)) expect(await db.all(way)).toEqual(expected)
  }
  await db.run(createTable(kinds))
  try {
    for (const way of ways(
      insert(kinds)
        .values(rows as never)
        .returning(kinds),
    )) {
      expect(await db.all(way)).toEqual(rows)
      await db.run(deleteFrom(kinds).everyRow())
    }
    await db.load(kinds, rows as never)
    await returns(select(kinds).from(kinds).orderBy(kinds.id), rows)
    const within = select(kinds).from(kinds).orderBy(kinds.id)
    await returns(select({ rows: nest.many(within) }), [{ rows }])
    await returns(select(arrayAgg(kinds.v).orderBy(kinds.id)).from(kinds), [all])
    const list = [...all, ...nulls]
    await returns(select(literal(list as never, array(type))), [list])
    const cells = Object.fromEntries(all.slice(0, 100).map((v, i) => [`v${i}`, literal(v as never, type)]))
    await returns(select(cells), [Object.fromEntries(Object.keys(cells).map((key, i) => [key, all[i]]))])
    const named = db.prepare(select({ list: param('list', array(type)), one: param('one', type) }))
    expect(await named.one({ list, one: all[0] } as never)).toEqual({ list, one: all[0] })
    if (kept.comparable !== false) {
      const column = kinds.v as unknown as { eq(value: unknown): never; in(values: unknown): never }
      const found = (where: never) => select(kinds.v).from(kinds).where(where).orderBy(kinds.id)
      await returns(found(column.in(all)), all)
      const inList = eqAny(kinds.v as never, literal(list as never, array(type)) as never) as never
      if (!isArray) await returns(found(inList), all)
      for (const value of all.slice(0, 10)) {
        const [one] = await db.all(found(column.eq(value)).limit(1))
        expect(one).toEqual(value)
      }
    }
    const none = insert(kinds).values({ id: 0, v: null } as never)
    await returns(none.returning({ v: kinds.v, list: kinds.list }), [{ v: null, list: null }])
  } finally {
    await db.run(dropTable(kinds))
  }
}
