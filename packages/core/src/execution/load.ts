import type { Dialect } from '../compiler/dialect.js'
import { BuildError, excerpt, isEspalierError, ValueError } from '../errors.js'
import { describe, isExpression, ownCopy } from '../expression/node.js'
import type { ColumnNode, SourceInfo } from '../expression/source.js'
import type { TableNode } from '../schema/definition.js'
import { InsertNode } from '../statement/insert.js'
import { columnsOf, ValuesNode } from '../statement/insert-rows.js'
import { isOwn, type RowColumns, requireTable } from '../statement/target.js'
import { type Codec, codecOf } from '../types/codec.js'
import type { CopyFormat } from './backend.js'
import type { CancelOptions, Deadline } from './deadline.js'
import type { Request, Response, Session } from './driver.js'

/** How far a load is. */
export interface LoadProgress {
  /** Rows sent so far. */
  readonly rows: number
}

/** How rows are loaded, and when that is given up. */
export interface LoadOptions extends CancelOptions {
  /** Called now and then while rows are sent, and once at the end. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
}

/** Rows to load: any iterable, also an asynchronous one, which is read no faster than the database takes them. */
export type RowSource<R> = Iterable<R> | AsyncIterable<R>

/** How a load reaches its connection; the same as of a {@link Session}. */
interface Sender {
  execute(request: Request): Promise<Response>
  readonly copyIn: Session['copyIn'] | undefined
  /** When the load is given up, also where it waits for a row. */
  readonly deadline: Deadline | undefined
}

/** Sends rows on a connection, in the transaction that is open there: by COPY where there is such, else in batches. */
export async function loadRows(
  dialect: Dialect,
  copy: CopyFormat | undefined,
  session: Sender,
  table: unknown,
  rows: RowSource<unknown>,
  options: LoadOptions,
): Promise<number> {
  const reader = new RowEncoder(requireTable('load(…)', table), dialect)
  const { onProgress } = options
  const iterator = iteratorOf(rows)
  try {
    const first = session.copyIn !== undefined && copy !== undefined ? await iterator.next() : undefined
    if (first !== undefined && first.done !== true) reader.begin(first.value)
    // A COPY has values alone, and no SQL around them.
    if (session.copyIn !== undefined && copy !== undefined && first !== undefined && !reader.wraps) {
      if (first.done !== true) {
        const table = reader.table.node as TableNode
        const statement = copy.statement(dialect.tableOf?.(table) ?? table, reader.columns)
        await session.copyIn(statement, copyChunks(reader, copy.field, first.value, iterator, onProgress))
      }
    } else {
      const send = async (request: Request): Promise<void> => {
        await session.execute(request)
        onProgress?.({ rows: reader.count })
      }
      for (let read: IteratorResult<unknown> | undefined = first; ; read = undefined) {
        const next = read ?? nextOf(iterator, session.deadline)
        const { value, done } = isPromise(next) ? await next : next
        if (done === true) break
        const request = reader.add(value)
        if (request !== undefined) await send(request)
      }
      const rest = reader.rest()
      if (rest !== undefined) await send(rest)
    }
  } catch (error) {
    void abandon(iterator)
    throw error
  }
  onProgress?.({ rows: reader.count })
  return reader.count
}

/** {@link loadRows} on a database that answers at once. */
export function loadRowsSync(
  dialect: Dialect,
  execute: (request: Request) => Response,
  table: unknown,
  rows: Iterable<unknown>,
  options: LoadOptions,
): number {
  const reader = new RowEncoder(requireTable('load(…)', table), dialect)
  if (typeof rows !== 'object' || rows === null || !(Symbol.iterator in rows)) throw noRows(rows)
  for (const row of rows) {
    const request = reader.add(row)
    if (request === undefined) continue
    execute(request)
    options.onProgress?.({ rows: reader.count })
  }
  const rest = reader.rest()
  if (rest !== undefined) execute(rest)
  options.onProgress?.({ rows: reader.count })
  return reader.count
}

/** What goes through a source of rows, with promises where they come later. */
export interface RowIterator {
  next(): IteratorResult<unknown> | PromiseLike<IteratorResult<unknown>>
  return?(): unknown
}

/**
 * Rows are awaited only where they are asynchronous: an await takes 0.1 µs, for every row. Asked by `then`,
 * since a stream of Node has promises of another realm where tests run in one of their own.
 */
function isPromise(
  next: IteratorResult<unknown> | PromiseLike<IteratorResult<unknown>>,
): next is PromiseLike<IteratorResult<unknown>> {
  return 'then' in next
}

/** The next of a source of rows, for which nobody waits when the time is over. */
export function nextOf(
  iterator: RowIterator,
  deadline: Deadline | undefined,
): IteratorResult<unknown> | PromiseLike<IteratorResult<unknown>> {
  const next = iterator.next()
  if (deadline === undefined || !isPromise(next)) return next
  return deadline.waitFor(Promise.resolve(next), () => undefined)
}

/** Lets the source of the rows close its files. It is not waited for: a row that never comes would hold it up. */
export async function abandon(iterator: RowIterator): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // The error that ended the load is the one to report.
  }
}

/** Goes through a source of rows. */
export function iteratorOf(rows: RowSource<unknown>): RowIterator {
  if (typeof rows === 'object' && rows !== null) {
    if (Symbol.iterator in rows) return rows[Symbol.iterator]()
    if (Symbol.asyncIterator in rows) return rows[Symbol.asyncIterator]()
  }
  throw noRows(rows)
}

