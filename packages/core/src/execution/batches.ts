import type { Dialect } from '../compiler/dialect.js'
import { BuildError } from '../errors.js'
import type { Reads } from '../expression/reads.js'
import type { Statement } from '../expression/statement.js'
import { InsertNode } from '../statement/insert.js'
import { ExpressionRowsNode, ValuesNode } from '../statement/insert-rows.js'

/**
 * An insert of more rows than a statement has parameters for, as several that each have as many as fit: run one after the
 * other, in a transaction, they do and return what the one would, in the order of its rows. Where nothing is to be returned,
 * `load` is faster.
 *
 * Throws a `BuildError` for what is not an insert of rows, and where one row alone has too many parameters.
 * @example
 * ```ts
 * const many = Array.from({ length: 50_000 }, (_, i) => ({ name: `org ${i}` }))
 * const created = await db.transaction(async (tx) => {
 *   const rows: { id: number }[] = []
 *   for (const batch of inBatches(insert(orgs).values(many).returning({ id: orgs.id }), tx.dialect))
 *     for (const row of await tx.all(batch)) rows.push(row)
 *   return rows
 * })
 * created.length // 50000
 * ```
 */
export function inBatches<R, Needs extends Reads>(
  statement: Statement<R, Needs>,
  dialect: Dialect,
): Statement<R, Needs>[] {
  const insert = requireRows(statement)
  const { rowCount } = insert.rows
  const { maxParameters } = dialect
  const batches: InsertNode[] = []
  // What else the statement has parameters for, and rows of which some values are expressions, show when it is compiled.
  let size = Math.max(1, Math.floor(maxParameters / Math.max(1, insert.columns.columns.length)))
  for (let from = 0; from < rowCount; ) {
    const batch = from === 0 && size >= rowCount ? insert : rowsOf(insert, from, size)
    try {
      dialect.compile(batch)
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'too_many_parameters' || size === 1) throw error
      size = Math.ceil(size / 2)
      continue
    }
    batches.push(batch)
    from += size
  }
  return batches as unknown as Statement<R, Needs>[]
}

interface RowsInsert extends InsertNode {
  readonly rows: ValuesNode | ExpressionRowsNode
}

function requireRows(statement: unknown): RowsInsert {
  const { kind, rows } = statement as InsertNode
  if (kind === 'insert' && (rows?.kind === 'values' || rows?.kind === 'expressionRows'))
    return statement as RowsInsert
  throw new BuildError(
    'invalid_statement',
    `inBatches(…) takes an insert of rows, and this is ${kind === 'insert' ? 'one without' : `of the kind '${kind}'`}. ` +
      'What a comment or a with clause was added to is split before: add it to each batch.',
  )
}

function rowsOf(
  { table, columns, rows, conflicts, mode, selection }: RowsInsert,
  from: number,
  size: number,
) {
  const width = columns.columns.length
  const count = Math.min(size, rows.rowCount - from)
  const part = <T>(all: readonly T[]): T[] => all.slice(from * width, (from + count) * width)
  const some =
    rows.kind === 'values'
      ? new ValuesNode(part((rows as ValuesNode).values), count)
      : new ExpressionRowsNode(part((rows as ExpressionRowsNode).expressions), count)
  return new InsertNode(table, columns, some, conflicts, mode, selection)
}
