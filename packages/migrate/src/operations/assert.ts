import { excerpt, type Statement } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { isStatement } from './execute.js'
import type { Operation } from './operation.js'

/** A query with one value that is true, false or null, in one row. */
export type Assertion = Statement<boolean | null | Readonly<Record<string, boolean | null>>, never>

/**
 * Stops the revision unless a query says true: nothing of it is kept then. The query has one value in one row.
 *
 * Undone, nothing is asked, unless `reverse` says what has to be true then. No script of SQL can contain it.
 * @example
 * ```ts
 * assert(select(not(exists(select(users.id).from(users).where(users.email.eq(''))))), 'every user has an email')
 * ```
 */
export function assert(
  query: Assertion,
  message: string,
  options: { readonly reverse?: Assertion } = {},
): Operation {
  if (!isStatement(query) || typeof message !== 'string' || message === '') {
    throw new MigrationError(
      'invalid_operation',
      `assert takes a query with one value, and what has to be true: assert(select(…), 'every user has an email'), not ${excerpt(query)}.`,
    )
  }
  const { reverse } = options
  return {
    kind: 'assert',
    description: `assert that ${message}`,
    statements: () => [],
    async run(tx) {
      const value: unknown = await tx.scalar(query as never)
      if (value === true) return
      throw new MigrationError(
        'assertion_failed',
        `It is not so that ${message}: the query says ${excerpt(value)}.`,
      )
    },
    reverse: () =>
      reverse === undefined
        ? {
            kind: 'nothing',
            description: 'nothing to assert',
            statements: () => [],
            reverse: () => assert(query, message),
          }
        : assert(reverse, message, { reverse: query }),
    call: ['assert', query, message, ...(reverse === undefined ? [] : [options])],
  }
}
