import type { SqlType } from './sql-type.js'

/** Whether two types of nested rows are read alike: by the same keys, of the same types, in the same order. */
export function sameRows(left: SqlType, right: SqlType): boolean {
  return JSON.stringify(left.rows) === JSON.stringify(right.rows)
}