function noRows(rows: unknown): BuildError {
  return new BuildError('invalid_rows', `load takes an iterable of rows, not ${excerpt(rows)}.`)
}

const CHUNK = 65536

async function* copyChunks(
  reader: RowEncoder,
  field: (encoded: unknown) => string,
  first: unknown,
  rest: RowIterator,
  onProgress: LoadOptions['onProgress'],
): AsyncGenerator<string, void, undefined> {
  let chunk = reader.copyLine(first, field)
  for (;;) {
    const next = rest.next()
    const { value, done } = isPromise(next) ? await next : next
    if (done === true) break
    chunk += reader.copyLine(value, field)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
    onProgress?.({ rows: reader.count })
  }
  yield chunk
}

/** Rows of a batch; more make the text longer than the saving of a statement is worth. */
const BATCH = 100

/** Checks and encodes rows, which must all have the keys of the first. */
class RowEncoder {
  count = 0
  private shape: RowColumns | undefined
  private codecs: readonly Codec[] = []
  private batchSize = BATCH
  private pending: unknown[] = []
  private waiting = 0

  constructor(
    readonly table: SourceInfo,
    private readonly dialect: Dialect,
  ) {}

  get columns(): readonly ColumnNode[] {
    return this.shape?.list.columns ?? []
  }

  /** Whether some column has SQL around its values. */
  get wraps(): boolean {
    return this.codecs.some(({ wrap }) => wrap !== undefined)
  }

  begin(first: unknown): RowColumns {
    const shape = columnsOf(this.table, first)
    this.shape = shape
    this.codecs = shape.list.columns.map(({ type }) => codecOf(this.dialect, type) as Codec)
    this.batchSize = Math.max(1, Math.min(BATCH, Math.floor(this.dialect.maxParameters / shape.keys.length)))
    return shape
  }

  /** Adds a row to the batch; the request that inserts the batch, once it is full. */
  add(row: unknown): Request | undefined {
    const { keys, list } = this.shape ?? this.begin(row)
    const values = this.open(row)
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      const value = values[key]
      this.checkValue(value, values, key)
      this.pending.push(ownCopy(value, (list.columns[i] as ColumnNode).type))
    }
    this.waiting++
    return this.waiting === this.batchSize ? this.rest() : undefined
  }

  /** The request that inserts what is left of the batch. */
  rest(): Request | undefined {
    const { shape, pending, waiting } = this
    if (shape === undefined || waiting === 0) return undefined
    this.pending = []
    this.waiting = 0
    const rows = new ValuesNode(pending, waiting)
    const node = new InsertNode(this.table.node as TableNode, shape.list, rows, [], undefined, undefined)
    const { sql, params } = this.dialect.compile(node)
    return { sql, params, exactIntegers: false }
  }

  /** One row as a line of COPY. */
  copyLine(row: unknown, field: (encoded: unknown) => string): string {
    const values = this.open(row)
    const { codecs, columns } = this
    const { keys } = this.shape as RowColumns
    let line = ''
    let i = 0
    try {
      for (; i < keys.length; i++) {
        const key = keys[i] as string
        const value = values[key]
        if (i > 0) line += '\t'
        if (value === null) line += '\\N'
        else {
          this.checkValue(value, values, key)
          line += field((codecs[i] as Codec).encode(value, (columns[i] as ColumnNode).type))
        }
      }
    } catch (error) {
      throw isEspalierError(error) && error.name === 'ValueError'
        ? new ValueError(
            error.code,
            `Row ${this.count}, ${describe(columns[i] as ColumnNode)}: ${error.message}`,
          )
        : error
    }
    return `${line}\n`
  }

  /** A row as its values, with neither more keys nor fewer than the first. */
  private open(row: unknown): Readonly<Record<string, unknown>> {
    this.count++
    if (typeof row !== 'object' || row === null) {
      throw new BuildError(
        'invalid_row',
        `Row ${this.count} for '${this.table.node.name}' is ${excerpt(row)}, not an object.`,
      )
    }
    const values = row as Readonly<Record<string, unknown>>
    const { keys } = this.shape as RowColumns
    let own = 0
    let inOrder = true
    for (const key in values) if (isOwn.call(values, key) && key !== keys[own++]) inOrder = false
    const has = (key: string) => isOwn.call(values, key)
    if (own === keys.length && (inOrder || keys.every(has))) return values
    throw this.refuse(
      values,
      keys,
      keys.find((key) => !has(key)),
    )
  }

  private checkValue(value: unknown, values: Readonly<Record<string, unknown>>, key: string): void {
    if (value === undefined) throw this.refuse(values, (this.shape as RowColumns).keys, key)
    if (typeof value === 'object' && value !== null && isExpression(value)) {
      throw new BuildError(
        'invalid_row',
        `Row ${this.count}, ${key}: load takes values; for expressions use insert(…).values(…).`,
      )
    }
  }

  private refuse(values: object, keys: readonly string[], missing: string | undefined): BuildError {
    const extra = Object.keys(values).filter((key) => !keys.includes(key))
    const what = missing === undefined ? `has also ${extra.join(', ')}` : `has no value for ${missing}`
    return new BuildError(
      'uneven_rows',
      `Row ${this.count} for '${this.table.node.name}' ${what}. Every row must have the keys of the first (${keys.join(', ')}); ` +
        'write null for NULL.',
    )
  }
}
