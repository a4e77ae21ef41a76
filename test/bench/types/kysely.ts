import { type ColumnSketch, columns, lines, type Program, rowType, tableOf } from './schema.js'

const types = {
  integer: 'number',
  text: 'string',
  boolean: 'boolean',
  double: 'number',
  timestamp: 'Date',
} as const

const column = ({ name, type, nullable }: ColumnSketch) =>
  `  ${name}: ${types[type]}${nullable ? ' | null' : ''}`

export const program: Program = {
  schema: (tables) =>
    [
      lines(tables, (n) => `export interface T${n} {\n${columns.map(column).join('\n')}\n}`),
      `export interface Database {\n${lines(tables, (n) => `  t${n}: T${n}`)}\n}`,
    ].join('\n'),
  queries: (count) =>
    [
      `import type { Kysely } from 'kysely'`,
      `import type { Database } from './schema.js'`,
      `declare const db: Kysely<Database>`,
      lines(count, query),
    ].join('\n'),
}

const query = (q: number) => `
export async function q${q}() {
  const rows = await db.selectFrom('t${tableOf(q, 0)} as a')
    .innerJoin('t${tableOf(q, 1)} as b', 'b.parent', 'a.id')
    .leftJoin('t${tableOf(q, 2)} as c', 'c.parent', 'b.id')
    .leftJoin('t${tableOf(q, 3)} as d', 'd.parent', 'c.id')
    .select((eb) => ['a.id', 'b.title', 'c.title as note', eb.fn.coalesce('c.title', eb.val('')).as('label'),
      eb.fn.count<number>('d.id').as('n')])
    .where('a.active', '=', true)
    .where((eb) => eb.or([eb('b.email', '=', 'x'), eb('c.amount', '>', 3)]))
    .groupBy(['a.id', 'b.title', 'c.title'])
    .orderBy('a.id', 'desc')
    .limit(20)
    .execute()
  const checked: ${rowType}[] = rows
  return checked
}`
