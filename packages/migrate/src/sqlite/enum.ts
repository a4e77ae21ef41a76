import { sql, TableNode, type Transaction, text } from '@espalier/core'
import { parseCreate, replaceParts } from '@espalier/dialects/sqlite/inspect'
import { MigrationError } from '../errors.js'
import { unedited } from './edit.js'
import { rebuild } from './rebuild.js'
import { literal, numberOf, quoted, readStored, sameName } from './stored.js'

/**
 * Puts another list of values in the place of one: in the checks of all columns that have just that list. Values change by the
 * map, in the same copy of the table; rows with values that are gone are counted first.
 */
export async function replaceLists(
  tx: Transaction,
  from: readonly string[],
  to: readonly string[],
  gone: readonly string[],
  map: ReadonlyMap<string, string | null>,
): Promise<void> {
  const tables = await tx.all(
    sql.query({
      name: text().notNull(),
    })`select name from sqlite_schema where type = 'table' and sql like '%check%' order by 1`,
  )
  for (const { name } of tables) {
    const stored = await readStored(tx, new TableNode(name, undefined)).catch((error: unknown) => {
      // A virtual table, or one that belongs to it.
      if (error instanceof MigrationError) return undefined
      throw error
    })
    if (stored === undefined) continue
    const path = quoted(stored.schema, stored.name)
    const found = stored.create.columns.flatMap((column) =>
      column.constraints.flatMap((one) =>
        one.kind === 'check' && isListOf(one.expression.source, column.name.name, from)
          ? [{ column, part: one.expression }]
          : [],
      ),
    )
    if (found.length === 0) continue
    const lost = gone.filter((value) => !map.has(value))
    for (const { column } of found) {
      if (lost.length === 0) break
      const own = quoted(column.name.name)
      const n = await numberOf(
        tx,
        `select count(*) from ${path} where ${own} in (${lost.map(literal).join(', ')})`,
      )
      if (n > 0) {
        throw new MigrationError(
          'rows_do_not_fit',
          `${n === 1 ? '1 row has' : `${n} rows have`} a value in ${quoted(name)}.${own} that would be gone (${lost.join(', ')}). ` +
            'Say by replace what becomes of it, or change the rows first. Nothing was changed.',
        )
      }
    }
    const statement = replaceParts(
      stored.create,
      found.map(({ column, part }) => ({ part, text: listText(column.name.name, to) })),
    )
    const edited = unedited(statement)
    const columns = edited.columns.map((one) =>
      map.size > 0 && found.some(({ column }) => sameName(column.name.name, one.name))
        ? { name: one.name, from: changedValue(quoted(one.name), map) }
        : one,
    )
    await rebuild(tx, stored, { ...edited, columns })
  }
}

function changedValue(column: string, map: ReadonlyMap<string, string | null>): string {
  const whens = [...map].map(
    ([from, to]) => `when ${literal(from)} then ${to === null ? 'null' : literal(to)}`,
  )
  return `case ${column} ${whens.join(' ')} else ${column} end`
}

function listText(column: string, values: readonly string[]): string {
  return `${quoted(column)} in (${values.map(literal).join(', ')})`
}

/** Whether a check is that of a column with these values, however it is spaced. */
function isListOf(check: string, column: string, values: readonly string[]): boolean {
  const tokensOf = (source: string) =>
    parseCreate(`create view x as select ${source}`).text.tokens.map((token) => token.word || token.text)
  return tokensOf(check).join(' ') === tokensOf(listText(column, values)).join(' ')
}
