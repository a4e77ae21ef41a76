import { type Catalog, createAll, type Executor, type Metadata, sql } from '@espalier/core'

/** Runs statements as they are. */
export async function runAll(db: Executor, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    try {
      await db.run(sql.statement`${sql.unsafe(statement)}`)
    } catch (error) {
      throw new Error(`${error}\nin: ${statement.slice(0, 2000)}`)
    }
  }
}

/** Creates a metadata in an empty database. */
export async function createIn(db: Executor, metadata: Metadata): Promise<void> {
  await runAll(
    db,
    createAll(metadata, db.dialect).map((statement) => statement.toSQL(db.dialect, { inline: true }).sql),
  )
}

/** A catalog as one line for each object, so that a difference is easy to read; without what is of the rows. */
export function linesOf(catalog: Catalog): string[] {
  const withoutRows = (key: string, value: unknown) =>
    key === 'rowEstimate' || key === 'bytes' ? undefined : value
  const {
    tables,
    dependencies,
    postgres,
    problems: _,
    version: __,
    ...rest
  } = JSON.parse(JSON.stringify(catalog, withoutRows)) as Catalog
  const lines = tables.flatMap(({ columns, ...table }) => {
    const name = `table ${table.schema}.${table.name}`
    const parts = Object.entries(table).flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `${name} ${key} ${JSON.stringify(one)}`),
    )
    return [...columns.map((column) => `${name} column ${JSON.stringify(column)}`), ...parts]
  })
  const lists: [string, unknown][] = [
    ...Object.entries(rest),
    ...Object.entries(postgres ?? {}),
    ['dependency', dependencies],
  ]
  const others = lists.flatMap(([key, list]) =>
    (Array.isArray(list) ? list : [list]).map((one) => `${key} ${JSON.stringify(one)}`),
  )
  return [...lines, ...others]
}

/** What one list of lines has and another has not. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const [a, b] = [new Set(before), new Set(after)]
  return [
    ...before.filter((line) => !b.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !a.has(line)).map((line) => `+ ${line}`),
  ]
}
