import { UnsupportedError } from '../errors.js'
import type { Driver, Response } from './driver.js'

/** What came back of one statement: its rows, or these with what else is known. */
export type QueryAnswer = Response['rows'] | Pick<Response, 'rows' | 'affected' | 'columnTypes'>

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
  return {
    async execute({ sql, params }) {
      const answer = await query(sql, params)
      return 'rows' in answer ? answer : { rows: answer, affected: answer.length }
    },
    acquire: async (purpose = 'session') => {
      throw new UnsupportedError(
        'unsupported',
        `A ${purpose} needs a connection of its own, and this database runs single statements, each by itself. Put what ` +
          'belongs together into one statement (common table expressions that write, on PostgreSQL), or use a driver with connections.',
      )
    },
    close: async () => undefined,
  }
}
