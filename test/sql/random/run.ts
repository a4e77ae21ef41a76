import {
  copyTree,
  type Database,
  type Dialect,
  type Executor,
  fromJSON,
  type Json,
  type Statement,
  toJSON,
} from '@espalier/core'
import { parenthesised } from './parenthesised.js'

/** A database of a random test; of PGlite, only what is its own: how rows come back. */
export interface Contender {
  readonly name: string
  readonly db: Database
}

/** A statement in one of the texts that must all mean the same. */
export interface Variant {
  readonly name: string
  readonly statement: Statement<unknown, never>
}

/** The same statement with another text, so that its rows are decoded as before. */
function withText(
  statement: object,
  dialect: Dialect,
  { sql, params }: { sql: string; params: readonly unknown[] },
) {
  const compiled = { dialect, sql, params, named: [], plan: undefined, next: undefined }
  return Object.create(statement, { compiled: { value: compiled } }) as Statement<unknown, never>
}

/** A statement as it is written, with literals in place of parameters, and with all parentheses that there can be. */
export function variantsOf(statement: Statement<unknown, never>, { name, db }: Contender): Variant[] {
  const { dialect } = db
  const own = { name: 'as written', statement }
  if (name === 'PGlite') return [own]
  const all = parenthesised.get(dialect) as Dialect
  return [
    own,
    { name: 'inline', statement: withText(statement, dialect, statement.toSQL(dialect, { inline: true })) },
    { name: 'in parentheses', statement: withText(statement, dialect, all.toSQL(statement)) },
  ]
}

/** The statement copied node by node, and read from JSON. */
export function copiesOf(statement: Statement<unknown, never>): Variant[] {
  const read = fromJSON(JSON.parse(JSON.stringify(toJSON(statement))) as Json)
  return [
    { name: 'copied', statement: copyTree(statement) },
    { name: 'through JSON', statement: read as unknown as Statement<unknown, never> },
  ]
}

/** A value as a text that tells `1` from `'1'` and `1n`. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))
}

/** What came back, as one text: the rows as they came, or sorted; or what kind of error. */
export async function outcome(work: () => Promise<readonly unknown[]>, isOrdered: boolean): Promise<string> {
  let rows: readonly unknown[]
  try {
    rows = await work()
  } catch (error) {
    const { name, message } = error as Error
    return name === 'UniqueViolation' ? name : `${name}: ${message}`
  }
  const texts = rows.map(show)
  return `${(isOrdered ? texts : texts.sort()).join('\n')}\n${rows.length} rows`
}

/** A sum too great for PostgreSQL's type is left as it is. */
export const isOverflow = (text: string) => /out of range|integer overflow/.test(text)

/** All texts of a statement, for the report of a counter-example. */
export function texts(statement: Statement<unknown, never>, contenders: readonly Contender[]): string {
  return contenders
    .filter(({ name }) => name !== 'PGlite')
    .map(({ name, db }) => {
      const { sql, params } = statement.toSQL(db.dialect)
      return `${name}: ${sql}\n  ${show(params)}`
    })
    .join('\n')
}

class Undone extends Error {}

/** What the work comes to in a transaction, of which nothing remains. */
export async function undone<T>(db: Database, work: (on: Executor) => Promise<T>): Promise<T> {
  let result: T | undefined
  try {
    await db.transaction(async (tx) => {
      result = await work(tx)
      throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
  return result as T
}
