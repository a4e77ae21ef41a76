import { ExecutionError, UnsupportedError } from '../errors.js'
import type { Driver, Response } from './driver.js'

/** What came back of one statement: its rows, or these with what else is known. */
export type QueryAnswer =
  | Response['rows']
  | (Pick<Response, 'rows'> & Partial<Pick<Response, 'affected' | 'columnTypes'>>)

/**
 * Runs one statement by itself: its text, and its parameters as the dialect encodes them. Each row is an array of values in
 * the order of the columns, each as the backend decodes it: on PostgreSQL its text, on SQLite the value itself.
 */
export type QueryFunction = (sql: string, params: readonly unknown[]) => Promise<QueryAnswer>

/**
 * A driver over one function, such as one that sends statements to a proxy by HTTP. Statements run by themselves: what needs a
 * connection (transactions, sessions, streams, loads) is refused by an `UnsupportedError`. Without `affected` in the answer,
 * a statement has affected as many rows as it returned.
 * @example
 * ```ts
 * const inner = sqlite(':memory:')
 * const driver = queryDriver(async (sql, params) => [[sql, params.length]])
 * const remote = createDatabase({ dialect: inner.dialect, backend: inner.backend, driver })
 * await remote.all(sql.query({ text: text(), parameters: integer() })`select ${5}`) // [{ text: 'select ?', parameters: 1 }]
 * ```
 */
export function queryDriver(query: QueryFunction): Driver {
  let closed = false
  const refuseClosed = (): void => {
    if (closed) throw new ExecutionError('closed', 'This database handle is closed; open another.')
  }
  return {
    async execute({ sql, params }) {
      refuseClosed()
      const answer: unknown = await query(sql, params)
      const response = (Array.isArray(answer) ? { rows: answer } : answer) as Partial<Response> | null
      const { rows } = response ?? {}
      if (!Array.isArray(rows) || (rows.length > 0 && !Array.isArray(rows[0]))) {
        throw new ExecutionError(
          'invalid_answer',
          'The function of queryDriver(…) gives rows, each an array of values, or { rows, affected }. It has given ' +
            `${Array.isArray(rows) ? `rows, of which the first is ${typeof rows[0]}` : `no rows but ${typeof answer}`}.`,
          { sql },
        )
      }
      return { ...response, rows, affected: response?.affected ?? rows.length }
    },
    acquire: async (purpose = 'session') => {
      refuseClosed()
      throw new UnsupportedError(
        'unsupported',
        `A ${purpose} needs a connection of its own, and this database runs single statements, each by itself. Put what ` +
          'belongs together into one statement (common table expressions that write, on PostgreSQL), or use a driver with connections.',
      )
    },
    close: async () => {
      closed = true
    },
  }
}
