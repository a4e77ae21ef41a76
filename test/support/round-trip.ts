import {
  array,
  type ColumnBuilder,
  copyTree,
  createTable,
  type Database,
  type Dialect,
  deleteFrom,
  dropTable,
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
  /** Values of a class are not written into the JSON of a tree. */
  readonly throughJson?: false
}

/** The same statement with its values written into the text. */
function inlined<R>(statement: Statement<R, never>, dialect: Dialect): Statement<R, never> {
  const { sql } = statement.toSQL(dialect, { inline: true })
  const compiled = { dialect, sql, params: [], named: [], plan: undefined, next: undefined }
  return Object.create(statement, { compiled: { value: compiled } }) as Statement<R, never>
}

/**
 * Writes each value into a column and reads it back: as a parameter, as one with a name, as a literal of a script, beside
 * the column in a predicate, within nested rows, and in an array; each statement as written, copied, and read from JSON.
 */
export async function keepsValues(db: Database, kept: KeptType, numRuns = 25): Promise<void> {
  const { type, values, edges = [] } = kept
  const kinds = table(`kept ${kept.name}` as string, { id: integer(), v: type })
  await db.run(createTable(kinds))
  const ways = (given: Statement<unknown>): Statement<unknown, never>[] => {
    const statement = given as Statement<unknown, never>
    const copies = [statement, copyTree(statement), inlined(statement, db.dialect)]
    if (kept.throughJson === false) return copies
    const json = JSON.parse(JSON.stringify(toJSON(statement))) as Json
    return [...copies, fromJSON(json, {}, [type]) as unknown as Statement<unknown, never>]
  }
  const keep = async (value: unknown) => {
    const given = value as never
    for (const way of ways(insert(kinds).values({ id: 1, v: given }).returning({ v: kinds.v })))
      expect(await db.all(way)).toEqual([{ v: value }])
    for (const way of ways(select({ v: literal(given, type) })))
      expect(await db.all(way)).toEqual([{ v: value }])
    if (kept.comparable !== false) {
      const found = select({ v: kinds.v })
        .from(kinds)
        .where((kinds.v as unknown as { eq(value: unknown): never }).eq(value))
      for (const way of ways(found)) {
        const rows = await db.all(way)
        expect(rows.length).toBeGreaterThan(0)
        expect(rows[0]).toEqual({ v: value })
      }
    }
    const within = select({
      rows: nest.many(select({ v: kinds.v }).from(kinds).where(kinds.id.eq(1)).limit(1)),
    })
    for (const way of ways(within)) expect(await db.all(way)).toEqual([{ rows: [{ v: value }] }])
    const named = db.prepare(select({ v: param('given' as string, type) }))
    expect(await named.one({ given } as never)).toEqual({ v: value })
    // An array among arrays is never null.
    if (type.sqlType.family !== 'array') {
      const list = select({ list: literal([value, null, value] as never, array(type)) })
      for (const way of ways(list)) expect(await db.all(way)).toEqual([{ list: [value, null, value] }])
    }
    await db.run(deleteFrom(kinds).everyRow())
  }
  for (const edge of edges) await keep(edge)
  await fc.assert(fc.asyncProperty(values, keep), { numRuns })
  expect(
    await db.all(
      insert(kinds)
        .values({ v: null } as never)
        .returning({ v: kinds.v }),
    ),
  ).toEqual([{ v: null }])
  await db.run(dropTable(kinds))
}
