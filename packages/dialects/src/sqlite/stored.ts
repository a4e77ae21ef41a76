import {
  type AliasNode,
  type ColumnNode,
  type Compiler,
  ExpressionNode,
  type Fields,
  type Node,
  type QueryNode,
  quoteIdentifier,
  SelectionNode,
  type SourceNode,
  type SqlType,
  type StoredBooleans,
  storedInSqlite,
  UnsupportedError,
  type WrittenNode,
} from '@espalier/core'
import { unnestOf } from './unnest.js'

/*
 * Columns that SQLite has in another form than Espalier's own, as a program states it: times as numbers, truth as letters.
 * Wherever such a column stands, it is written as what all other SQL has; beside values it is compared as it is stored,
 * so that an index serves; and what is assigned to it is brought into its form.
 */

/** A form in which values are stored. */
interface Storage {
  /** The type of the column. */
  readonly ddl: string
  /** What is stored for a value. */
  readonly encode: (value: unknown) => string | number
  /** The form of values beside such a column, where they may be finer than what is stored. */
  readonly compared?: string
  /** The SQL around a stored value that makes it what all other SQL has. What is none stays, to be refused when it is read. */
  readonly plain: (type: SqlType) => readonly string[]
  /** The SQL around a value that makes it what is stored. */
  readonly stored: readonly [before: string, after: string]
}

const time = (value: unknown) => (value as Date).getTime()
const datetime = (value: unknown) => (value as Date).toISOString().slice(0, -1).replace('T', ' ')

/** How a time is read by SQLite's function; in the place of `{}` is the column. */
function read(argument: string): Storage['plain'] {
  return (type) => {
    const { family } = storedInSqlite(type)
    const format = `'%Y-%m-%dT%H:%M:%f${family === 'timestamptz' ? 'Z' : ''}'`
    return `coalesce(strftime(${format}, ${argument}), {})`.split('{}')
  }
}

const unixSeconds: Storage = {
  ddl: 'integer',
  encode: (value) => Math.floor(time(value) / 1000),
  compared: 'fractions of unix seconds',
  plain: read("{}, 'unixepoch'"),
  stored: ['unixepoch(', ')'],
}
const datetimeText: Storage = {
  ddl: 'text',
  encode: (value) => datetime(value).slice(0, 19),
  compared: 'fractions of datetime',
  plain: read('{}'),
  stored: ['datetime(', ')'],
}

/** https://sqlite.org/lang_datefunc.html */
const times: Readonly<Record<string, Storage>> = {
  'unix seconds': unixSeconds,
  [unixSeconds.compared as string]: { ...unixSeconds, encode: (value) => time(value) / 1000 },
  'unix milliseconds': {
    ddl: 'integer',
    encode: time,
    plain: read("{} / 1000.0, 'unixepoch'"),
    stored: ['cast(round(unixepoch(', ", 'subsec') * 1000) as integer)"],
  },
  'julian day': {
    ddl: 'real',
    // As SQLite computes it, from the milliseconds between the Julian day 0 and 1970.
    encode: (value) => (time(value) + 210866760000000) / 86400000,
    plain: read('{}'),
    stored: ['julianday(', ')'],
  },
  datetime: datetimeText,
  [datetimeText.compared as string]: {
    ...datetimeText,
    encode: (value) => datetime(value).replace('.000', ''),
  },
}

function booleans({ true: yes, false: no }: StoredBooleans): Storage {
  const literal = (value: string | number) =>
    typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
  return {
    ddl: typeof yes === 'number' ? 'integer' : 'text',
    encode: (value) => (value === true ? yes : no),
    plain: () => ['case ', ` when ${literal(yes)} then 1 when ${literal(no)} then 0 else `, ' end'],
    stored: ['case ', ` when 1 then ${literal(yes)} when 0 then ${literal(no)} end`],
  }
}

/** The form in which the values of a type are stored, if it is another than Espalier's own. */
export function storageOf(type: SqlType): Storage | undefined {
  const { storage } = type
  if (storage === undefined) return undefined
  if (typeof storage !== 'string') return booleans(storage)
  if (Object.hasOwn(times, storage)) return times[storage]
  throw new UnsupportedError('unsupported_type', `SQLite stores no ${type.name} as '${storage}'.`)
}

/** The type as it is everywhere but in its column. */
export function plainType(type: SqlType): SqlType {
  return { ...type, storage: undefined }
}

/** The type that a value has beside a column of a form. */
export function comparedType(type: SqlType): SqlType {
  return { ...type, storage: storageOf(type)?.compared ?? type.storage }
}

/** Whether an expression is a column of a table that is stored in a form of its own; those of subqueries are not. */
export function isStored(node: Node): node is ColumnNode {
  if (node.kind !== 'column') return false
  const { type, source } = node as ColumnNode
  return type.storage !== undefined && isOfTable(source)
}

/** Whether a source is a table, under whichever name. */
export function isOfTable(source: SourceNode): boolean {
  if (source.kind === 'alias') return isOfTable((source as AliasNode).source)
  return source.kind === 'table' || source.kind === 'excluded' || source.kind === 'only'
}

/** Whether a column in a form of its own can be compared with something as it is stored. */
export function meetsStored(column: ExpressionNode, other: ExpressionNode): boolean {
  if (!isStored(column) || other.type.name !== column.type.name) return false
  if (other.kind === 'parameter' || other.kind === 'namedParameter') return true
  return isStored(other) && JSON.stringify(other.type.storage) === JSON.stringify(column.type.storage)
}

/** Whether an expression is a column that is not written as itself. */
function isWrittenOtherwise(node: Node): node is ColumnNode {
  if (isStored(node)) return true
  return node.kind === 'column' && unnestOf((node as ColumnNode).source) !== undefined
}

/** A selection whose columns have labels where they are not written as themselves. */
function withLabels(selection: SelectionNode): SelectionNode {
  const { outputs, labels, shape } = selection
  const written = outputs.map((output) => (isWrittenOtherwise(output) ? new PlainColumnNode(output) : output))
  return new SelectionNode(written, labels, shape)
}

/** A statement with another selection, if that of its own needs labels. */
export function selecting<T extends { readonly selection: SelectionNode | undefined }>(statement: T): T {
  const { selection } = statement
  if (selection === undefined || !selection.outputs.some(isWrittenOtherwise)) return statement
  const copy = Object.assign(Object.create(Object.getPrototypeOf(statement)), statement)
  return Object.assign(copy, { selection: withLabels(selection) })
}

class PlainColumnNode extends ExpressionNode {
  static readonly fields: Fields<PlainColumnNode> = { column: 'child' }
  constructor(readonly column: ColumnNode) {
    super('plainColumn')
  }
  get type(): SqlType {
    return this.column.type
  }
  override write(to: Compiler): void {
    to.visit(this.column)
  }
}

/** The rows of a query as they are stored in columns of which some are of a form of their own. */
export function storedRows(query: QueryNode, columns: readonly ColumnNode[]): WrittenNode {
  return {
    kind: 'storedRows',
    write: (to) => {
      to.text('select ')
      columns.forEach(({ type }, i) => {
        if (i > 0) to.text(', ')
        const [before, after] = storageOf(type)?.stored ?? ['', '']
        to.text(before + quoteIdentifier(query.selection.labels[i] as string) + after)
      })
      to.text(' from (')
      to.visit(query)
      to.text(') where true')
    },
  }
}
