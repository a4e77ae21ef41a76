import { type ColumnSketch, columns, lines, type Program, rowType, tableOf } from './schema.js'

const types = {
  integer: 'integer()',
  text: 'text()',
  boolean: 'boolean()',
  double: 'doublePrecision()',
  timestamp: 'timestamp()',
} as const

const column = ({ name, type, nullable }: ColumnSketch) =>
  `  ${name}: ${types[type]}${nullable ? '' : '.notNull()'},`

export const program: Program = {
  schema: (tables) =>
    [
      `import { boolean, doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'`,
      `export const imported = [boolean, doublePrecision, integer, pgTable, text, timestamp]`,
      lines(tables, (n) => `export const t${n} = pgTable('t${n}', {\n${columns.map(column).join('\n')}\n})`),
    ].join('\n'),
  queries: (count) =>
    [
      `import { and, count, desc, eq, gt, or, sql } from 'drizzle-orm'`,
      `import { alias } from 'drizzle-orm/pg-core'`,
      `import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'`,
      `import * as schema from './schema.js'`,
      `declare const db: PostgresJsDatabase`,
      lines(count, query),
    ].join('\n'),
}

const query = (q: number) => `
export async function q${q}() {
  const a = alias(schema.t${tableOf(q, 0)}, 'a')
  const b = alias(schema.t${tableOf(q, 1)}, 'b')
  const c = alias(schema.t${tableOf(q, 2)}, 'c')
  const d = alias(schema.t${tableOf(q, 3)}, 'd')
  const rows = await db
    .select({ id: a.id, title: b.title, note: c.title, label: sql<string>\`coalesce(\${c.title}, '')\`, n: count(d.id) })
    .from(a)
    .innerJoin(b, eq(b.parent, a.id))
    .leftJoin(c, eq(c.parent, b.id))
    .leftJoin(d, eq(d.parent, c.id))
    .where(and(eq(a.active, true), or(eq(b.email, 'x'), gt(c.amount, 3))))
    .groupBy(a.id, b.title, c.title)
    .orderBy(desc(a.id))
    .limit(20)
  const checked: ${rowType}[] = rows
  return checked
}`
