import { BuildError, excerpt, UnsupportedError } from '../errors.js'
import type { RowPlan } from '../types/row-plan.js'
import type { SqlType } from '../types/sql-type.js'
import type { CancelOptions } from './deadline.js'
import type { Response } from './driver.js'
import { forColumns, type Plan } from './plan.js'
import { type ChunkPage, requireStreamable, type StreamedQuery } from './stream.js'

// In every runtime, and in no library of types that all of them share.
declare class TextDecoder {
  decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string
}

/** The form in which rows are dumped: PostgreSQL's of COPY. */
export interface DumpOptions extends CancelOptions {
  /**
   * `csv` (the default): commas, with quotes where they are needed, and nothing for NULL; `text`: tabs, with `\N` for NULL,
   * as `load` sends it; `binary`: PostgreSQL's own, of which other versions may make something else, and only from there.
   */
  readonly format?: 'csv' | 'text' | 'binary' | undefined
  /** Whether the names of the columns are the first line of `csv`. Default: true. */
  readonly header?: boolean | undefined
}

/** How much is handed on at a time, in characters or bytes. */
const CHUNK = 65536

/**
 * Dumps a query: by COPY where the driver can take what that sends, else by its rows.
 * @param text A value of the driver as PostgreSQL's text; without it, it is that.
 */
export function dumpOf(
  plan: Plan,
  options: DumpOptions,
  text: ((value: unknown, type: SqlType) => string) | undefined,
  pages: (query: StreamedQuery) => AsyncIterable<Response>,
): AsyncIterable<string | Uint8Array> {
  requireStreamable(plan)
  const { format = 'csv', header = format === 'csv' } = options
  if (!['csv', 'text', 'binary'].includes(format) || (header && format !== 'csv')) {
    throw new BuildError(
      'invalid_options',
      `The format of a dump is 'csv', with or without a header, 'text' or 'binary', not ${excerpt({ format, header })}.`,
    )
  }
  const { dialect, statement } = plan
  // COPY takes no parameters.
  const copy = () => {
    const { sql } = dialect.toSQL(statement, { inline: true })
    return `copy (${sql}) to stdout with (format ${format}${header ? ', header true' : ''})`
  }
  const read = pages({
    plan: { ...plan, request: forColumns(plan.request) },
    values: undefined,
    batch: 1000,
    options,
    copy,
  })
  return format === 'binary' ? binaryOf(read) : textOf(read, plan.rows as RowPlan, format, header, text)
}

async function* textOf(
  pages: AsyncIterable<Response>,
  rows: RowPlan,
  format: 'csv' | 'text',
  header: boolean,
  text: ((value: unknown, type: SqlType) => string) | undefined,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  const field = format === 'csv' ? csvField : textField
  const separator = format === 'csv' ? ',' : '\t'
  const missing = format === 'csv' ? '' : '\\N'
  let chunk = ''
  let own = false
  const begin = (): void => {
    if (own) return
    own = true
    if (header) chunk += `${rows.columnNames.map((name) => csvField(name, false)).join(',')}\n`
  }
  let copied = false
  for await (const { chunk: bytes, rows: raw } of pages as AsyncIterable<ChunkPage>) {
    if (bytes !== undefined) {
      copied = true
      chunk += decoder.decode(bytes, { stream: true })
    } else {
      begin()
      const alone = rows.columns === 1
      for (const row of raw) {
        const fields = row.map((value, i) => {
          if (value === null) return missing
          const type = rows.types[i] as SqlType
          return field(text === undefined ? String(value) : text(value, type), alone)
        })
        chunk += `${fields.join(separator)}\n`
      }
    }
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  if (!copied) begin()
  if (chunk !== '') yield chunk
}

async function* binaryOf(pages: AsyncIterable<Response>): AsyncGenerator<Uint8Array, void> {
  let parts: Uint8Array[] = []
  let size = 0
  const take = (): Uint8Array => {
    const whole = new Uint8Array(size)
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    parts = []
    size = 0
    return whole
  }
  for await (const { chunk } of pages as AsyncIterable<ChunkPage>) {
    if (chunk === undefined) throw noBinary()
    parts.push(chunk)
    size += chunk.length
    if (size >= CHUNK) yield take()
  }
  if (size > 0) yield take()
}

function noBinary(): UnsupportedError {
  return new UnsupportedError(
    'unsupported',
    "A dump in binary is PostgreSQL's own, over a driver that reads COPY. Use the format 'csv' or 'text'.",
  )
}

/** An empty text has quotes, since without them it would be NULL; a lone `\.` would end the input of psql. */
function csvField(text: string, alone: boolean): string {
  if (text !== '' && !/[",\r\n]/.test(text) && !(alone && text === '\\.')) return text
  return `"${text.replaceAll('"', '""')}"`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

// https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
function textField(text: string): string {
  return text.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] as string)
}
