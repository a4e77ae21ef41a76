import {
  type Compiler,
  type NestNode,
  nestedRow,
  readQuery,
  type SqlType,
  storedInSqlite,
} from '@espalier/core'

/** Over no rows, the array is empty by itself. */
export function writeNest(node: NestNode, to: Compiler): void {
  const rows = `json_group_array(${nestedRow(node, 'json_array', inJson)})`
  to.text(node.isOne ? `(select nullif(${rows}, '[]') from (` : `(select ${rows} from (`)
  to.nested(readQuery(node.query, to))
  to.text('))')
}

/** A value as JSON holds it without loss; a document stays the text that it is stored as. */
function inJson(column: string, type: SqlType): string {
  switch (storedInSqlite(type).name) {
    case 'bigint':
      return `cast(${column} as text)`
    case 'bytes':
      return `case when ${column} is not null then hex(${column}) end`
    // What SQLite knows to be JSON would not come as the text that it is.
    case 'array':
      return `${column} || ''`
    case 'nested json':
      return `json(${column})`
    case 'unknown':
      return (
        `json(case typeof(${column}) when 'null' then null when 'blob' then json_array('blob', hex(${column})) ` +
        `when 'integer' then json_array('integer', cast(${column} as text)) else json_array('', ${column}) end)`
      )
    default:
      return column
  }
}
