import { type ColumnSketch, columns, lines, type Program, rowType, tableOf } from './schema.js'

const types = {
  integer: 'integer()',
  text: 'text()',
  boolean: 'boolean()',
  double: 'double()',
  timestamp: 'timestamptz()',
} as const

const column = ({ name, type, nullable }: ColumnSketch) =>
  `  ${name}: ${types[type]}${nullable ? '' : '.notNull()'},`

export const program: Program = {
  schema: (tables) =>
    [
      `import { boolean, double, integer, table, text, timestamptz } from '@espalier/core'`,
      `export const imported = [boolean, double, integer, table, text, timestamptz]`,
      lines(tables, (n) => `export const t${n} = table('t${n}', {\n${columns.map(column).join('\n')}\n})`),
    ].join('\n'),
  queries: (count) =>
    [
      `import { coalesce, count, or, select, type Database } from '@espalier/core'`,
      `import * as schema from './schema.js'`,
      `declare const db: Database`,
      lines(count, query),
    ].join('\n'),
}

const query = (q: number) => `
export async function q${q}() {
  const a = schema.t${tableOf(q, 0)}.as('a')
  const b = schema.t${tableOf(q, 1)}.as('b')
  const c = schema.t${tableOf(q, 2)}.as('c')
  const d = schema.t${tableOf(q, 3)}.as('d')
  const rows = await db.all(
    select({ id: a.id, title: b.title, note: c.title, label: coalesce(c.title, ''), n: count(d.id) })
      .from(a)
      .join(b, b.parent.eq(a.id))
      .leftJoin(c, c.parent.eq(b.id))
      .leftJoin(d, d.parent.eq(c.id))
      .where(a.active.eq(true), or(b.email.eq('x'), c.amount.gt(3)))
      .groupBy(a.id, b.title, c.title)
      .orderBy(a.id.desc())
      .limit(20))
  const checked: ${rowType}[] = rows
  return checked
}`
