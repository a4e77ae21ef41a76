import { isDeepStrictEqual } from 'node:util'
import {
  BuildError,
  type ColumnNode,
  type Database,
  type Dialect,
  type Expression,
  type Node,
  type Source,
  type Statement,
  select,
  sourceInfo,
  walk,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'

const dialects: Readonly<Record<string, Dialect>> = { PostgreSQL: postgresDialect, SQLite: sqliteDialect }

/** How many comments were compared with what the code gave. */
export const verified = { sql: 0, values: 0 }

/** Checks the comment behind an expression against its value, and runs the value if it is a statement. */
export async function checkComment(value: unknown, comment: string, db: Database): Promise<void> {
  if (isStatement(value)) {
    checkSql(value, comment, (dialect) => value.toSQL(dialect).sql, SQL_START)
    if (!CHANGES_SCHEMA.test(value.kind)) await tryOut(value, comment, db)
  } else if (isExpression(value)) {
    checkSql(value, comment, (dialect) => sqlOfExpression(value, dialect), /./)
  } else if (sourceInfo(value) === undefined) checkValue(value, comment)
}

/** Statements that change the schema are compared, not run: they create what is there, or drop what others need. */
const CHANGES_SCHEMA = /^(create|drop|add|alter|rename)[A-Z]/

const SQL_START = /^(…|select|insert|update|delete|with|create|alter|drop|\()/

function checkSql(value: unknown, comment: string, sqlIn: (dialect: Dialect) => string, start: RegExp): void {
  for (const [dialect, expected] of expectations(comment)) {
    if (!start.test(expected)) continue
    const sql = sqlIn(dialect)
    if (!matches(sql, expected))
      throw new Error(`the SQL of this ${(value as Node).kind} is\n  ${sql}\nand not\n  ${expected}`)
    verified.sql++
  }
}

/** The SQL that a comment states, by dialect. */
function expectations(comment: string): [dialect: Dialect, sql: string][] {
  if (comment === '') return []
  const parts = comment.split(/\n(?=(?:PostgreSQL|SQLite): )|\s+·\s+(?=(?:PostgreSQL|SQLite): )/)
  return parts.map((part) => {
    const [, label, text] = /^(?:(PostgreSQL|SQLite): )?([\s\S]*)$/.exec(part)!
    return [
      dialects[label ?? 'PostgreSQL']!,
      text!
        .replace(/\s+—\s[\s\S]*$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    ]
  })
}

function matches(sql: string, expected: string): boolean {
  const pieces = expected.split('…').map((piece) => piece.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${pieces.join('[\\s\\S]*')}$`).test(sql.replace(/\s+/g, ' '))
}

/** The SQL of an expression, cut out of a select of it from everything that it reads. */
function sqlOfExpression(expression: Expression<unknown>, dialect: Dialect): string {
  const sources = new Set<object>()
  walk(expression, (node) => {
    if (node.kind === 'column') sources.add((node as ColumnNode).source.facade!)
  })
  const [first, ...others] = [...sources] as Source[]
  const base = select(expression) as unknown as Loose
  const query =
    first === undefined ? base : others.reduce<Loose>((q, source) => q.crossJoin(source), base.from(first))
  const { sql } = query.toSQL(dialect)
  return sql.slice('select '.length, sql.lastIndexOf(' as "value"'))
}
interface Loose extends Statement<unknown> {
  from(source: Source): Loose
  crossJoin(source: Source): Loose
}

/** A value against a comment, if that is JavaScript; a type or a sentence is none. */
function checkValue(value: unknown, comment: string): void {
  if (comment === '' || comment.includes('…') || comment === value) return
  let expected: unknown
  try {
    expected = new Function(`'use strict'; return (${comment.replace(/\s+—\s[\s\S]*$/, '')})`)()
  } catch {
    return
  }
  verified.values++
  if (!isDeepStrictEqual(value, expected))
    throw new Error(`the value is ${show(value)}, not ${show(expected)}`)
}

const show = (value: unknown) =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part)) ?? String(value)

/** Runs a statement that lacks nothing, and takes back what it did. */
async function tryOut(statement: Statement<unknown>, comment: string, db: Database): Promise<void> {
  try {
    statement.toSQL(db.dialect)
  } catch (error) {
    // It is meant to stand within another statement.
    if (error instanceof BuildError || (error as Error).name === 'CompileError') return
    // Where SQL is shown for one database alone, the other may refuse.
    const [shown, ...more] = comment.match(/^(PostgreSQL|SQLite)(?=: )/gm) ?? []
    const isOfOther = shown !== undefined && more.length === 0 && shown !== db.dialect.name
    if (isOfOther && (error as Error).name === 'UnsupportedError') return
    throw error
  }
  const undo = new Error('undo')
  await db
    .transaction(async (tx) => {
      await tx.all(statement as Statement<unknown, never>)
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
}

function isStatement(value: unknown): value is Statement<unknown> {
  return isNode(value) && typeof (value as { toSQL?: unknown }).toSQL === 'function'
}
function isExpression(value: unknown): value is Expression<unknown> {
  return isNode(value) && typeof (value as { isNull?: unknown }).isNull === 'function'
}
function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string'
}
