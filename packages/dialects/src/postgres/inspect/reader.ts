import {
  array,
  type CatalogKind,
  type CatalogProblem,
  type CatalogReference,
  type InspectOptions,
  literal,
  oid,
  type Statement,
  type Transaction,
} from '@espalier/core'
import { ObjectFilter } from './filter.js'

/** What the database refuses to who asks. */
export class Refused extends Error {}

/**
 * Asks the catalog of one database, of a version, and keeps what could not be read. A refusal spoils a transaction, so a
 * reader that is careful asks each query in a savepoint of its own; one that is not throws {@link Refused}.
 */
export class CatalogReader {
  readonly problems: CatalogProblem[] = []
  readonly filter: ObjectFilter
  private before: Promise<unknown> = Promise.resolve()
  constructor(
    private readonly tx: Transaction,
    /** The major version: 18. */
    readonly version: number,
    readonly options: InspectOptions,
    private readonly isCareful: boolean,
  ) {
    this.filter = new ObjectFilter(options)
  }

  /** The rows of a query about objects of a kind; without that kind among those that are meant, none. */
  async ask<R>(kind: CatalogKind, query: () => Statement<R, never>): Promise<readonly R[]> {
    return this.filter.has(kind) ? this.rows(kind, query) : []
  }

  /** The rows of a query about what belongs to objects. */
  rows<R>(kind: CatalogKind, query: () => Statement<R, never>): Promise<readonly R[]> {
    if (!this.isCareful) {
      return this.tx.all(query()).catch((error) => {
        throw isRefusal(error) ? new Refused(error.message) : error
      })
    }
    // Savepoints are one within another, so there is one at a time.
    const rows = this.before.then(() => this.tx.transaction((savepoint) => savepoint.all(query())))
    this.before = rows.catch(() => undefined)
    return rows.catch((error) => {
      if (!isRefusal(error)) throw error
      // The statement stands below what the database says.
      this.problem({ kind, name: '*' }, `Not read: ${error.message.split('\n')[0]}`)
      return []
    })
  }

  problem(object: CatalogReference, message: string): void {
    this.problems.push({ object, message })
  }

  /** A text that the database makes of an object, and does not where the object is gone in the meantime. */
  definition(text: string | null, object: CatalogReference, what = 'definition'): string {
    if (text === null)
      this.problem(object, `The database does not say its ${what}: it may be dropped just now.`)
    return text ?? ''
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: insufficient_privilege */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'databaseCode' in error && error.databaseCode === '42501'
}

/** Numbers of objects as one parameter. */
export function ids(rows: readonly { readonly id: number }[]) {
  return literal(
    rows.map(({ id }) => id),
    array(oid().notNull()),
  )
}
